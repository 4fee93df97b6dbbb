"""A supplier order as its supplier meets it: documents to fetch, lines to answer, goods to send.

Two counters, one per topic: delivery_version and response_version grow by one with each event.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Self, TypedDict, TypeVar
from uuid import UUID

from marktbund.contracts.orders import CancelReason, SupplierOrderPlaced
from marktbund.contracts.supplier_gateway import (
    AcknowledgedBy,
    DeliveryAcknowledged,
    DeliveryDocument,
    DeliveryQueued,
    DespatchAdvised,
    DespatchLine,
    OrderResponseReceived,
    ResponseLine,
)
from marktbund.errors import Conflict, Invalid, NotFound
from supplier_gateway.domain.deliveries import Delivery
from supplier_gateway.domain.lines import Line, LineResponse


class OrderFacts(TypedDict):
    """What all news of a supplier order say; version: of the topic they travel on."""

    version: int
    supplier_order_id: UUID
    order_id: UUID
    member_id: UUID
    supplier_id: UUID


class DocumentFacts(OrderFacts):
    """What all news of one of its documents say."""

    delivery_id: UUID
    document: DeliveryDocument


@dataclass(frozen=True, slots=True)
class AddressedOrder:
    """One supplier's share of an order. placed_at: business time."""

    supplier_order_id: UUID
    order_id: UUID
    member_id: UUID
    supplier_id: UUID
    lines: tuple[Line, ...]
    deliveries: tuple[Delivery, ...] = ()
    cancel_reason: CancelReason | None = None
    delivery_version: int = 0
    response_version: int = 0
    placed_at: datetime | None = None

    @property
    def open_lines(self) -> int:
        """How many lines wait for an answer."""
        return sum(line.state == "open" for line in self.lines)

    @classmethod
    def take(
        cls, placed: SupplierOrderPlaced, delivery_id: UUID, moment: datetime
    ) -> tuple[Self, DeliveryQueued]:
        """Take a placed order in and queue its document."""
        order = cls(
            supplier_order_id=placed.supplier_order_id,
            order_id=placed.order_id,
            member_id=placed.member_id,
            supplier_id=placed.supplier_id,
            lines=tuple(
                Line(line.line_no, line.quantity, line.unit_price_net, order_unit=line.order_unit)
                for line in placed.lines
            ),
            placed_at=placed.placed_at,
        )
        return _queue(order, Delivery(delivery_id, "order", moment))

    def cancel(
        self, reason: CancelReason, delivery_id: UUID, moment: datetime
    ) -> tuple[Self, list[DeliveryQueued]]:
        """The member took the order back: queue the cancellation; twice changes nothing."""
        if self.cancel_reason is not None:
            return self, []
        cancelled = replace(self, cancel_reason=reason)
        queued, event = _queue(cancelled, Delivery(delivery_id, "cancellation", moment))
        return queued, [event]

    def delivery(self, delivery_id: UUID) -> Delivery:
        """One of its documents. Raises NotFound (`delivery_unknown`)."""
        delivery = next((d for d in self.deliveries if d.delivery_id == delivery_id), None)
        if delivery is None:
            raise NotFound("delivery_unknown", "Diese Zustellung gibt es nicht")
        return delivery

    def due(self, now: datetime) -> Self:
        """Documents that wait for nothing any more are to be pushed from `now` on (system time).

        A cancellation stands behind its order until that arrived or was given up.
        """
        behind = any(d.open for d in self.deliveries if d.document == "order")
        deliveries = tuple(
            replace(d, next_attempt_at=now)
            if d.next_attempt_at is None and not (behind and d.document == "cancellation")
            else d
            for d in self.deliveries
        )
        return replace(self, deliveries=deliveries)

    def with_delivery(self, delivery: Delivery) -> tuple[Self, DocumentFacts]:
        """A document in its new state, and what the news of it says of both."""
        changed = replace(
            self,
            deliveries=tuple(
                delivery if d.delivery_id == delivery.delivery_id else d for d in self.deliveries
            ),
            delivery_version=self.delivery_version + 1,
        )
        return changed, _document_facts(changed, delivery)

    def acknowledge(
        self, delivery_id: UUID, moment: datetime, channel: AcknowledgedBy = "pull"
    ) -> tuple[Self, list[DeliveryAcknowledged]]:
        """The supplier has the document; twice changes nothing.

        Raises NotFound (`delivery_unknown`).
        """
        delivery = self.delivery(delivery_id)
        if delivery.acknowledged_at is not None:
            return self, []
        taken = replace(delivery, acknowledged_at=moment)
        changed, facts = self.with_delivery(taken)
        return changed, [DeliveryAcknowledged(**facts, channel=channel)]

    def answer(
        self, response_id: UUID, answers: Sequence[LineResponse], moment: datetime
    ) -> tuple[Self, list[DeliveryAcknowledged], OrderResponseReceived]:
        """Take the supplier's word on some lines; who answers has the order, so it is acknowledged.

        Raises Conflict (`order_cancelled`, `line_already_answered`) and Invalid (`line_unknown`,
        `line_repeated`, and what `Line.answer` raises).
        """
        lines = self._named([answer.line_no for answer in answers])
        answered = [
            line.answer(answer, response_id, f"lines[{position}]")
            for position, (line, answer) in enumerate(zip(lines, answers, strict=True))
        ]
        fetched, acknowledged = self.acknowledge(self._order_delivery, moment)
        changed = _with_lines(fetched, answered)
        event = OrderResponseReceived(
            **_facts(changed, changed.response_version),
            response_id=response_id,
            lines=tuple(_response_line(line) for line in answered),
        )
        return changed, acknowledged, event

    def despatch(
        self, despatch_id: UUID, despatched_on: date, quantities: Sequence[tuple[int, Decimal]]
    ) -> tuple[Self, DespatchAdvised]:
        """The supplier sent goods off: (line number, quantity) each.

        Raises Conflict (`order_cancelled`) and Invalid (`line_unknown`, `line_repeated`,
        `more_than_agreed`).
        """
        lines = self._named([line_no for line_no, _ in quantities])
        sent = [
            line.despatch(quantity, f"lines[{position}]")
            for position, (line, (_, quantity)) in enumerate(zip(lines, quantities, strict=True))
        ]
        changed = _with_lines(self, sent)
        event = DespatchAdvised(
            **_facts(changed, changed.response_version),
            despatch_id=despatch_id,
            despatched_on=despatched_on,
            lines=tuple(
                DespatchLine(line_no=line_no, quantity=quantity) for line_no, quantity in quantities
            ),
        )
        return changed, event

    @property
    def _order_delivery(self) -> UUID:
        return next(d.delivery_id for d in self.deliveries if d.document == "order")

    def _named(self, line_nos: Sequence[int]) -> list[Line]:
        """The lines of these numbers, for an order that still stands."""
        if self.cancel_reason is not None:
            raise Conflict(
                "order_cancelled",
                "Diese Bestellung ist storniert",
                way_out="Holen Sie die Stornierung ab und bestätigen Sie deren Empfang.",
            )
        known = {line.line_no: line for line in self.lines}
        for position, line_no in enumerate(line_nos):
            field = f"lines[{position}].line_no"
            if line_no not in known:
                raise Invalid("line_unknown", f"Position {line_no} gibt es nicht", field=field)
            if line_no in line_nos[:position]:
                raise Invalid("line_repeated", f"Position {line_no} ist doppelt", field=field)
        return [known[line_no] for line_no in line_nos]


_Order = TypeVar("_Order", bound=AddressedOrder)


def _with_lines(order: _Order, changed: Sequence[Line]) -> _Order:
    new = {line.line_no: line for line in changed}
    return replace(
        order,
        lines=tuple(new.get(line.line_no, line) for line in order.lines),
        response_version=order.response_version + 1,
    )


def _queue(order: _Order, delivery: Delivery) -> tuple[_Order, DeliveryQueued]:
    queued = replace(
        order,
        deliveries=(*order.deliveries, delivery),
        delivery_version=order.delivery_version + 1,
    )
    return queued, DeliveryQueued(**_document_facts(queued, delivery))


def _document_facts(order: AddressedOrder, delivery: Delivery) -> DocumentFacts:
    return {
        **_facts(order, order.delivery_version),
        "delivery_id": delivery.delivery_id,
        "document": delivery.document,
    }


def _facts(order: AddressedOrder, version: int) -> OrderFacts:
    return {
        "version": version,
        "supplier_order_id": order.supplier_order_id,
        "order_id": order.order_id,
        "member_id": order.member_id,
        "supplier_id": order.supplier_id,
    }


def _response_line(line: Line) -> ResponseLine:
    assert line.agreed is not None and line.state != "open"  # noqa: S101, PT018 - just answered
    return ResponseLine(
        line_no=line.line_no,
        decision=line.state,
        quantity=line.agreed.quantity,
        unit_price_net=line.agreed.unit_price_net,
        promised_date=line.agreed.promised_date,
    )
