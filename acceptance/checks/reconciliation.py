"""Holds the data, the journal and the services' statements against each other, to the cent.

Pure: in journal and statements, out checks. Nothing the services say counts as proof of itself;
each of their figures stands beside one worked out from the data or the journal.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from acceptance.checks.expectations import ANSWERED, Control, expected_events
from acceptance.checks.statements import Statements
from acceptance.dataset.plans import Plan
from acceptance.ledger.journal import Journal
from acceptance.ledger.settling import (
    LineAmounts,
    SettledLine,
    answered_twice,
    cancelled_shares,
    net_of,
    total,
)

Key = TypeVar("Key", bound=Hashable)
Figure = Decimal | int | str


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures that must be equal; `expected` comes from the data or the journal."""

    section: str
    name: str
    expected: Figure
    actual: Figure

    @property
    def ok(self) -> bool:
        """Whether they are."""
        return self.expected == self.actual


def sent(control: Control, journal: Journal) -> list[Check]:
    """Is every line of the data in one order, or named among those that became none?"""
    placed = [line for order in journal.ordered for line in order.lines]
    left = [line for dropped in journal.not_placed for line in dropped.lines]
    both = [*placed, *left]
    receipts = sum((order.net_total for order in journal.ordered), Decimal(0))
    section = "Sent"
    return [
        Check(section, "lines placed or named", control.lines, len(both)),
        Check(section, "distinct lines among them", control.lines, len({e.line_id for e in both})),
        Check(
            section,
            "line values of the data",
            control.line_values,
            sum((line.line_value for line in both), Decimal(0)),
        ),
        Check(section, "placed + not placed, quantity x price", control.ordered, net_of(both)),
        Check(section, "placed, as the receipts say", net_of(placed), receipts),
    ]


def answered(
    control: Control, journal: Journal, lines: Sequence[SettledLine], statements: Statements
) -> list[Check]:
    """Is every line answered or taken back, and does orders say the same of each?"""
    sums = total(line.amounts for line in lines)
    of_orders = total(statements.order_lines.values())
    mine = {(line.order_id, line.line_no): line.amounts for line in lines}
    parts = sums.accepted + sums.refused + sums.cancelled + sums.reduced
    section = "Answered"
    return [
        *_returned(section, control, journal, sums),
        Check(section, "lines without an end", 0, sum(not line.settled for line in lines)),
        Check(section, "lines answered twice", 0, answered_twice(journal)),
        Check(section, "accepted + refused + cancelled + reduced", sums.ordered, parts),
        *_same(section, "orders", sums, of_orders),
        Check(section, "lines orders keeps otherwise", 0, _different(mine, statements.order_lines)),
    ]


def delivered(journal: Journal) -> list[Check]:
    """Did every supplier order reach its supplier once, as it was ordered, and was it answered?"""
    placed = {share for order in journal.ordered for share in order.supplier_order_ids}
    documents = [document for document in journal.fetched if document.document == "order"]
    fetched = {document.supplier_order_id for document in documents}
    cancelled = cancelled_shares(journal)
    wanted = {
        document.supplier_order_id: len(document.lines)
        for document in documents
        if document.supplier_order_id not in cancelled
    }
    for answer in journal.answered:
        if answer.supplier_order_id in wanted and not answer.refusal:
            wanted[answer.supplier_order_id] -= len(answer.words)
    complete = sum(left == 0 for left in wanted.values())
    taken_back = {
        document.order_id for document in journal.taken_back if document.status == "cancelled"
    }
    to_tell = {
        share
        for order in journal.ordered
        if order.order_id in taken_back
        for share in order.supplier_order_ids
    }
    section = "Supplier orders"
    return [
        Check(section, "delivered", len(placed), len(fetched & placed)),
        Check(section, "delivered to nobody's order", 0, len(fetched - placed)),
        Check(section, "delivered twice", 0, len(documents) - len(fetched)),
        Check(section, "lines delivered otherwise than ordered", 0, _misread(journal)),
        Check(
            section,
            "answered completely or cancelled",
            len(placed),
            complete + len(cancelled & placed),
        ),
        Check(
            section, "cancelled and their suppliers told", len(to_tell), len(to_tell & cancelled)
        ),
    ]


def planned(lines: Sequence[SettledLine], statements: Statements) -> list[Check]:
    """Is the demand the orders less what was refused, cancelled or cut, in every cell?"""
    sums = total(line.amounts for line in lines)
    cells: defaultdict[tuple[str, str, str], LineAmounts] = defaultdict(LineAmounts)
    for line in lines:
        cells[line.cell] += line.amounts
    section = "Demand"
    return [
        Check(section, "lines", len(lines), statements.total_lines),
        *_same(section, "demand", sums, statements.totals),
        Check(section, "demand = accepted", sums.accepted, statements.totals.demand),
        Check(section, "cells (class x member x month)", len(cells), len(statements.cells)),
        Check(section, "cells that differ", 0, _different(cells, statements.cells)),
        Check(section, "cells a recount finds otherwise", 0, statements.recount_differences),
    ]


def recorded(journal: Journal, plan: Plan, statements: Statements) -> list[Check]:
    """Is everything announced that happened, and every announcement sealed in its chain?"""
    announced, proof = statements.announced, statements.verification
    chains = announced.chains.keys() | statements.sealed.keys()
    wrong = sum(announced.chains[chain] != statements.sealed.get(chain, 0) for chain in chains)
    happened = expected_events(journal, plan)
    types = Counter(announced.types)
    types[ANSWERED] = types.pop("SupplierOrderAnswered", 0) + types.pop("AnswerDisregarded", 0)
    section = "Record"
    return [
        *(Check(section, f"events {kind}", count, types[kind]) for kind, count in happened.items()),
        Check(section, "records sealed = events announced", announced.total, proof.records),
        Check(section, "chains with another number of records", 0, wrong),
        Check(section, "chains verified", len(announced.chains), proof.chains),
        Check(section, "records a signed checkpoint covers", announced.total, proof.covered),
        Check(section, "findings of the verifier", 0, proof.findings),
    ]


def caught_up(statements: Statements) -> list[Check]:
    """Has every service heard and sent everything, with nothing parked?"""
    section = "Lag at the end"
    return [
        check
        for name, behind in statements.behind.items()
        for check in (
            Check(section, f"{name}: records not heard", 0, behind.unheard),
            Check(section, f"{name}: events not sent", 0, behind.unsent),
            Check(section, f"{name}: records parked", 0, behind.parked),
        )
    ]


def _returned(section: str, control: Control, journal: Journal, sums: LineAmounts) -> list[Check]:
    if control.returned is None:
        return []
    back = (
        control.returned.get(line.line_id, Decimal(0))
        for order in journal.ordered
        for line in order.lines
    )
    name = "refused + reduced = returns in the data, of lines placed"
    return [Check(section, name, sum(back, Decimal(0)), sums.refused + sums.reduced)]


def _same(section: str, whose: str, mine: LineAmounts, theirs: LineAmounts) -> list[Check]:
    names = ("ordered", "accepted", "refused", "cancelled", "reduced")
    return [
        Check(section, f"{name}, as {whose} says", getattr(mine, name), getattr(theirs, name))
        for name in names
    ]


def _different(mine: Mapping[Key, LineAmounts], theirs: Mapping[Key, LineAmounts]) -> int:
    return sum(mine.get(key) != theirs.get(key) for key in mine.keys() | theirs.keys())


def _misread(journal: Journal) -> int:
    sent_lines = {
        (order.order_id, line.line_no): (
            line.vendor,
            line.article_number,
            line.quantity,
            line.price,
        )
        for order in journal.ordered
        for line in order.lines
    }
    read = {
        (document.order_id, line.line_no): (
            document.vendor,
            line.article_number,
            line.quantity,
            line.unit_price_net,
        )
        for document in journal.fetched
        if document.document == "order"
        for line in document.lines
    }
    return sum(sent_lines.get(key) != read.get(key) for key in sent_lines.keys() | read.keys())
