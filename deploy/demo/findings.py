"""Tables of a replay under rules: routes, refusals, agreements, proposals with evidence."""

from collections import Counter, defaultdict
from decimal import Decimal

from deploy.demo.journal import Journal
from deploy.demo.ledger import net_of
from deploy.demo.statements import Statements
from deploy.demo.tables import Cell, Table


def tables(journal: Journal, said: Statements) -> list[Table]:
    """All that have something to say."""
    found = [
        _routes(journal),
        _refusals(journal),
        _not_placed(journal),
        _agreements(said),
        _proposals(said),
    ]
    return [table for table in found if table.rows]


def _routes(journal: Journal) -> Table:
    counted: Counter[tuple[str, str]] = Counter()
    values: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in journal.submitted:
        if each.outcome:
            counted[each.kind, each.outcome] += 1
            values[each.kind, each.outcome] += each.net
    rows: list[tuple[Cell, ...]] = [
        (kind, route, count, values[kind, route])
        for (kind, route), count in sorted(counted.items())
    ]
    return Table("Routes", ("kind", "route", "orders", "EUR net"), rows)


def _refusals(journal: Journal) -> Table:
    counted = Counter(code for each in journal.turned_down for code in each.codes)
    return Table("Turned down on the way", ("reason", "times"), counted.most_common())


def _not_placed(journal: Journal) -> Table:
    counted: Counter[str] = Counter()
    values: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in journal.not_placed:
        counted[each.why] += len(each.lines)
        values[each.why] += net_of(each.lines)
    rows = [(why, lines, values[why]) for why, lines in sorted(counted.items())]
    return Table("Lines that became no order", ("why", "lines", "EUR net"), rows)


def _agreements(said: Statements) -> Table:
    headings = ("agreement", "binding", "called off EUR net", "ceiling EUR net", "%")
    rows: list[tuple[Cell, ...]] = []
    for each in sorted(said.agreements, key=lambda one: one["number"]):
        whole = next(one for one in each["exhaustion"] if one["member_id"] is None)
        used, limit = Decimal(whole["used_value_net"]), Decimal(whole["limit_value_net"])
        share = (100 * used / limit).quantize(Decimal("0.1"))
        rows.append((f"{each['number']} {each['title']}", each["binding"], used, limit, share))
    return Table("Framework agreements from half time on", headings, rows)


def _proposals(said: Statements) -> Table:
    headings = (
        *("rank", "score", "what", "members", "months", "suppliers"),
        *("demand EUR net", "order lines", "reason"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            each.said["rank"],
            Decimal(each.said["score"]),
            each.said["title"],
            each.said["members"],
            f"{each.said['months']} of {each.said['months_total']}",
            each.said["suppliers"],
            Decimal(each.said["demand_net"]),
            each.lines,
            each.said["reason"],
        )
        for each in said.proposals
    ]
    return Table("Proposed core assortments", headings, rows)
