"""A supplier's share of an order: placed -> acknowledged -> answered -> despatched; cancelled.

For every line: ordered = accepted + refused + cancelled + reduced + open, to the cent, net EUR.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self, TypeVar
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.order_details import DeliveryPlace
from marktbund.contracts.orders import (
    AnswerDisregarded,
    AnsweredLine,
    CancelReason,
    OrderKind,
    OrderLine,
    SupplierOrderAcknowledged,
    SupplierOrderAnswered,
    SupplierOrderCancelled,
    SupplierOrderDespatched,
    SupplierOrderMessage,
    SupplierOrderPlaced,
    SupplierOrderRef,
)
from marktbund.contracts.supplier_gateway import ResponseLine
from marktbund.money import net_amount

ShareStatus = Literal["placed", "acknowledged", "answered", "despatched", "cancelled"]
Decision = Literal["open", "accepted", "changed", "refused", "cancelled"]
Document = Literal["answer", "despatch"]
WhyDisregarded = Literal["order_cancelled", "day_out_of_bounds", "quantity_not_whole"]
News = TypeVar("News", bound=SupplierOrderMessage)


@dataclass(frozen=True, slots=True)
class SupplierOrderLine:
    """A line's amounts, net EUR, and the supplier's word on it."""

    line_no: int
    ordered_net: Decimal
    decision: Decision = "open"
    quantity: Decimal | None = None
    unit_price_net: Decimal | None = None
    promised_date: date | None = None
    accepted_net: Decimal = Decimal(0)
    refused_net: Decimal = Decimal(0)
    reduced_net: Decimal = Decimal(0)
    cancelled_net: Decimal = Decimal(0)

    @property
    def unbound_net(self) -> Decimal:
        """What nobody has to deliver and pay any more, net EUR."""
        return self.refused_net + self.reduced_net + self.cancelled_net

    def answer(self, word: ResponseLine) -> Self:
        """The line after the supplier's answer. Raises ValueError when it was answered before,
        or when the answer would cost more than was ordered.
        """
        if self.decision != "open":
            raise ValueError(f"line {self.line_no} is {self.decision} already")
        accepted = (
            Decimal(0)
            if word.decision == "refused"
            else net_amount(word.quantity, word.unit_price_net)
        )
        if accepted > self.ordered_net:
            raise ValueError(f"line {self.line_no} would cost more than ordered")
        rest = self.ordered_net - accepted
        refused = word.decision == "refused"
        return replace(
            self,
            decision=word.decision,
            quantity=word.quantity,
            unit_price_net=word.unit_price_net,
            promised_date=word.promised_date,
            accepted_net=accepted,
            refused_net=rest if refused else Decimal(0),
            reduced_net=Decimal(0) if refused else rest,
        )

    def cancel(self) -> Self:
        """The line taken back."""
        return replace(self, decision="cancelled", cancelled_net=self.ordered_net)


@dataclass(frozen=True, slots=True)
class SupplierOrder:
    """One supplier's lines of one order. placed_on: the business day it was placed."""

    supplier_order_id: UUID
    order_id: UUID
    member_id: UUID
    acting_member_id: UUID
    supplier_id: UUID
    lines: tuple[SupplierOrderLine, ...]
    status: ShareStatus = "placed"
    version: int = 1
    agreement_id: UUID | None = None
    placed_on: date | None = None

    @classmethod
    def of(
        cls,
        supplier_order_id: UUID,
        order_id: UUID,
        member_id: UUID,
        acting_member_id: UUID,
        supplier_id: UUID,
        lines: Sequence[OrderLine],
        agreement_id: UUID | None = None,
    ) -> Self:
        """A newly placed share."""
        return cls(
            supplier_order_id,
            order_id,
            member_id,
            acting_member_id,
            supplier_id,
            tuple(SupplierOrderLine(line.line_no, line.net_amount) for line in lines),
            agreement_id=agreement_id,
        )

    @property
    def net_total(self) -> Decimal:
        """Ordered net EUR of all lines."""
        return sum((line.ordered_net for line in self.lines), Decimal(0))

    @property
    def cancellable(self) -> bool:
        """Whether no line was answered yet."""
        return is_unanswered(self.status, (line.decision for line in self.lines))

    @property
    def ref(self) -> SupplierOrderRef:
        """What its order says of it."""
        return SupplierOrderRef(
            supplier_order_id=self.supplier_order_id,
            supplier_id=self.supplier_id,
            lines=len(self.lines),
            net_total=self.net_total,
        )

    def placed(
        self,
        lines: Sequence[OrderLine],
        at: datetime,
        order_kind: OrderKind = "spot",
        delivery: DeliveryPlace | None = None,
        buyer_reference: str = "",
    ) -> SupplierOrderPlaced:
        """The news that this share exists, with its lines among those of the order, and what its
        supplier is told of the terms. Where it is booked is the member's matter.
        """
        own = [line for line in lines if line.supplier_id == self.supplier_id]
        return _news(
            SupplierOrderPlaced,
            self,
            acting_member_id=self.acting_member_id,
            placed_at=at,
            lines=tuple(line.model_copy(update={"account": None}) for line in own),
            net_total=self.net_total,
            order_kind=order_kind,
            agreement_id=self.agreement_id,
            delivery=delivery,
            buyer_reference=buyer_reference,
        )

    def acknowledge(self) -> tuple[Self, list[Message]]:
        """The supplier has the order; late news of it changes nothing."""
        if self.status != "placed":
            return self, []
        changed = replace(self, status="acknowledged", version=self.version + 1)
        return changed, [_news(SupplierOrderAcknowledged, changed)]

    def answer(
        self, response_id: UUID, words: Sequence[ResponseLine]
    ) -> tuple[Self, list[Message]]:
        """Take the supplier's answer to some or all lines.

        A cancelled order stays cancelled: the answer is disregarded. Raises ValueError for a line
        that is unknown or was answered before.
        """
        if self.status == "cancelled":
            return self.disregard(response_id, "answer", "order_cancelled")
        by_no = {line.line_no: line for line in self.lines}
        for word in words:
            if word.line_no not in by_no:
                raise ValueError(f"line {word.line_no} is unknown")
            by_no[word.line_no] = by_no[word.line_no].answer(word)
        lines = tuple(by_no[line.line_no] for line in self.lines)
        complete = all(line.decision != "open" for line in lines)
        changed = replace(
            self,
            lines=lines,
            status="answered" if complete and self.status != "despatched" else self.status,
            version=self.version + 1,
        )
        answered = [by_no[word.line_no] for word in words]
        return changed, [_answered(changed, response_id, answered, complete=complete)]

    def disregard(
        self, document_id: UUID, document: Document, reason: WhyDisregarded
    ) -> tuple[Self, list[Message]]:
        """Leave a supplier's word aside, on file: nothing but the version changes."""
        changed = replace(self, version=self.version + 1)
        why = {"response_id": document_id, "document": document, "reason": reason}
        return changed, [_news(AnswerDisregarded, changed, **why)]

    def despatch(self, despatch_id: UUID, on: date) -> tuple[Self, list[Message]]:
        """Goods are on their way; there may be several despatches. A cancelled order stays so."""
        status: ShareStatus = "cancelled" if self.status == "cancelled" else "despatched"
        changed = replace(self, status=status, version=self.version + 1)
        event = _news(SupplierOrderDespatched, changed, despatch_id=despatch_id, despatched_on=on)
        return changed, [event]

    def cancel(self, reason: CancelReason) -> tuple[Self, list[Message]]:
        """Take the whole share back; only to be called while `cancellable`."""
        changed = replace(
            self,
            status="cancelled",
            lines=tuple(line.cancel() for line in self.lines),
            version=self.version + 1,
        )
        event = _news(SupplierOrderCancelled, changed, cancelled_net=self.net_total, reason=reason)
        return changed, [event]


def is_unanswered(status: ShareStatus, decisions: Iterable[Decision]) -> bool:
    """Whether a supplier has yet to say anything of its order, whose lines stand so."""
    return status in {"placed", "acknowledged"} and all(
        decision == "open" for decision in decisions
    )


def _news(kind: type[News], share: SupplierOrder, **more: object) -> News:
    """A message about a share in its present version."""
    return kind.model_validate(
        {
            "version": share.version,
            "supplier_order_id": share.supplier_order_id,
            "order_id": share.order_id,
            "member_id": share.member_id,
            "supplier_id": share.supplier_id,
            **more,
        }
    )


def _answered(
    share: SupplierOrder,
    response_id: UUID,
    lines: Sequence[SupplierOrderLine],
    *,
    complete: bool,
) -> SupplierOrderAnswered:
    return _news(
        SupplierOrderAnswered,
        share,
        response_id=response_id,
        lines=tuple(AnsweredLine.model_validate(line, from_attributes=True) for line in lines),
        accepted_net=sum((line.accepted_net for line in lines), Decimal(0)),
        refused_net=sum((line.refused_net for line in lines), Decimal(0)),
        reduced_net=sum((line.reduced_net for line in lines), Decimal(0)),
        complete=complete,
    )
