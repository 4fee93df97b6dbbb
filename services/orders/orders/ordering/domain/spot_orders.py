"""A spot order and the one state machine it goes through: a table, and a method for each step.

Draft -> submitted -> approved -> placed, split by supplier. On the way it may wait for offers or an
approver, be handed over and awarded, refused, sent back, cancelled.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal, Self, TypedDict
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.order_steps import (
    OffersAwaited,
    OffersRecorded,
    OrderAwarded,
    OrderHandedOver,
    OrderRefused,
    OrderReleased,
    OrderSentBack,
    RouteDecided,
)
from marktbund.contracts.orders import (
    AwardBasis,
    CancelReason,
    OrderApproved,
    OrderCancelled,
    OrderKind,
    OrderLine,
    OrderPlaced,
    OrderSubmitted,
)
from marktbund.contracts.routes import KeptOffer, Release, RouteDecision
from marktbund.errors import Conflict
from orders.awarding.face.values import Decided, Routed, require_enough
from orders.ordering.domain.lines import Wanted
from orders.ordering.domain.supplier_orders import SupplierOrder
from orders.ordering.domain.terms import OrderTerms
from orders.ordering.domain.words import not_possible

Status = Literal[
    "draft",
    "submitted",
    "awaiting_offers",
    "approved",
    "placed",
    "handed_over",
    "awarded",
    "refused",
    "sent_back",
    "cancelled",
    "discarded",
]
Verb = Literal[
    "submit",
    "await_offers",
    "go_on",
    "hand_over",
    "award",
    "approve",
    "refuse",
    "send_back",
    "place",
    "cancel",
]

TRANSITIONS: Mapping[Status, Mapping[Verb, Status]] = {
    "draft": {"submit": "submitted", "cancel": "discarded"},
    "submitted": {
        "await_offers": "awaiting_offers",
        "hand_over": "handed_over",
        "approve": "approved",
        "refuse": "refused",
        "send_back": "sent_back",
        "cancel": "cancelled",
    },
    "awaiting_offers": {"go_on": "submitted", "cancel": "cancelled"},
    "approved": {"place": "placed", "cancel": "cancelled"},
    "placed": {"cancel": "cancelled"},
    "handed_over": {"award": "awarded", "cancel": "cancelled"},
    "awarded": {},
    "refused": {},
    "sent_back": {},
    "cancelled": {},
    "discarded": {},
}
"""State -> verb -> next state; README's table is checked against it."""


class _About(TypedDict):
    """What every message of an order says."""

    version: int
    order_id: UUID
    member_id: UUID


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
    def about(self) -> _About:
        """What every message of this order says."""
        return {"version": self.version, "order_id": self.order_id, "member_id": self.member_id}

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
        suppliers = dict.fromkeys(line.supplier_id for line in lines)
        submitted = replace(
            self.after("submit"),
            lines=lines,
            wanted=(),
            supplier_order_ids=tuple((supplier, new_id()) for supplier in suppliers),
            submitted_at=at,
            need_id=routed.need_id,
        )
        return submitted, [submitted.submission(by, at, routed)]

    def submission(self, by: UUID, at: datetime, routed: Routed) -> OrderSubmitted:
        """The news that this order was sent off."""
        terms = self.terms
        return OrderSubmitted(
            **self.about,
            acting_member_id=self.acting_member_id,
            submitted_by=by,
            submitted_at=at,
            reference=self.reference,
            lines=self.lines,
            net_total=self.net_total,
            order_kind=self.order_kind,
            agreement_id=self.agreement_id,
            need_id=routed.need_id,
            decision=routed.decision,
            offers=routed.offers,
            basis=self.basis,
            unit_id=terms.unit_id,
            side_costs_net=terms.side_costs_net,
            account=terms.account,
            delivery=terms.delivery,
            buyer_reference=terms.buyer_reference,
            purpose=terms.purpose,
        )

    def follow(
        self, decision: RouteDecision, at: datetime
    ) -> tuple[Self, list[SupplierOrder], list[Message]]:
        """Go, submitted, as far as the decision lets it; `at` is business time."""
        if decision.outcome == "hand_over":
            handed_over, news = self.hand_over(at)
            return handed_over, [], news
        if decision.outcome == "request" and not decision.inputs.offers_obtained:
            waiting, news = self.await_offers(decision)
            return waiting, [], news
        if decision.approval_required:
            return self, [], []
        approved, news = self.approve()
        placed, shares, more = approved.place(at)
        return placed, shares, [*news, *more]

    def hand_over(self, at: datetime) -> tuple[Self, list[Message]]:
        """Go to the member's award office, with everything known of it."""
        handed_over = self.after("hand_over")
        event = OrderHandedOver(**handed_over.about, handed_over_at=at)
        return handed_over, [event]

    def award(self, result_order_id: UUID, basis: AwardBasis) -> tuple[Self, list[Message]]:
        """End, handed over: what the award office decided is an order of its own."""
        awarded = self.after("award")
        event = OrderAwarded(**awarded.about, result_order_id=result_order_id, basis=basis)
        return awarded, [event]

    def await_offers(self, decision: RouteDecision) -> tuple[Self, list[Message]]:
        """Wait for the offers its route asks for."""
        waiting = self.after("await_offers")
        event = OffersAwaited(
            **waiting.about,
            offers_asked=decision.offers_asked,
            offers_received=decision.offers_received,
            binding=decision.binding,
        )
        return waiting, [event]

    def take_offers(
        self, decision: RouteDecision, offers: Sequence[KeptOffer], by: UUID
    ) -> tuple[Self, list[Message]]:
        """Go on with the offers asked for and received.

        Raises Conflict (`offers_insufficient`) where too few were asked or answered, or a supplier
        stands there twice, and Conflict (`order_state`).
        """
        gone_on = self.after("go_on")
        require_enough(decision, offers)
        event = OffersRecorded(**gone_on.about, offers=tuple(offers), recorded_by=by)
        return gone_on, [event]

    def release_by(self, given: Release) -> tuple[Self, list[Message]]:
        """Go another way than its rules', as a draft or while offers are awaited. A draft announces
        nothing: its submission will. Raises Conflict (`order_state`).
        """
        if self.status == "draft":
            return replace(self, release=given), []
        gone_on = replace(self.after("go_on"), release=given)
        event = OrderReleased(**gone_on.about, release=given)
        return gone_on, [event]

    def decided_anew(
        self, decision: RouteDecision, occasion: Literal["approval", "offers", "release"]
    ) -> tuple[Self, list[Message]]:
        """Note that the route was decided again; the order stays where it stands."""
        changed = replace(self, version=self.version + 1)
        event = RouteDecided(**changed.about, occasion=occasion, decision=decision)
        return changed, [event]

    def approve(self, decided: Decided | None = None) -> tuple[Self, list[Message]]:
        """Pass, bound to what an approver saw; None: where no approval is required."""
        approved = self.after("approve")
        event = OrderApproved(
            **approved.about,
            basis="approver" if decided else "not_required",
            approved_by=decided.by if decided else None,
            content_sha256=decided.seen_sha256 if decided else None,
            comment=decided.comment if decided else "",
        )
        return approved, [event]

    def refuse(self, decided: Decided) -> tuple[Self, list[Message]]:
        """End; its room is given back."""
        refused = self.after("refuse")
        event = OrderRefused(
            **refused.about,
            refused_by=decided.by,
            content_sha256=decided.seen_sha256,
            comment=decided.comment,
            occasion=decided.occasion,
            hindrances=decided.hindrances,
        )
        return refused, [event]

    def send_back(self, decided: Decided, draft_id: UUID) -> tuple[Self, Self, list[Message]]:
        """End, and give its requester a draft of the same lines; lines sent off stay.

        Raises Conflict (`order_state`) for a call-off: its price and room belong to the agreement.
        """
        if self.order_kind == "call_off":
            raise Conflict(
                "order_state",
                "Ein Abruf wird genehmigt oder abgelehnt",
                "Sein Anteil an der Obergrenze ist gehalten.",
                way_out="Bitte ablehnen; danach kann neu abgerufen werden.",
            )
        sent_back = self.after("send_back")
        event = OrderSentBack(
            **sent_back.about,
            sent_back_by=decided.by,
            content_sha256=decided.seen_sha256,
            comment=decided.comment,
            draft_order_id=draft_id,
            occasion=decided.occasion,
            hindrances=decided.hindrances,
        )
        return sent_back, self._again(draft_id), [event]

    def _again(self, draft_id: UUID) -> Self:
        return type(self)(
            draft_id,
            self.member_id,
            self.acting_member_id,
            self.requester_id,
            self.reference,
            wanted=tuple(Wanted.again(line) for line in self.lines),
            terms=self.terms,
        )

    def place(self, at: datetime) -> tuple[Self, list[SupplierOrder], list[Message]]:
        """Make the order binding and split it; `at` is business time."""
        placed = replace(self.after("place"), placed_at=at)
        shares = [self._share(*drawn) for drawn in self.supplier_order_ids]
        event = OrderPlaced(
            **placed.about,
            placed_at=at,
            supplier_orders=tuple(share.ref for share in shares),
            net_total=self.net_total,
            order_kind=self.order_kind,
            agreement_id=self.agreement_id,
        )
        shown = self.terms.delivery, self.terms.buyer_reference
        news = [share.placed(self.lines, at, self.order_kind, *shown) for share in shares]
        return placed, shares, [event, *news]

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
        changed = self.after("cancel")
        open_shares = [share for share in shares if share.cancellable]
        if shares and not open_shares:
            raise Conflict(
                "nothing_to_cancel",
                "Stornieren nicht mehr möglich",
                "Alle Lieferanten haben schon geantwortet.",
                way_out="Bitte wenden Sie sich an die Lieferanten.",
            )
        if len(open_shares) < len(shares):
            changed = replace(changed, status=self.status)
        cancelled = [share.cancel(reason) for share in open_shares]
        if changed.status == "discarded":
            return changed, [], []
        event = OrderCancelled(
            **changed.about,
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
            raise not_possible(self.status)
        return replace(self, status=after, version=self.version + 1)
