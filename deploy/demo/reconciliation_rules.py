"""Holds a replay under rules against what the rules demand; the rest is `reconciliation`.

Pure: in data, journal and statements, out checks. Which route an order must take is worked out
here from its amount alone, where its member's rules add nothing up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from deploy.demo.journal import Journal, Submitted
from deploy.demo.ledger import SettledLine
from deploy.demo.reconciliation import Check
from deploy.demo.rulebook import Rulebook
from deploy.demo.statements import Statements

ROUTES = ("direct", "compare", "request", "hand_over")
REFUSALS = (
    *("use_agreement", "reason_missing", "comparison_insufficient"),
    *("not_entitled", "ceiling_value"),
)
"""What must have been refused at least once; each names its way out."""


def routes(rules: Rulebook, journal: Journal, said: Statements) -> list[Check]:
    """Did every order take the route its rules demand, and did every route and refusal occur?"""
    spot = [each for each in journal.submitted if each.kind == "spot"]
    found = Counter(each.outcome for each in spot if each.outcome)
    refused = Counter(code for each in journal.turned_down for code in each.codes)
    steps = Counter(step.what for step in journal.steps)
    results = sum(order.kind == "award_result" for order in journal.ordered)
    section = "Routes"
    return [
        *(
            Check(section, f"{route}, as announced", found[route], said.announced.routes[route])
            for route in ROUTES
        ),
        Check(section, "routes that never occurred", "", _missing(ROUTES, found)),
        Check(section, "refusals that never occurred", "", _missing(REFUSALS, refused)),
        Check(section, "orders on another route than their amount", 0, _astray(rules, journal)),
        Check(section, "handed over and returned", steps["handed_over"], steps["awarded"]),
        Check(section, "results placed as orders", steps["awarded"], results),
    ]


def ceilings(journal: Journal, lines: Sequence[SettledLine], said: Statements) -> list[Check]:
    """Is what the agreements count what was called off, and no ceiling ever passed?"""
    agreement_of = {order.order_id: order.agreement_id for order in journal.ordered}
    called: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if agreement_of[line.order_id]:
            called[agreement_of[line.order_id]] += line.amounts.demand
    section = "Agreements"
    found = [
        Check(
            section,
            "agreements with something called off",
            sum(net > 0 for net in called.values()),
            _used(said.agreements),
        ),
        Check(section, "ceilings passed", 0, sum(map(_passed, _shares(said.agreements)))),
    ]
    for each in said.agreements:
        whole = next(one for one in each["exhaustion"] if one["member_id"] is None)
        name = f"{each['number']} called off"
        used = Decimal(whole["used_value_net"])
        found.append(Check(section, name, called[each["agreement_id"]], used))
    return found


def evidence(said: Statements) -> list[Check]:
    """Do the lines behind each proposal add up to the demand it names?"""
    wrong = sum(
        (each.lines, each.lines_net) != (each.said["lines"], Decimal(each.said["demand_net"]))
        for each in said.proposals
    )
    return [Check("Proposals", "proposals whose order lines do not add up", 0, wrong)]


def _astray(rules: Rulebook, journal: Journal) -> int:
    released = {step.order_id for step in journal.steps if step.what == "released"}
    return sum(
        _wrong(rules, each)
        for each in journal.submitted
        if each.kind == "spot" and each.outcome and each.order_id not in released
    )


def _wrong(rules: Rulebook, each: Submitted) -> bool:
    demanded, taken = rules.route_by_amount(each.net), each.outcome
    if each.member in rules.by_order:
        return taken != demanded
    # Added to a year's orders it may be more than its amount alone demands, never less.
    return ROUTES.index(taken) < ROUTES.index(demanded)


def _missing(wanted: Iterable[str], found: Mapping[str, int]) -> str:
    return ", ".join(each for each in wanted if not found.get(each))


def _shares(agreements: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [share for each in agreements for share in each["exhaustion"]]


def _passed(share: Mapping[str, Any]) -> bool:
    limit = share["limit_value_net"]
    return limit is not None and Decimal(share["used_value_net"]) > Decimal(limit)


def _used(agreements: Iterable[Mapping[str, Any]]) -> int:
    return sum(
        any(Decimal(share["used_value_net"]) for share in each["exhaustion"]) for each in agreements
    )
