"""A spot order: draft -> submitted -> approved -> placed, split by supplier.

On the way it may wait for offers or an approver, be handed over, refused, sent back, cancelled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.orders import (
    AwardBasis,
    CancelReason,
    OrderApproved,
    OrderCancelled,
    OrderKind,
    OrderLine,
    OrderPlaced,
    OrderSubmitted,
    SupplierOrderRef,
)
from marktbund.contracts.routes import KeptOffer, Release, RouteDecision
from marktbund.errors import Conflict
from orders.ordering.domain.lines import Wanted
from orders.ordering.domain.states import RELOAD, STATUS_WORDS, TRANSITIONS, Status, Verb
from orders.ordering.domain.supplier_orders import SupplierOrder
from orders.ordering.domain.terms import OrderTerms


@dataclass(frozen=True, slots=True)
class Routed:
    """What an order's submission says of its way: the need, the decision, the offers kept."""

    need_id: UUID | None = None
    decision: RouteDecision | None = None
    offers: tuple[KeptOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class SpotOrder:
    """One order of a member. `lines` are frozen at submission, prices included.

    release: an award office's reason to go another way. basis: what an award result rests on.
    """

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
    order_kind: OrderKind = "spot"
    agreement_id: UUID | None = None
    need_id: UUID | None = None
    terms: OrderTerms = field(default_factory=OrderTerms)
    release: Release | None = None
    basis: AwardBasis | None = None

    @property
    def net_total(self) -> Decimal:
        """Sum of the lines' net EUR amounts, each rounded to the cent before."""
        return sum((line.net_amount for line in self.lines), Decimal(0))

    def revised(
        self, wanted: tuple[Wanted, ...], terms: OrderTerms, reference: str, by: UUID
    ) -> Self:
        """A draft with other content; `by` is its requester from now on.

        A release given for the content before is void. Raises Conflict (`order_state`).
        """
        self.after("submit")
        return replace(
            self, wanted=wanted, terms=terms, reference=reference, requester_id=by, release=None
        )

    def sent_by(self, by: UUID) -> Self:
        """A draft as it is, sent off by somebody else: who answers for it, cannot approve it.

        Raises Conflict (`order_state`).
        """
        self.after("submit")
        return replace(self, requester_id=by)

    def submit(
        self,
        lines: tuple[OrderLine, ...],
        by: UUID,
        at: datetime,
        new_id: Callable[[], UUID],
        routed: Routed,
    ) -> tuple[Self, list[Message]]:
        """Keep the frozen lines, draw the supplier orders' ids; `by` sends the order off.

        Raises Conflict (`order_state`) unless the order is a draft.
        """
        submitted = replace(
            self.after("submit"),
            lines=lines,
            wanted=(),
            supplier_order_ids=_drawn(lines, new_id),
            submitted_at=at,
            need_id=routed.need_id,
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
            order_kind=self.order_kind,
            agreement_id=self.agreement_id,
            need_id=routed.need_id,
            decision=routed.decision,
            offers=routed.offers,
            basis=self.basis,
            **self.terms.announced(),
        )
        return submitted, [event]

    def approve(self) -> tuple[Self, list[Message]]:
        """Let the order pass where no approval is required."""
        approved = self.after("approve")
        event = OrderApproved(
            version=approved.version,
            order_id=self.order_id,
            member_id=self.member_id,
            basis="not_required",
        )
        return approved, [event]

    def place(self, at: datetime) -> tuple[Self, list[SupplierOrder], list[Message]]:
        """Make the order binding and split it; `at` is business time."""
        placed = replace(self.after("place"), placed_at=at)
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
            order_kind=self.order_kind,
            agreement_id=self.agreement_id,
        )
        news: list[Message] = [event]
        for share in shares:
            # Where it is booked is the member's matter.
            lines = tuple(
                line.model_copy(update={"account": None})
                for line in self.lines
                if line.supplier_id == share.supplier_id
            )
            news.append(share.placed(lines, at, self.order_kind, self.terms))
        return placed, shares, news

    def _share(self, supplier_id: UUID, supplier_order_id: UUID) -> SupplierOrder:
        return SupplierOrder.of(
            supplier_order_id,
            self.order_id,
            self.member_id,
            self.acting_member_id,
            supplier_id,
            [line for line in self.lines if line.supplier_id == supplier_id],
            self.agreement_id,
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
        changed = self.after("cancel")
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

    def after(self, verb: Verb) -> Self:
        """The order one step on. Raises Conflict (`order_state`) where there is no such step."""
        after = TRANSITIONS[self.status].get(verb)
        if after is None:
            raise _not_possible(self.status)
        return replace(self, status=after, version=self.version + 1)


def _drawn(lines: Sequence[OrderLine], new_id: Callable[[], UUID]) -> tuple[tuple[UUID, UUID], ...]:
    suppliers = dict.fromkeys(line.supplier_id for line in lines)
    return tuple((supplier, new_id()) for supplier in suppliers)


def _not_possible(status: Status) -> Conflict:
    words = STATUS_WORDS[status]
    title = "In diesem Stand nicht möglich"
    return Conflict("order_state", title, f"Stand der Bestellung: {words}.", way_out=RELOAD)
