"""The rules of demand: what a line adds to its cells, and what an answer takes away again.

All amounts are net EUR. Demand of a cell = ordered - refused - cancelled - reduced; it belongs to
the month the order was placed in, whenever the answer comes.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from marktbund.clock import business_month
from marktbund.contracts.orders import AnsweredLine, OrderLine, SupplierOrderPlaced
from marktbund.contracts.tender_planning import LineOutcome

UNCLASSIFIED = "00000000"
"""The class of lines whose article carries no CPV code."""

MEMBER_WEIGHT = Decimal("0.4")
REGULARITY_WEIGHT = Decimal("0.3")
VALUE_WEIGHT = Decimal("0.3")
"""How a score of 0 to 100 is mixed: many members count most, for that is what is bundled."""

NO_AGREEMENT = UUID(int=0)
"""Stands in a cell's key for demand that no framework agreement covers."""
ZERO = Decimal(0)
_CLASS_DIGITS = 4

LineKey = tuple[UUID, int]
ClassCell = tuple[str, UUID, date]
GroupCell = tuple[str, UUID, date]
SupplyCell = tuple[str, str, UUID, date, UUID, UUID]
"""Comparable group, CPV class, member, month, supplier, agreement (NO_AGREEMENT: bought freely)."""
PriceCell = tuple[str, str, Decimal, UUID, date]
"""Comparable group, order unit, net EUR per order unit, supplier, month."""


def cpv_class(cpv: str) -> str:
    """The CPV 2008 class of a code: its first four digits, then zeros (30213100-6 -> 30210000)."""
    digits = cpv[:_CLASS_DIGITS]
    if len(digits) == _CLASS_DIGITS and digits.isascii() and digits.isdigit():
        return f"{digits}0000"
    return UNCLASSIFIED


@dataclass(frozen=True, slots=True)
class DemandSums:
    """Net EUR amounts that add up; what is neither accepted nor taken away is open."""

    ordered: Decimal = ZERO
    accepted: Decimal = ZERO
    refused: Decimal = ZERO
    cancelled: Decimal = ZERO
    reduced: Decimal = ZERO

    def __add__(self, other: "DemandSums") -> "DemandSums":
        """Both together."""
        return DemandSums(
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
    """One line of a supplier order, as far as planning needs it.

    unit_price_net: EUR per order unit, as ordered. agreement_id: the framework agreement it was
    called off from, else NO_AGREEMENT.
    """

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
    unit_price_net: Decimal
    agreement_id: UUID
    month: date
    outcome: LineOutcome
    sums: DemandSums

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
            unit_price_net=line.unit_price_net,
            agreement_id=event.agreement_id or NO_AGREEMENT,
            month=business_month(event.placed_at),
            outcome="open",
            sums=DemandSums(ordered=line.net_amount),
        )

    def answer(self, answer: AnsweredLine) -> tuple[Self, DemandSums]:
        """The line after the supplier's word, and what changed.

        Raises ValueError for a line answered or cancelled before, and for amounts that do not
        add up to what was ordered.
        """
        change = DemandSums(
            accepted=answer.accepted_net, refused=answer.refused_net, reduced=answer.reduced_net
        )
        if change.accepted + change.refused + change.reduced != self.sums.ordered:
            raise ValueError(f"line {self.line_no}: the answer does not add up to what was ordered")
        return self._close(answer.decision, change)

    def cancel(self) -> tuple[Self, DemandSums]:
        """The line taken back, and what changed. Raises ValueError when it is not open."""
        return self._close("cancelled", DemandSums(cancelled=self.sums.ordered))

    def _close(self, outcome: LineOutcome, change: DemandSums) -> tuple[Self, DemandSums]:
        if self.outcome != "open":
            raise ValueError(f"line {self.line_no} is {self.outcome} already, now {outcome}")
        return replace(self, outcome=outcome, sums=self.sums + change), change


@dataclass(slots=True)
class Gain:
    """What a batch adds to one cell. orders: supplier orders with at least one line in it."""

    orders: int = 0
    lines: int = 0
    sums: DemandSums = field(default_factory=DemandSums)


@dataclass(slots=True)
class MeasuredGain(Gain):
    """What a batch adds to a cell that has a quantity.

    quantity, order_unit: None once units are mixed, because pieces and packs have no sum; both
    say nothing while `lines` is 0.
    """

    order_unit: str | None = None
    quantity: Decimal | None = None

    def take(self, line: DemandLine) -> None:
        """Add a placed line's quantity."""
        same = self.lines == 0 or self.order_unit == line.order_unit
        self.quantity = (self.quantity or ZERO) + line.quantity if same else None
        self.order_unit = line.order_unit if same else None


@dataclass(slots=True)
class GroupGain(MeasuredGain):
    """What a batch adds to one cell of a comparable group. name, cpv: as last seen."""

    name: str = ""
    cpv: str = ""

    def take(self, line: DemandLine) -> None:
        """Add a placed line's quantity and remember how the article is called."""
        # By name: a dataclass with slots is made anew, and plain super() would miss it.
        MeasuredGain.take(self, line)
        self.name, self.cpv = line.name, line.cpv


@dataclass(slots=True)
class PriceGain:
    """How often, and for how much of it, a price was paid in a batch."""

    lines: int = 0
    quantity: Decimal = ZERO
