"""Supplier orders as rows: taken in by the batch, changed under their row lock.

The lock comes first and everything else is read after it, in a statement of its own: a statement
that waited for the lock would still see the other tables as they were before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from marktbund import statements as many
from marktbund.contracts.orders import CancelReason, SupplierOrderPlaced
from marktbund.contracts.supplier_gateway import DeliveryDocument, DespatchAdvised, LineState
from marktbund.errors import NotFound
from marktbund.statements import Clause, inserting, rows_of
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.domain.deliveries import Delivery
from supplier_gateway.domain.heard import unknown_order
from supplier_gateway.domain.lines import Agreed, Line
from supplier_gateway.domain.orders import AddressedOrder
from supplier_gateway.store import statements
from supplier_gateway.store.locks import HELD
from supplier_gateway.store.tables import despatch_line_table, despatch_table, line_table

OrderRow = tuple[UUID, UUID, UUID, UUID, datetime, CancelReason | None, int, int]
"""Supplier order, order, member, supplier, placed at, cancel reason, both versions."""
LineRow = tuple[
    UUID, int, Decimal, Decimal, LineState, Decimal, str,
    UUID | None, Decimal | None, Decimal | None, date | None,
]  # fmt: skip
"""Supplier order, line, quantity, price, state, despatched, unit; response and what it agreed."""
DeliveryRow = tuple[
    UUID, UUID, DeliveryDocument, datetime, datetime | None, int, int,
    datetime | None, datetime | None, datetime | None,
]  # fmt: skip
"""Supplier order, then the fields of the domain's Delivery."""


async def claim_orders(
    uow: UnitOfWork, placed: Collection[SupplierOrderPlaced]
) -> Collection[UUID]:
    """Keep what an order says of itself, unless it is known; returns which were not.

    The row is the lock: of two batches with the same order the second waits and finds it known.
    """
    if not placed:
        return frozenset()
    columns = {
        "supplier_order_id": [event.supplier_order_id for event in placed],
        "order_id": [event.order_id for event in placed],
        "member_id": [event.member_id for event in placed],
        "acting_member_id": [event.acting_member_id for event in placed],
        "supplier_id": [event.supplier_id for event in placed],
        "placed_at": [event.placed_at for event in placed],
        "net_total": [event.net_total for event in placed],
        "status": ["placed" for _ in placed],
        "cancel_reason": [None for _ in placed],
        "open_lines": [len(event.lines) for event in placed],
        "delivery_version": [1 for _ in placed],
        "response_version": [0 for _ in placed],
        "delivery": [
            event.delivery.model_dump_json() if event.delivery else None for event in placed
        ],
        "buyer_reference": [event.buyer_reference for event in placed],
    }
    claimed = await uow.connection.execute(statements.ADD_ORDERS, columns)
    return frozenset(claimed.scalars())


def holding(ids: Iterable[UUID], supplier_id: UUID | None = None) -> Clause:
    """The lock of supplier orders, with `supplier_id` of its own only; shows those there are."""
    values = {"held_order_ids": sorted(set(ids)), "held_order_owner": supplier_id}
    shown = rows_of("SELECT * FROM held_orders")
    return Clause("held_orders", statements.HOLD_ORDERS, values, shown)


async def behind(uow: UnitOfWork, held: Sequence[OrderRow]) -> dict[UUID, AddressedOrder]:
    """The orders that `holding` shows, whole: lines and documents are read behind the lock."""
    ids = {"order_ids": [row[0] for row in held]}
    known = await many.ask(
        uow.connection,
        Clause("lines", rows_of(statements.LINES), ids),
        Clause("deliveries", rows_of(statements.DELIVERIES), ids),
    )
    return orders_of(held, known.lines, known.deliveries)


async def hold_orders(
    uow: UnitOfWork, ids: Collection[UUID], supplier_id: UUID | None = None
) -> dict[UUID, AddressedOrder]:
    """Supplier orders held until the commit, by id; with `supplier_id` only if they are its own.

    Raises NotFound (`supplier_order_unknown`).
    """
    held = await many.hold(uow.connection, HELD, holding(ids, supplier_id))
    orders = await behind(uow, held.held_orders if held else ())
    if orders.keys() != set(ids):
        raise unknown_order()
    return orders


async def order_of_delivery(
    uow: UnitOfWork, delivery_id: UUID, supplier_id: UUID | None = None
) -> UUID:
    """Which supplier order a document is about, with `supplier_id` one of its own.

    Raises NotFound (`delivery_unknown`).
    """
    key = {"delivery_id": delivery_id, "supplier_id": supplier_id}
    supplier_order_id: UUID | None = await uow.connection.scalar(statements.ORDER_OF_DELIVERY, key)
    if supplier_order_id is None:
        raise NotFound("delivery_unknown", "Diese Zustellung gibt es nicht", field="delivery_id")
    return supplier_order_id


def adding_lines(placed: Iterable[SupplierOrderPlaced]) -> tuple[Clause, ...]:
    """The write that keeps the lines of orders just taken in."""
    rows = [
        {
            "supplier_order_id": event.supplier_order_id,
            "line_no": line.line_no,
            "article_id": line.article_id,
            "article_number": line.article_number,
            "name": line.name,
            "cpv": line.cpv,
            "quantity": line.quantity,
            "order_unit": line.order_unit,
            "unit_price_net": line.unit_price_net,
            "vat_rate": line.vat_rate,
            "net_amount": line.net_amount,
            "requested_delivery_date": line.requested_delivery_date,
            "quoted_on": line.quote.quoted_on if line.quote else None,
            "state": "open",
        }
        for event in placed
        for line in event.lines
    ]
    return inserting(line_table, rows)


def saving(orders: Collection[AddressedOrder], now: datetime) -> tuple[Clause, ...]:
    """The write that keeps changed supplier orders and their documents, which were held."""
    return *saving_states(orders), *saving_deliveries(orders, now)


def saving_states(orders: Collection[AddressedOrder]) -> tuple[Clause, ...]:
    """The write that keeps supplier orders without lines and documents."""
    if not orders:
        return ()
    values = {
        "o_supplier_order_id": [order.supplier_order_id for order in orders],
        "o_status": ["cancelled" if order.cancel_reason else "placed" for order in orders],
        "o_cancel_reason": [order.cancel_reason for order in orders],
        "o_open_lines": [order.open_lines for order in orders],
        "o_delivery_version": [order.delivery_version for order in orders],
        "o_response_version": [order.response_version for order in orders],
    }
    return (Clause("saved_orders", statements.SAVE_ORDERS, values),)


def saving_deliveries(orders: Iterable[AddressedOrder], now: datetime) -> tuple[Clause, ...]:
    """The write that keeps documents; those that wait for nothing are due from `now` on."""
    documents = [(order, delivery) for order in orders for delivery in order.due(now).deliveries]
    if not documents:
        return ()
    values = {
        "d_delivery_id": [delivery.delivery_id for _, delivery in documents],
        "d_supplier_order_id": [order.supplier_order_id for order, _ in documents],
        "d_supplier_id": [order.supplier_id for order, _ in documents],
        "d_document": [delivery.document for _, delivery in documents],
        "d_queued_at": [delivery.queued_at for _, delivery in documents],
        "d_acknowledged_at": [delivery.acknowledged_at for _, delivery in documents],
        "d_attempts": [delivery.attempts for _, delivery in documents],
        "d_step": [delivery.step for _, delivery in documents],
        "d_next_attempt_at": [delivery.next_attempt_at for _, delivery in documents],
        "d_held_at": [delivery.held_at for _, delivery in documents],
        "d_abandoned_at": [delivery.abandoned_at for _, delivery in documents],
    }
    return (Clause("saved_deliveries", statements.SAVE_DELIVERIES, values),)


def saving_lines(order: AddressedOrder) -> tuple[Clause, ...]:
    """The write that keeps the lines of a supplier order that were answered or sent off."""
    agreed = [line.agreed for line in order.lines]
    values = {
        "l_supplier_order_id": [order.supplier_order_id for _ in order.lines],
        "l_line_no": [line.line_no for line in order.lines],
        "l_state": [line.state for line in order.lines],
        "l_response_id": [terms.response_id if terms else None for terms in agreed],
        "l_agreed_quantity": [terms.quantity if terms else None for terms in agreed],
        "l_agreed_unit_price_net": [terms.unit_price_net if terms else None for terms in agreed],
        "l_promised_date": [terms.promised_date if terms else None for terms in agreed],
        "l_despatched_quantity": [line.despatched for line in order.lines],
    }
    return (Clause("saved_lines", statements.SAVE_LINES, values),)


def adding_despatch(despatch: DespatchAdvised) -> tuple[Clause, ...]:
    """The write that keeps goods sent off."""
    row = {
        "despatch_id": despatch.despatch_id,
        "supplier_order_id": despatch.supplier_order_id,
        "despatched_on": despatch.despatched_on,
    }
    lines = [
        {
            "despatch_id": despatch.despatch_id,
            "line_no": line.line_no,
            "quantity": line.quantity,
        }
        for line in despatch.lines
    ]
    return *inserting(despatch_table, [row]), *inserting(despatch_line_table, lines)


def orders_of(
    held: Sequence[OrderRow], lines: Sequence[LineRow], deliveries: Sequence[DeliveryRow]
) -> dict[UUID, AddressedOrder]:
    """Supplier orders by id, from their rows."""
    lines_of: Mapping[UUID, list[Line]] = defaultdict(list)
    for line in lines:
        lines_of[line[0]].append(_line(line))
    documents_of: Mapping[UUID, list[Delivery]] = defaultdict(list)
    for document in deliveries:
        documents_of[document[0]].append(Delivery(*document[1:]))
    return {
        supplier_order_id: AddressedOrder(
            supplier_order_id=supplier_order_id,
            order_id=order_id,
            member_id=member_id,
            supplier_id=supplier_id,
            lines=tuple(lines_of[supplier_order_id]),
            deliveries=tuple(documents_of[supplier_order_id]),
            cancel_reason=cancel_reason,
            delivery_version=delivery_version,
            response_version=response_version,
            placed_at=placed_at,
        )
        for (
            supplier_order_id,
            order_id,
            member_id,
            supplier_id,
            placed_at,
            cancel_reason,
            delivery_version,
            response_version,
        ) in held
    }


def _line(row: LineRow) -> Line:
    _, line_no, ordered, price, state, despatched, unit, response_id, quantity, agreed, day = row
    terms = None
    if response_id is not None and quantity is not None and agreed is not None:
        terms = Agreed(response_id, quantity, agreed, day)
    return Line(line_no, ordered, price, state, terms, despatched, unit)
