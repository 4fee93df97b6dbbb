"""Tables of a replay under rules: routes, refusals, agreements, proposals with evidence."""

from collections import Counter, defaultdict
from decimal import Decimal

from acceptance.checks.statements import Statements
from acceptance.checks.tables import Cell, Table
from acceptance.ledger.journal import Journal
from acceptance.ledger.settling import net_of


def tables(journal: Journal, statements: Statements) -> list[Table]:
    """All that have something to say."""
    of_findings = [
        _routes(journal),
        _refusals(journal),
        _not_placed(journal),
        _agreements(statements),
        _proposals(statements),
    ]
    return [table for table in of_findings if table.rows]


def _routes(journal: Journal) -> Table:
    counted: Counter[tuple[str, str]] = Counter()
    values: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for order in journal.submitted:
        if order.outcome:
            counted[order.kind, order.outcome] += 1
            values[order.kind, order.outcome] += order.net
    rows: list[tuple[Cell, ...]] = [
        (kind, route, count, values[kind, route])
        for (kind, route), count in sorted(counted.items())
    ]
    return Table("Routes", ("kind", "route", "orders", "EUR net"), rows)


def _refusals(journal: Journal) -> Table:
    counted = Counter(code for refused in journal.turned_down for code in refused.codes)
    return Table("Turned down on the way", ("reason", "times"), counted.most_common())


def _not_placed(journal: Journal) -> Table:
    counted: Counter[str] = Counter()
    values: defaultdict[str, Decimal] = defaultdict(Decimal)
    for dropped in journal.not_placed:
        counted[dropped.why] += len(dropped.lines)
        values[dropped.why] += net_of(dropped.lines)
    rows = [(why, lines, values[why]) for why, lines in sorted(counted.items())]
    return Table("Lines that became no order", ("why", "lines", "EUR net"), rows)


def _agreements(statements: Statements) -> Table:
    headings = ("agreement", "binding", "called off EUR net", "ceiling EUR net", "%")
    rows: list[tuple[Cell, ...]] = []
    for agreement in sorted(statements.agreements, key=lambda agreement: agreement.number):
        used, limit = agreement.whole.used_value_net, agreement.whole.limit_value_net
        share = (100 * used / limit).quantize(Decimal("0.1")) if limit else ""
        rows.append(
            (
                f"{agreement.number} {agreement.title}",
                agreement.binding,
                used,
                "" if limit is None else limit,
                share,
            )
        )
    return Table("Framework agreements from half time on", headings, rows)


def _proposals(statements: Statements) -> Table:
    headings = (
        *("rank", "score", "what", "members", "months", "suppliers"),
        *("demand EUR net", "order lines", "reason"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            proposal.answer.rank,
            proposal.answer.score,
            proposal.answer.title,
            proposal.answer.members,
            f"{proposal.answer.months} of {proposal.answer.months_total}",
            proposal.answer.suppliers,
            proposal.answer.demand_net,
            proposal.lines,
            proposal.answer.reason,
        )
        for proposal in statements.proposals
    ]
    return Table("Proposed core assortments", headings, rows)
