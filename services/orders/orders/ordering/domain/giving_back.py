"""What a call-off gives back to its ceilings: refused, reduced and cancelled, to the cent."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from marktbund.contracts.orders import OrderLine
from orders.agreements.face.values import Draw
from orders.ordering.domain.supplier_orders import SupplierOrder, SupplierOrderLine


def all_of(lines: Iterable[OrderLine]) -> list[Draw]:
    """What whole lines took, to be given back."""
    return _summed((line, line.net_amount, line.quantity) for line in lines)


def freed(before: SupplierOrder, after: SupplierOrder, lines: Sequence[OrderLine]) -> list[Draw]:
    """What a supplier's answer or a cancellation freed of `lines`, to be given back.

    Raises ValueError when a line would bring more units than were called off.
    """
    was = {line.line_no: line for line in before.lines}
    now = {line.line_no: line for line in after.lines}
    return _summed(
        (
            line,
            now[line.line_no].unbound_net - was[line.line_no].unbound_net,
            _kept(was[line.line_no], line) - _kept(now[line.line_no], line),
        )
        for line in lines
        if line.line_no in now
    )


def _kept(line: SupplierOrderLine, ordered: OrderLine) -> Decimal:
    if line.decision in {"refused", "cancelled"}:
        return Decimal(0)
    kept = ordered.quantity if line.quantity is None else line.quantity
    if kept > ordered.quantity:
        raise ValueError(f"line {line.line_no} would bring more than was called off")
    return kept


def _summed(freed_lines: Iterable[tuple[OrderLine, Decimal, Decimal]]) -> list[Draw]:
    sums: defaultdict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line, value, quantity in freed_lines:
        if line.lot_no is not None and (value or quantity):
            sums[line.lot_no][0] += value
            sums[line.lot_no][1] += quantity
    return [Draw(lot_no, *sums[lot_no]) for lot_no in sorted(sums)]


def unbound(before: SupplierOrder, after: SupplierOrder) -> dict[int, Decimal]:
    """Line number -> net EUR that an answer freed of it."""
    was = {line.line_no: line.unbound_net for line in before.lines}
    return {line.line_no: line.unbound_net - was[line.line_no] for line in after.lines}
