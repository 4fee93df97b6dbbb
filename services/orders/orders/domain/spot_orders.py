"""A spot order: draft -> submitted -> approved -> placed, split by supplier; cancelled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.orders import (
    CancelReason,
    OrderApproved,
    OrderCancelled,
    OrderLine,
    OrderPlaced,
    OrderSubmitted,
    SupplierOrderRef,
)
from marktbund.errors import Conflict
from orders.domain.lines import Article, Wanted, freeze
from orders.domain.supplier_orders import SupplierOrder

Status = Literal["draft", "submitted", "approved", "placed", "cancelled", "discarded"]
Verb = Literal["submit", "approve", "place", "cancel"]

TRANSITIONS: Mapping[Status, Mapping[Verb, Status]] = {
    "draft": {"submit": "submitted", "cancel": "discarded"},
    "submitted": {"approve": "approved", "cancel": "cancelled"},
    "approved": {"place": "placed", "cancel": "cancelled"},
    "placed": {"cancel": "cancelled"},
    "cancelled": {},
    "discarded": {},
}
"""State -> verb -> next state; README's table is checked against it."""


@dataclass(frozen=True, slots=True)
class SpotOrder:
    """One order of a member. `lines` are frozen at submission, prices included."""

    order_id: UUID
    member_id: UUID
    acting_member_id: UUID
    requester_id: UUID
    reference: str
    status: Status = "draft"
    wanted: tuple[Wanted, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    supplier_order_ids: tuple[tuple[UUID, UUID], ...] = ()
    """Supplier -> id of its supplier order, drawn once at submission."""
    version: int = 0
    submitted_at: datetime | None = None
    placed_at: datetime | None = None

    @property
    def net_total(self) -> Decimal:
        """Sum of the lines' net EUR amounts, each rounded to the cent before."""
        return sum((line.net_amount for line in self.lines), Decimal(0))

    def submit(
        self,
        articles: Mapping[UUID, Article],
        by: UUID,
        at: datetime,
        new_id: Callable[[], UUID],
    ) -> tuple[Self, list[Message]]:
        """Freeze lines and prices, draw the supplier orders' ids; `by` sends the order off.

        Raises Invalid (`article_unknown`, `article_withdrawn`, `amount_too_large`) naming the
        line, and Conflict (`order_state`) unless the order is a draft.
        """
        submitted = self._after("submit")
        lines = freeze(self.wanted, articles)
        suppliers = dict.fromkeys(line.supplier_id for line in lines)
        submitted = replace(
            submitted,
            lines=lines,
            wanted=(),
            supplier_order_ids=tuple((supplier, new_id()) for supplier in suppliers),
            submitted_at=at,
        )
        event = OrderSubmitted(
            version=submitted.version,
            order_id=self.order_id,
            member_id=self.member_id,
            acting_member_id=self.acting_member_id,
            submitted_by=by,
            submitted_at=at,
            reference=self.reference,
            lines=lines,
            net_total=submitted.net_total,
        )
        return submitted, [event]

    def approve(self) -> tuple[Self, list[Message]]:
        """Let the order pass: no approval is required yet."""
        approved = self._after("approve")
        event = OrderApproved(
            version=approved.version,
            order_id=self.order_id,
            member_id=self.member_id,
            basis="not_required",
        )
        return approved, [event]

    def place(self, at: datetime) -> tuple[Self, list[SupplierOrder], list[Message]]:
        """Make the order binding and split it; `at` is business time."""
        placed = replace(self._after("place"), placed_at=at)
        shares = [
            self._share(supplier_id, supplier_order_id)
            for supplier_id, supplier_order_id in self.supplier_order_ids
        ]
        event = OrderPlaced(
            version=placed.version,
            order_id=self.order_id,
            member_id=self.member_id,
            placed_at=at,
            supplier_orders=tuple(
                SupplierOrderRef(
                    supplier_order_id=share.supplier_order_id,
                    supplier_id=share.supplier_id,
                    lines=len(share.lines),
                    net_total=share.net_total,
                )
                for share in shares
            ),
            net_total=self.net_total,
        )
        news: list[Message] = [event]
        for share in shares:
            lines = tuple(line for line in self.lines if line.supplier_id == share.supplier_id)
            news.append(share.placed(lines, at))
        return placed, shares, news

    def _share(self, supplier_id: UUID, supplier_order_id: UUID) -> SupplierOrder:
        return SupplierOrder.of(
            supplier_order_id,
            self.order_id,
            self.member_id,
            self.acting_member_id,
            supplier_id,
            [line for line in self.lines if line.supplier_id == supplier_id],
        )

    def cancel(
        self, shares: Sequence[SupplierOrder], by: UUID, reason: CancelReason
    ) -> tuple[Self, list[SupplierOrder], list[Message]]:
        """Take back what no supplier has answered yet; a draft is simply discarded.

        The order is cancelled when all its supplier orders are; else it stays placed. Raises
        Conflict (`nothing_to_cancel`) when every supplier has answered, and for ended orders.
        """
        if "cancel" not in TRANSITIONS[self.status]:
            raise _not_possible(self.status)
        open_shares = [share for share in shares if share.cancellable]
        if shares and not open_shares:
            raise Conflict(
                "nothing_to_cancel",
                "Stornieren nicht mehr möglich",
                "Alle Lieferanten haben schon geantwortet.",
                way_out="Bitte wenden Sie sich an die Lieferanten.",
            )
        changed = self._after("cancel")
        if len(open_shares) < len(shares):
            changed = replace(changed, status=self.status)
        cancelled = [share.cancel(reason) for share in open_shares]
        if changed.status == "discarded":
            return changed, [], []
        event = OrderCancelled(
            version=changed.version,
            order_id=self.order_id,
            member_id=self.member_id,
            cancelled_by=by,
            reason=reason,
            supplier_order_ids=tuple(share.supplier_order_id for share in open_shares),
        )
        news = [event, *(message for _, messages in cancelled for message in messages)]
        return changed, [share for share, _ in cancelled], news

    def _after(self, verb: Verb) -> Self:
        after = TRANSITIONS[self.status].get(verb)
        if after is None:
            raise _not_possible(self.status)
        return replace(self, status=after, version=self.version + 1)


def _not_possible(status: Status) -> Conflict:
    return Conflict(
        "order_state", "In diesem Stand nicht möglich", f"Die Bestellung steht auf „{status}“."
    )
