"""What must be true at rest. Every broken promise is one sentence, the same however often asked."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.failures.evidence import Evidence, Sums
from tests.failures.rest import PROMISED
from tests.failures.watch import CEILING_MB

_OF_THE_FILE = "documentation."
"""Nobody's file holds what the file itself announces: its checkpoints, and those taken outside."""


def orders_once(evidence: Evidence) -> list[str]:
    """Every order answered 2xx exists exactly once per key, with its total; and no other does."""
    confirmed = {placed.order_id: placed.net_total for placed in evidence.log.placed}
    broken = [
        f"order {order} was accepted and is gone"
        for order in confirmed
        if order not in evidence.orders
    ]
    broken += [
        f"order {order} exists, nobody was told" for order in evidence.orders.keys() - confirmed
    ]
    broken += [
        f"order {order} has another total"
        for order in confirmed.keys() & evidence.orders.keys()
        if confirmed[order] != evidence.orders[order]
    ]
    twice = [order for order, keys in _keys(evidence).items() if keys > 1]
    return broken + [f"order {order} answers two keys" for order in twice]


def _keys(evidence: Evidence) -> Counter[str]:
    return Counter(placed.order_id for placed in evidence.log.placed)


def effects_once(evidence: Evidence) -> list[str]:
    """Each event had its effect once at each consumer: demand, answers in orders, the file."""
    broken = []
    for share, (_, sums) in evidence.shares.items():
        if evidence.lines.get(share) != sums:
            broken.append(f"tender-planning: supplier order {share} counts otherwise than ordered")
    total = _sum(evidence.lines)
    for table, cells in evidence.cells.items():
        if cells != total:
            surplus = f"{cells.ordered - total.ordered} ordered, {cells.accepted - total.accepted}"
            broken.append(f"tender-planning: {table} is off by {surplus} accepted")
    for share in evidence.log.answered:
        status, sums = evidence.shares.get(share, ("missing", Sums(Decimal(0), Decimal(0))))
        if status != "answered" or sums.accepted != sums.ordered:
            broken.append(f"orders: supplier order {share} was answered and is {status}")
    return broken + _file(evidence)


def _sum(lines: Mapping[str, Sums]) -> Sums:
    zero = Decimal(0)
    ordered = sum((sums.ordered for sums in lines.values()), zero)
    return Sums(ordered, sum((sums.accepted for sums in lines.values()), zero))


def _file(evidence: Evidence) -> list[str]:
    announced = {
        record.event_id
        for record in evidence.records
        if not record.topic.startswith(_OF_THE_FILE) and record.key not in evidence.poison.keys
    }
    filed = set(evidence.filed)
    broken = [f"documentation: event {event} was never filed" for event in announced - filed]
    broken += [f"documentation: event {event} filed from nowhere" for event in filed - announced]
    if len(filed) != len(evidence.filed):
        broken.append("documentation: an event was filed twice")
    return broken


def order_per_key(evidence: Evidence) -> list[str]:
    """Per key one partition, versions 1, 2, 3 by first delivery; no consumer saw a gap."""
    seen: set[str] = set()
    versions: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    places: dict[tuple[str, bytes], set[int]] = defaultdict(set)
    poisoned = evidence.poison.keys
    for record in evidence.records:
        if record.key in poisoned:
            continue
        places[record.topic, record.key].add(record.partition)
        if record.event_id not in seen:
            seen.add(record.event_id)
            versions[record.topic, record.key].append(record.version)
    broken = [
        f"{topic} {key.decode()}: versions {got}"
        for (topic, key), got in versions.items()
        if got != list(range(1, len(got) + 1))
    ]
    broken += [
        f"{topic} {key.decode()}: in partitions {sorted(at)}"
        for (topic, key), at in places.items()
        if len(at) > 1
    ]
    return broken + [f"gap: {gap}" for gap in evidence.gaps]


def one_chain(evidence: Evidence) -> list[str]:
    """The chains and checkpoints verify, without a fork."""
    return [f"the chain does not verify: {evidence.verified}"] if evidence.verified else []


def supplier_orders_once(evidence: Evidence) -> list[str]:
    """Each supplier order was delivered once, answered as often as its supplier was told."""
    shares = evidence.log.shares
    times = evidence.deliveries
    broken = [f"supplier order {share} was never delivered" for share in shares - times.keys()]
    broken += [f"supplier order {share} delivered {n} times" for share, n in times.items() if n > 1]
    broken += [f"supplier order {share} from nowhere" for share in times.keys() - shares]
    return broken + [
        f"supplier order {share} was answered {evidence.answers.get(share)} times"
        for share in evidence.log.answered
        if evidence.answers.get(share) != 1
    ]


def at_rest_in_time(evidence: Evidence) -> list[str]:
    """Outbox and lag were zero soon after the last fault."""
    late = evidence.seconds_to_rest > PROMISED
    return [f"at rest after {evidence.seconds_to_rest:.0f} s"] if late else []


def all_accounted_for(evidence: Evidence) -> list[str]:
    """Per consumer and topic: what became of records adds up to the records in the log."""
    broken = [
        f"{consumer} {topic}: {tally.counted - tally.in_log:+d} counted against the log"
        for (consumer, topic), tally in evidence.tallies.items()
        if tally.counted != tally.in_log
    ]
    poisoned = Counter(
        record.topic for record in evidence.records if record.key in evidence.poison.keys
    )
    return broken + [
        f"{consumer} {topic}: {tally.parked} parked, {poisoned[topic]} were poisoned"
        for (consumer, topic), tally in evidence.tallies.items()
        if tally.parked + tally.discarded != poisoned[topic]
    ]


def quarantined(evidence: Evidence) -> list[str]:
    """Each poisoned key is parked with its code, what came behind it waits, nothing else is."""
    codes: dict[tuple[str, str, bytes], list[str]] = defaultdict(list)
    for letter in evidence.letters:
        codes[letter.consumer, letter.topic, letter.key].append(letter.code)
    broken = []
    for (consumer, topic, key), got in codes.items():
        code = evidence.poison.codes.get((topic, key), "nothing")
        if got != [code, *["key_quarantined"] * (len(got) - 1)]:
            broken.append(f"{consumer} {topic} {key!r}: parked as {got}, poisoned with {code}")
    return broken


def alive_when_ready(evidence: Evidence) -> list[str]:
    """No consumer task was dead while its process said ready."""
    return sorted(set(evidence.watch.dead_while_ready))


def memory_bounded(evidence: Evidence) -> list[str]:
    """No process of a service ever held more than its ceiling."""
    return [
        f"{name} held {peak:.0f} MB"
        for name, peak in evidence.watch.peaks.items()
        if peak > CEILING_MB
    ]


INVARIANTS: dict[str, Callable[[Evidence], list[str]]] = {
    "every order answered 2xx exists exactly once per key": orders_once,
    "every event has its effect exactly once at every consumer": effects_once,
    "per key in order of aggregate_version, no gap": order_per_key,
    "the chain verifies, no fork": one_chain,
    "each supplier order is once in effect": supplier_orders_once,
    f"outbox and lag zero within {PROMISED:.0f} s after the last fault": at_rest_in_time,
    "applied + suppressed + skipped + parked + discarded = records in the log": all_accounted_for,
    "poison parks its own key and nothing else": quarantined,
    "no consumer task dead while ready": alive_when_ready,
    f"no process above {CEILING_MB:.0f} MB": memory_bounded,
}


def violations(evidence: Evidence) -> dict[str, list[str]]:
    """Invariant -> how it was broken; every invariant is named, also those that hold."""
    return {name: sorted(check(evidence)) for name, check in INVARIANTS.items()}
