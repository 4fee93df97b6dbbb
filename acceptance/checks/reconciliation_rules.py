"""Holds a replay under rules against what the rules demand; the rest is `reconciliation`.

Pure: in data, journal and statements, out checks. Which route an order must take is worked out
here from its amount alone, where its member's rules add nothing up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from acceptance.actors.rulebook import Rulebook
from acceptance.checks.readings import AgreementReading
from acceptance.checks.reconciliation import Check
from acceptance.checks.statements import Statements
from acceptance.ledger.journal import Journal, Submitted
from acceptance.ledger.settling import SettledLine

ROUTES = ("direct", "compare", "request", "hand_over")
REFUSALS = (
    *("use_agreement", "reason_missing", "comparison_insufficient"),
    *("not_entitled", "ceiling_value"),
)
"""What must have been refused at least once; each names its way out."""


def routes(rules: Rulebook, journal: Journal, statements: Statements) -> list[Check]:
    """Did every order take the route its rules demand, and did every route and refusal occur?"""
    spot = [order for order in journal.submitted if order.kind == "spot"]
    outcomes = Counter(order.outcome for order in spot if order.outcome)
    refused = Counter(code for order in journal.turned_down for code in order.codes)
    steps = Counter(step.what for step in journal.steps)
    results = sum(order.kind == "award_result" for order in journal.ordered)
    section = "Routes"
    return [
        *(
            Check(
                section,
                f"{route}, as announced",
                outcomes[route],
                statements.announced.routes[route],
            )
            for route in ROUTES
        ),
        Check(section, "routes that never occurred", "", _missing(ROUTES, outcomes)),
        Check(section, "refusals that never occurred", "", _missing(REFUSALS, refused)),
        Check(section, "orders on another route than their amount", 0, _astray(rules, journal)),
        Check(section, "handed over and returned", steps["handed_over"], steps["awarded"]),
        Check(section, "results placed as orders", steps["awarded"], results),
    ]


def ceilings(journal: Journal, lines: Sequence[SettledLine], statements: Statements) -> list[Check]:
    """Is what the agreements count what was called off, and no ceiling ever passed?"""
    agreement_of = {order.order_id: order.agreement_id for order in journal.ordered}
    called: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if agreement_of[line.order_id]:
            called[agreement_of[line.order_id]] += line.amounts.demand
    section = "Agreements"
    checks = [
        Check(
            section,
            "agreements with something called off",
            sum(net > 0 for net in called.values()),
            _used(statements.agreements),
        ),
        Check(
            section,
            "ceilings passed",
            0,
            sum(
                ceiling.passed
                for agreement in statements.agreements
                for ceiling in agreement.exhaustion
            ),
        ),
    ]
    for agreement in statements.agreements:
        name, used = f"{agreement.number} called off", agreement.whole.used_value_net
        checks.append(Check(section, name, called[agreement.agreement_id], used))
    return checks


def evidence(statements: Statements) -> list[Check]:
    """Do the lines behind each proposal add up to the demand it names?"""
    wrong = sum(
        (proposal.lines, proposal.lines_net) != (proposal.answer.lines, proposal.answer.demand_net)
        for proposal in statements.proposals
    )
    return [Check("Proposals", "proposals whose order lines do not add up", 0, wrong)]


def _astray(rules: Rulebook, journal: Journal) -> int:
    released = {step.order_id for step in journal.steps if step.what == "released"}
    return sum(
        _wrong(rules, order)
        for order in journal.submitted
        if order.kind == "spot" and order.outcome and order.order_id not in released
    )


def _wrong(rules: Rulebook, order: Submitted) -> bool:
    demanded, taken = rules.route_by_amount(order.net), order.outcome
    if order.member in rules.by_order:
        return taken != demanded
    # Added to a year's orders it may be more than its amount alone demands, never less.
    return ROUTES.index(taken) < ROUTES.index(demanded)


def _missing(wanted: Iterable[str], counts: Mapping[str, int]) -> str:
    return ", ".join(name for name in wanted if not counts.get(name))


def _used(agreements: Iterable[AgreementReading]) -> int:
    return sum(
        any(ceiling.used_value_net for ceiling in agreement.exhaustion) for agreement in agreements
    )
