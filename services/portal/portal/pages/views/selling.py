"""Orders as their supplier sees them."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.supplier_gateway import (
    SupplierOrderAnswer,
    SupplierOrderDetailAnswer,
    SupplierOrderLineAnswer,
)
from portal.clients import supplier_gateway
from portal.clients.services import Caller, Services
from portal.domain import keys
from portal.domain.sums import Sums, sums_of_order
from portal.pages.views.visits import Visit
from portal.store import replicas

PAGE = 50


@dataclass(frozen=True, slots=True)
class IncomingPage:
    """A page of the supplier's orders; next_after: None on the last."""

    orders: list[SupplierOrderAnswer]
    next_after: UUID | None


@dataclass(frozen=True, slots=True)
class Sendable:
    """An accepted line of which something was not sent yet; left: how much."""

    line_no: int
    name: str
    left: Decimal


@dataclass(frozen=True, slots=True)
class IncomingOrder:
    """An order of the supplier, and what it can still do with it. member: who ordered, by name."""

    order: SupplierOrderDetailAnswer
    open_lines: tuple[SupplierOrderLineAnswer, ...]
    sendable: tuple[Sendable, ...]
    sums: Sums | None
    member: str


async def incoming(
    services: Services, caller: Caller, after: UUID | None, *, open_: bool
) -> IncomingPage:
    """A page of the supplier's orders, oldest first; with `open_` those that wait for a word."""
    shown = await supplier_gateway.supplier_orders(services, caller, PAGE, after, open_=open_)
    return IncomingPage(shown, shown[-1].supplier_order_id if len(shown) == PAGE else None)


async def incoming_order(
    services: Services, connection: AsyncConnection, caller: Caller, supplier_order_id: UUID
) -> IncomingOrder:
    """An order of the supplier."""
    order = await supplier_gateway.supplier_order(services, caller, supplier_order_id)
    lines = order.lines if order.status == "placed" else ()
    names = await replicas.member_names(connection)
    return IncomingOrder(
        order=order,
        open_lines=tuple(line for line in lines if line.state == "open"),
        sendable=tuple(
            Sendable(line.line_no, line.name, left) for line in lines if (left := _left(line)) > 0
        ),
        sums=sums_of_order(order.lines),
        member=names.get(order.member_id, ""),
    )


def key_of(visit: Visit, order: SupplierOrderDetailAnswer) -> str:
    """The key of the supplier's forms: it lasts until a line is answered or more was sent off."""
    lines = [(line.state, str(line.despatched_quantity)) for line in order.lines]
    return keys.key_of(visit.session.sub, str(order.supplier_order_id), order.status, lines)


def _left(line: SupplierOrderLineAnswer) -> Decimal:
    """How much of an accepted line was not sent yet; 0 while it is open or refused."""
    if line.state not in {"accepted", "changed"}:
        return Decimal(0)
    agreed = line.quantity if line.agreed_quantity is None else line.agreed_quantity
    return agreed - line.despatched_quantity
