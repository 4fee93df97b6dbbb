"""Every invariant is red on evidence with one thing wrong, and green on the same evidence whole."""

import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

from deploy.devstack.deployment import Deployment
from tests.failures import invariants
from tests.failures.broker import LogRecord
from tests.failures.campaign import SMALL
from tests.failures.evidence import Evidence, Letter, Sums, Tally
from tests.failures.load import Log, Placed
from tests.failures.poison import SORTS, Poison
from tests.failures.processes import PACKAGES, worker
from tests.failures.schedule import draw
from tests.failures.watch import Watch, contradicted

ORDER, SHARE, KEY = "order-1", "share-1", b"bad"
SUMS = Sums(Decimal("12.50"), Decimal("12.50"))
ORDERS = "orders.order.events.v1"


def whole() -> Evidence:
    """One order, one supplier order, one poisoned record; all as it should be."""
    poison = Poison("", random.Random(1), {(ORDERS, KEY): "bad_json"}, {KEY})
    log = Log([Placed("key-1", ORDER, [SHARE], SUMS.ordered)], {SHARE: 1})
    return Evidence(
        log,
        poison,
        Watch(None, peaks={"orders": 120.0}),
        12.0,
        records=[
            LogRecord(ORDERS, 3, ORDER.encode(), "e1", 1),
            LogRecord(ORDERS, 3, ORDER.encode(), "e2", 2),
            LogRecord(ORDERS, 3, ORDER.encode(), "e1", 1),
            LogRecord(ORDERS, 5, KEY, "", 0),
        ],
        orders={ORDER: SUMS.ordered},
        shares={SHARE: ("answered", SUMS)},
        deliveries=Counter([SHARE]),
        answers={SHARE: 1},
        lines={SHARE: SUMS},
        cells={"demand": SUMS, "group_demand": SUMS},
        filed=["e1", "e2"],
        tallies={("documentation", ORDERS): Tally(2, 1, 1, 0, 4)},
        letters=[Letter("documentation", ORDERS, KEY, "bad_json")],
    )


def test_whole_evidence_breaks_nothing():
    assert [broken for broken in invariants.violations(whole()).values() if broken] == []


PLANTS: dict[str, tuple[Callable[[Evidence], list[str]], Callable[[Evidence], object]]] = {
    "an order gone": (invariants.orders_once, lambda e: e.orders.clear()),
    "an order from nowhere": (invariants.orders_once, lambda e: e.log.placed.clear()),
    "two keys, one order": (invariants.orders_once, lambda e: e.log.placed.extend(e.log.placed)),
    "demand doubled": (
        invariants.effects_once,
        lambda e: e.cells.update(demand=Sums(SUMS.ordered * 2, SUMS.accepted)),
    ),
    "a line missing": (invariants.effects_once, lambda e: e.lines.clear()),
    "an answer not applied": (
        invariants.effects_once,
        lambda e: e.shares.update({SHARE: ("placed", SUMS)}),
    ),
    "an event not filed": (invariants.effects_once, lambda e: e.filed.pop()),
    "an event filed twice": (invariants.effects_once, lambda e: e.filed.append("e1")),
    "versions swapped": (invariants.order_per_key, lambda e: e.records.pop(0)),
    "a second partition": (
        invariants.order_per_key,
        lambda e: e.records.append(LogRecord(ORDERS, 4, ORDER.encode(), "e3", 3)),
    ),
    "a gap seen": (invariants.order_per_key, lambda e: e.gaps.append("orders: 3 after 1")),
    "a chain altered": (invariants.one_chain, lambda e: setattr(e, "verified", "seq 3")),
    "a delivery missing": (invariants.supplier_orders_once, lambda e: e.deliveries.clear()),
    "a delivery doubled": (
        invariants.supplier_orders_once,
        lambda e: e.deliveries.update([SHARE]),
    ),
    "answered twice": (
        invariants.supplier_orders_once,
        lambda e: e.answers.update({SHARE: 2}),
    ),
    "late": (invariants.at_rest_in_time, lambda e: setattr(e, "seconds_to_rest", 61.0)),
    "a record not counted": (
        invariants.all_accounted_for,
        lambda e: e.tallies.update({("documentation", ORDERS): Tally(1, 1, 1, 0, 4)}),
    ),
    "a good record parked": (
        invariants.all_accounted_for,
        lambda e: e.tallies.update({("documentation", ORDERS): Tally(1, 1, 2, 0, 4)}),
    ),
    "parked with another code": (
        invariants.quarantined,
        lambda e: e.letters.insert(0, Letter("orders", ORDERS, KEY, "handler_failed")),
    ),
    "dead while ready": (
        invariants.alive_when_ready,
        lambda e: e.watch.dead_while_ready.append("orders-worker: task consumer is dead"),
    ),
    "too much memory": (invariants.memory_bounded, lambda e: e.watch.peaks.update(orders=401.0)),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_plant_turns_its_invariant_red(plant: str):
    check, spoil = PLANTS[plant]
    evidence = whole()
    assert check(evidence) == []
    spoil(evidence)
    assert check(evidence) != []


def test_metrics_speak_against_a_ready_worker():
    alive = 'marktbund_task_alive{task="consumer"} 1.0\nmarktbund_consumer_poll_age_seconds 1.2\n'
    assert contradicted(alive) == []
    assert contradicted(alive.replace("} 1.0", "} 0.0")) == ["task consumer is dead"]
    assert contradicted(alive.replace(" 1.2", " 80.1")) == ["no poll for 80 s"]


def test_the_same_seed_draws_the_same_faults():
    assert draw(7, 200) == draw(7, 200)
    assert draw(7, 200) != draw(8, 200)


def test_a_small_campaign_has_every_kind_and_a_full_one_every_victim():
    kinds = {fault.kind for fault in draw(7, 200)}
    assert {fault.kind for fault in draw(7, SMALL.faults)} == kinds
    killed = {fault.victim for fault in draw(7, 200) if fault.kind == "kill"}
    assert killed == {*PACKAGES, *map(worker, PACKAGES)}
    assert {fault.victim for fault in draw(7, 200) if fault.kind == "poison"} == set(SORTS)


def test_a_split_deployment_has_two_programs_per_service():
    split = Deployment("one", "one_", "test", split=True)
    orders = next(service for service in split.services if service.name == "orders")
    assert split.programs(orders) == {"orders": "api", "orders-worker": "worker"}
    assert split.issuer is not None
    assert split.programs(split.issuer) == {"issuer": "all"}
