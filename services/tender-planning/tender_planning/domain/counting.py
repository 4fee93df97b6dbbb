"""A batch of news counted in memory: which lines to keep, and what every cell gains."""

from collections.abc import Iterable
from uuid import UUID

from marktbund.contracts.orders import (
    SupplierOrderAnswered,
    SupplierOrderCancelled,
    SupplierOrderPlaced,
)
from tender_planning.domain.demand import (
    NO_AGREEMENT,
    ZERO,
    ClassCell,
    DemandLine,
    DemandSums,
    Gain,
    GroupCell,
    GroupGain,
    LineKey,
    MeasuredGain,
    PriceCell,
    PriceGain,
    SupplyCell,
    cpv_class,
)

DemandNews = SupplierOrderPlaced | SupplierOrderAnswered | SupplierOrderCancelled
"""What changes demand."""


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
        self.supply: dict[SupplyCell, MeasuredGain] = {}
        self.prices: dict[PriceCell, PriceGain] = {}

    def take(self, event: DemandNews) -> None:
        """Count a piece of news. Raises ValueError for what cannot be counted."""
        if isinstance(event, SupplierOrderPlaced):
            self.place(event)
        elif isinstance(event, SupplierOrderAnswered):
            self.answer(event)
        else:
            self.cancel(event)

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
            if line.agreement_id == NO_AGREEMENT:
                self._price(line)
            for gain in self._cells(line):
                if isinstance(gain, MeasuredGain):
                    gain.take(line)
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

    def _keep(self, line: DemandLine, change: DemandSums) -> None:
        self._orders[line.supplier_order_id][line.line_no] = line
        key = (line.supplier_order_id, line.line_no)
        (self.placed if key in self.placed else self.closed)[key] = line
        for gain in self._cells(line):
            gain.sums += change

    def _price(self, line: DemandLine) -> None:
        cell = (
            line.comparable_group,
            line.order_unit,
            line.unit_price_net,
            line.supplier_id,
            line.month,
        )
        gain = self.prices.setdefault(cell, PriceGain())
        gain.lines += 1
        gain.quantity += line.quantity

    def _cells(self, line: DemandLine) -> tuple[Gain, ...]:
        member_month = (line.member_id, line.month)
        of_class, group = cpv_class(line.cpv), line.comparable_group
        supply = (group, of_class, *member_month, line.supplier_id, line.agreement_id)
        return (
            self.classes.setdefault((of_class, *member_month), Gain()),
            self.groups.setdefault((group, *member_month), GroupGain()),
            self.supply.setdefault(supply, MeasuredGain()),
        )


def count_all(known: Iterable[DemandLine], news: Iterable[DemandNews]) -> Count:
    """A batch counted in its order, on the lines known before. Raises ValueError."""
    count = Count(known)
    for event in news:
        count.take(event)
    return count
