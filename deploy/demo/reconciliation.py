"""Holds the data, the journal and the services' statements against each other, to the cent.

Pure: in journal and statements, out checks. Nothing the services say counts as proof of itself;
each of their figures stands beside one worked out from the data or the journal.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from deploy.demo.expectations import ANSWERED, Control, expected_events
from deploy.demo.journal import Journal
from deploy.demo.ledger import (
    Amounts,
    SettledLine,
    answered_twice,
    cancelled_shares,
    net,
    net_of,
    total,
)
from deploy.demo.plans import Plan
from deploy.demo.statements import Statements

Key = TypeVar("Key", bound=Hashable)
Figure = Decimal | int | str


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures that must be equal; `expected` comes from the data or the journal."""

    section: str
    name: str
    expected: Figure
    found: Figure

    @property
    def ok(self) -> bool:
        """Whether they are."""
        return self.expected == self.found


def sent(control: Control, journal: Journal) -> list[Check]:
    """Was everything in the data ordered, and nothing else?"""
    lines = [line for order in journal.ordered for line in order.lines]
    values = sum((line.line_value for line in lines), Decimal(0))
    ordered = net_of(lines)
    receipts = sum((order.net_total for order in journal.ordered), Decimal(0))
    rounded = sum(net(line.quantity, line.price) != line.line_value for line in lines)
    fanned = Counter(len(order.supplier_order_ids) for order in journal.ordered)
    section = "Sent"
    return [
        Check(section, "orders", control.orders, len(journal.ordered)),
        Check(section, "lines", control.lines, len({line.line_id for line in lines})),
        Check(section, "line values of the data", control.line_values, values),
        Check(section, "ordered, quantity x price of the lines sent", control.ordered, ordered),
        Check(section, "ordered, as the receipts say", control.ordered, receipts),
        Check(section, "difference", control.ordered - control.line_values, receipts - values),
        Check(section, "lines with a difference", control.rounding_rows, rounded),
        Check(
            section,
            "lines with price 0",
            control.zero_prices,
            sum(line.price == 0 for line in lines),
        ),
        Check(
            section,
            "orders by number of suppliers",
            _histogram(control.suppliers_per_order),
            _histogram(fanned),
        ),
    ]


def answered(
    control: Control, journal: Journal, lines: Sequence[SettledLine], said: Statements
) -> list[Check]:
    """Is every line answered or taken back, and does orders say the same of each?"""
    sums = total(line.amounts for line in lines)
    of_orders = total(said.order_lines.values())
    mine = {(line.order_id, line.line_no): line.amounts for line in lines}
    parts = sums.accepted + sums.refused + sums.cancelled + sums.reduced
    section = "Answered"
    back = "refused + reduced = returns in the data"
    returns = (
        []
        if control.taken_back is None
        else [Check(section, back, control.taken_back, sums.refused + sums.reduced)]
    )
    return [
        *returns,
        Check(section, "lines without an end", 0, sum(not line.settled for line in lines)),
        Check(section, "lines answered twice", 0, answered_twice(journal)),
        Check(section, "accepted + refused + cancelled + reduced", sums.ordered, parts),
        *_same(section, "orders", sums, of_orders),
        Check(section, "lines orders keeps otherwise", 0, _different(mine, said.order_lines)),
    ]


def delivered(journal: Journal) -> list[Check]:
    """Did every supplier order reach its supplier once, as it was ordered, and was it answered?"""
    placed = {share for order in journal.ordered for share in order.supplier_order_ids}
    documents = [each for each in journal.fetched if each.document == "order"]
    fetched = {each.supplier_order_id for each in documents}
    cancelled = cancelled_shares(journal)
    wanted = {
        each.supplier_order_id: len(each.lines)
        for each in documents
        if each.supplier_order_id not in cancelled
    }
    for answer in journal.answered:
        if answer.supplier_order_id in wanted and not answer.refusal:
            wanted[answer.supplier_order_id] -= len(answer.words)
    complete = sum(left == 0 for left in wanted.values())
    taken_back = {each.order_id for each in journal.taken_back if each.status == "cancelled"}
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


def planned(lines: Sequence[SettledLine], said: Statements) -> list[Check]:
    """Is the demand the orders less what was refused, cancelled or cut, in every cell?"""
    sums = total(line.amounts for line in lines)
    cells: defaultdict[tuple[str, str, str], Amounts] = defaultdict(Amounts)
    for line in lines:
        cells[line.cell] += line.amounts
    section = "Demand"
    return [
        Check(section, "lines", len(lines), said.total_lines),
        *_same(section, "demand", sums, said.totals),
        Check(section, "demand = accepted", sums.accepted, said.totals.demand),
        Check(section, "cells (class x member x month)", len(cells), len(said.cells)),
        Check(section, "cells that differ", 0, _different(cells, said.cells)),
        Check(section, "cells a recount finds otherwise", 0, said.recount_differences),
    ]


def recorded(journal: Journal, plan: Plan, said: Statements) -> list[Check]:
    """Is everything announced that happened, and every announcement sealed in its chain?"""
    announced, proof = said.announced, said.verification
    chains = announced.chains.keys() | said.sealed.keys()
    wrong = sum(announced.chains[chain] != said.sealed.get(chain, 0) for chain in chains)
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


def _same(section: str, whose: str, mine: Amounts, theirs: Amounts) -> list[Check]:
    names = ("ordered", "accepted", "refused", "cancelled", "reduced")
    return [
        Check(section, f"{name}, as {whose} says", getattr(mine, name), getattr(theirs, name))
        for name in names
    ]


def _different(mine: Mapping[Key, Amounts], theirs: Mapping[Key, Amounts]) -> int:
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
        (each.order_id, line.line_no): (
            each.vendor,
            line.article_number,
            line.quantity,
            line.unit_price_net,
        )
        for each in journal.fetched
        if each.document == "order"
        for line in each.lines
    }
    return sum(sent_lines.get(key) != read.get(key) for key in sent_lines.keys() | read.keys())


def _histogram(counts: dict[int, int]) -> str:
    return ", ".join(f"{suppliers}: {counts[suppliers]}" for suppliers in sorted(counts))
