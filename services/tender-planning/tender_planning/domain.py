"""The rules of demand: what a line adds to its cells, and what an answer takes away again.

All amounts are net EUR. Demand of a cell = ordered - refused - cancelled - reduced; it belongs to
the month the order was placed in, whenever the answer comes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from marktbund.clock import business_month
from marktbund.contracts.orders import (
    AnsweredLine,
    OrderLine,
    SupplierOrderAnswered,
    SupplierOrderCancelled,
    SupplierOrderPlaced,
)

UNCLASSIFIED = "00000000"
"""The class of lines whose article carries no CPV code."""

MEMBER_WEIGHT = Decimal("0.4")
REGULARITY_WEIGHT = Decimal("0.3")
VALUE_WEIGHT = Decimal("0.3")
"""How a score of 0 to 100 is mixed: many members count most, for that is what is bundled."""

ZERO = Decimal(0)
_CLASS_DIGITS = 4

Outcome = Literal["open", "accepted", "changed", "refused", "cancelled"]
LineKey = tuple[UUID, int]
ClassCell = tuple[str, UUID, date]
GroupCell = tuple[str, UUID, date]


def cpv_class(cpv: str) -> str:
    """The CPV 2008 class of a code: its first four digits, then zeros (30213100-6 -> 30210000)."""
    digits = cpv[:_CLASS_DIGITS]
    if len(digits) == _CLASS_DIGITS and digits.isascii() and digits.isdigit():
        return f"{digits}0000"
    return UNCLASSIFIED


@dataclass(frozen=True, slots=True)
class Sums:
    """Net EUR amounts that add up; what is neither accepted nor taken away is open."""

    ordered: Decimal = ZERO
    accepted: Decimal = ZERO
    refused: Decimal = ZERO
    cancelled: Decimal = ZERO
    reduced: Decimal = ZERO

    def __add__(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(
            self.ordered + other.ordered,
            self.accepted + other.accepted,
            self.refused + other.refused,
            self.cancelled + other.cancelled,
            self.reduced + other.reduced,
        )

    @property
    def demand(self) -> Decimal:
        """What is still wanted, net EUR."""
        return self.ordered - self.refused - self.cancelled - self.reduced


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One line of a supplier order, as far as planning needs it."""

    supplier_order_id: UUID
    line_no: int
    order_id: UUID
    member_id: UUID
    supplier_id: UUID
    article_id: UUID
    cpv: str
    comparable_group: str
    name: str
    order_unit: str
    quantity: Decimal
    month: date
    outcome: Outcome
    sums: Sums

    @classmethod
    def place(cls, event: SupplierOrderPlaced, line: OrderLine) -> Self:
        """A line as placed. An article without a comparable group is a group of its own."""
        return cls(
            supplier_order_id=event.supplier_order_id,
            line_no=line.line_no,
            order_id=event.order_id,
            member_id=event.member_id,
            supplier_id=event.supplier_id,
            article_id=line.article_id,
            cpv=line.cpv,
            comparable_group=line.comparable_group or f"article:{line.article_id}",
            name=line.name,
            order_unit=line.order_unit,
            quantity=line.quantity,
            month=business_month(event.placed_at),
            outcome="open",
            sums=Sums(ordered=line.net_amount),
        )

    def answer(self, answer: AnsweredLine) -> tuple[Self, Sums]:
        """The line after the supplier's word, and what changed.

        Raises ValueError for a line answered or cancelled before, and for amounts that do not
        add up to what was ordered.
        """
        change = Sums(
            accepted=answer.accepted_net, refused=answer.refused_net, reduced=answer.reduced_net
        )
        if change.accepted + change.refused + change.reduced != self.sums.ordered:
            raise ValueError(f"line {self.line_no}: the answer does not add up to what was ordered")
        return self._close(answer.decision, change)

    def cancel(self) -> tuple[Self, Sums]:
        """The line taken back, and what changed. Raises ValueError when it is not open."""
        return self._close("cancelled", Sums(cancelled=self.sums.ordered))

    def _close(self, outcome: Outcome, change: Sums) -> tuple[Self, Sums]:
        if self.outcome != "open":
            raise ValueError(f"line {self.line_no} is {self.outcome} already, now {outcome}")
        return replace(self, outcome=outcome, sums=self.sums + change), change


@dataclass(slots=True)
class Gain:
    """What a batch adds to one cell. orders: supplier orders with at least one line in it."""

    orders: int = 0
    lines: int = 0
    sums: Sums = field(default_factory=Sums)


@dataclass(slots=True)
class GroupGain(Gain):
    """What a batch adds to one cell of a comparable group.

    name, cpv: as last seen. quantity, order_unit: None once units are mixed, because pieces and
    packs have no sum; both say nothing while `lines` is 0.
    """

    name: str = ""
    cpv: str = ""
    order_unit: str | None = None
    quantity: Decimal | None = None

    def take(self, line: DemandLine) -> None:
        """Add a placed line's quantity and remember how the article is called."""
        same = self.lines == 0 or self.order_unit == line.order_unit
        self.quantity = (self.quantity or ZERO) + line.quantity if same else None
        self.order_unit = line.order_unit if same else None
        self.name, self.cpv = line.name, line.cpv


class Count:
    """A batch of news counted in memory: lines to keep and what each cell gains.

    Built from the lines already known of the supplier orders the batch speaks of.
    """

    def __init__(self, known: Iterable[DemandLine]) -> None:
        self._orders: dict[UUID, dict[int, DemandLine]] = {}
        for line in known:
            self._orders.setdefault(line.supplier_order_id, {})[line.line_no] = line
        self.placed: dict[LineKey, DemandLine] = {}
        self.closed: dict[LineKey, DemandLine] = {}
        self.classes: dict[ClassCell, Gain] = {}
        self.groups: dict[GroupCell, GroupGain] = {}

    def place(self, event: SupplierOrderPlaced) -> None:
        """Count a new supplier order. Raises ValueError for one that was placed before."""
        if event.supplier_order_id in self._orders:
            raise ValueError(f"supplier order {event.supplier_order_id} was placed twice")
        lines = {line.line_no: DemandLine.place(event, line) for line in event.lines}
        if len(lines) != len(event.lines):
            raise ValueError(f"supplier order {event.supplier_order_id}: a line number repeats")
        self._orders[event.supplier_order_id] = lines
        met: set[int] = set()
        for line in lines.values():
            self.placed[line.supplier_order_id, line.line_no] = line
            class_gain, group_gain = self._cells(line)
            group_gain.take(line)
            for gain in (class_gain, group_gain):
                gain.orders += id(gain) not in met
                gain.lines += 1
                gain.sums += line.sums
                met.add(id(gain))

    def answer(self, event: SupplierOrderAnswered) -> None:
        """Count an answer. Raises ValueError for a line that is unknown or no longer open."""
        lines = self._lines(event.supplier_order_id)
        for answer in event.lines:
            if answer.line_no not in lines:
                raise ValueError(f"line {answer.line_no} of {event.supplier_order_id} is unknown")
            self._keep(*lines[answer.line_no].answer(answer))

    def cancel(self, event: SupplierOrderCancelled) -> None:
        """Count a cancellation of all open lines. Raises ValueError when its sum disagrees."""
        open_lines = [
            line for line in self._lines(event.supplier_order_id).values() if line.outcome == "open"
        ]
        if sum((line.sums.ordered for line in open_lines), ZERO) != event.cancelled_net:
            raise ValueError(f"supplier order {event.supplier_order_id}: open and cancelled differ")
        if not open_lines:
            raise ValueError(f"supplier order {event.supplier_order_id} has no open line")
        for line in open_lines:
            self._keep(*line.cancel())

    def _lines(self, supplier_order_id: UUID) -> dict[int, DemandLine]:
        # Same topic, same key: an answer comes before its order only past a parked record.
        if supplier_order_id not in self._orders:
            raise ValueError(f"supplier order {supplier_order_id} was not placed yet")
        return self._orders[supplier_order_id]

    def _keep(self, line: DemandLine, change: Sums) -> None:
        self._orders[line.supplier_order_id][line.line_no] = line
        key = (line.supplier_order_id, line.line_no)
        (self.placed if key in self.placed else self.closed)[key] = line
        for gain in self._cells(line):
            gain.sums += change

    def _cells(self, line: DemandLine) -> tuple[Gain, GroupGain]:
        class_cell = (cpv_class(line.cpv), line.member_id, line.month)
        group_cell = (line.comparable_group, line.member_id, line.month)
        return (
            self.classes.setdefault(class_cell, Gain()),
            self.groups.setdefault(group_cell, GroupGain()),
        )
