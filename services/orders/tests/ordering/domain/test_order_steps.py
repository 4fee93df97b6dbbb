"""Every way an order can take through its table of transitions, and what no way may break."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from marktbund.contracts.base import Message
from marktbund.contracts.orders import AwardBasis, OrderApproved, OrderCancelled
from marktbund.contracts.routes import Estimate, KeptOffer, Release, RouteDecision, RouteInputs
from marktbund.errors import Conflict
from marktbund.ids import new_id
from orders.awarding.domain.outcomes import Decided, Routed
from orders.ground.domain.articles import Article
from orders.ordering.domain.lines import Wanted, freeze
from orders.ordering.domain.spot_orders import TRANSITIONS, SpotOrder, Status
from orders.ordering.domain.supplier_orders import SupplierOrder
from orders.ordering.domain.terms import OrderTerms

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
REQUESTER, APPROVER = UUID(int=1), UUID(int=2)
ENDED: tuple[Status, ...] = ("awarded", "refused", "sent_back", "cancelled", "discarded")
GOODS = {
    UUID(int=10 + no): Article(
        article_id=UUID(int=10 + no),
        supplier_id=UUID(int=20 + no % 2),
        article_number=f"A-{no}",
        name="Papier",
        cpv="30197630",
        comparable_group=f"g:{no}",
        order_unit="KGM",
        unit_price_net=Decimal(price),
        vat_rate=Decimal(19),
        orderable=True,
    )
    for no, price in enumerate(["12.5000", "0.0050", "199.9900"])
}
WANTED = tuple(Wanted(article_id, Decimal("1.5")) for article_id in GOODS)
# 18.75 + 0.01 (0.0075, half up) + 299.99 (299.985, half up).
TOTAL = Decimal("318.75")
INPUTS = RouteInputs(
    contract_kind="supply",
    decided_on=AT.date(),
    ordered_net=TOTAL,
    side_costs_net=Decimal(0),
    estimate=Estimate(need_kind="one_off", method="sum_of_lines", net=TOTAL),
    need_before_net=Decimal(0),
    classes=(),
)
DIRECT = RouteDecision(
    outcome="direct", binding=False, reasons=(), decisive_net=TOTAL, evaluator=2, inputs=INPUTS
)
REQUEST = DIRECT.model_copy(
    update={"outcome": "request", "binding": True, "offers_asked": 2, "offers_received": 1}
)
OBTAINED = REQUEST.model_copy(
    update={"inputs": INPUTS.model_copy(update={"offers_obtained": True})}
)
APPROVAL = DIRECT.model_copy(update={"approval_required": True})
AWAY = DIRECT.model_copy(update={"outcome": "hand_over"})
OFFERS = (
    KeptOffer(kind="asked", supplier_name="Bürowelt"),
    KeptOffer(kind="received", supplier_name="Möbelhaus", net_total=TOTAL),
)
RELEASE = Release(code="urgency", reason="Rohrbruch", released_by=APPROVER)
AWARD = AwardBasis(handed_over_order_id=new_id(), procedure="negotiated", file_reference="V-1")
TURNED_DOWN = Decided("refuse", APPROVER, "0" * 64, "zu teuer")


def cart() -> SpotOrder:
    return SpotOrder(new_id(), UUID(int=3), UUID(int=3), REQUESTER, "B-17", wanted=WANTED)


class OrderSteps(RuleBasedStateMachine):
    """Requester, approver, award office and suppliers, each knocking whenever they like."""

    def __init__(self) -> None:
        super().__init__()
        self.order = cart()
        self.shares: list[SupplierOrder] = []
        self.news: list[Message] = []
        self.way: list[Status] = ["draft"]
        self.frozen = self.order.lines, self.order.supplier_order_ids

    def went(self, order: SpotOrder, news: list[Message]) -> None:
        before, self.order = self.order, order
        self.news += news
        self.way.append(order.status)
        if before.status == "draft":
            self.frozen = order.lines, order.supplier_order_ids

    def refused(self, conflict: Conflict, *codes: str, possible: bool) -> None:
        assert conflict.code in codes
        assert not possible

    @rule(decision=st.sampled_from([DIRECT, REQUEST, OBTAINED, APPROVAL, AWAY]))
    def submit(self, decision: RouteDecision) -> None:
        lines = freeze(WANTED, GOODS, AT.date())
        try:
            sent, news = self.order.submit(lines, REQUESTER, AT, new_id, Routed(None, decision))
        except Conflict as conflict:
            self.refused(conflict, "order_state", possible=self.order.status == "draft")
            return
        self.went(sent, news)
        after, self.shares, more = sent.follow(decision, AT)
        if any(isinstance(event, OrderApproved) for event in more):
            self.way.append("approved")
        self.went(after, more)

    @rule()
    def approve(self) -> None:
        try:
            approved, news = self.order.approve(replace(TURNED_DOWN, verdict="approve"))
        except Conflict:
            assert self.order.status != "submitted"
            return
        placed, self.shares, more = approved.place(AT)
        self.went(approved, news)
        self.went(placed, more)

    @rule()
    def refuse(self) -> None:
        try:
            self.went(*self.order.refuse(TURNED_DOWN))
        except Conflict:
            assert self.order.status != "submitted"

    @rule()
    def send_back(self) -> None:
        try:
            ended, draft, news = self.order.send_back(TURNED_DOWN, new_id())
        except Conflict:
            assert self.order.status != "submitted"
            return
        self.went(ended, news)
        assert [line.quantity for line in draft.wanted] == [line.quantity for line in WANTED]

    @rule(offers=st.sampled_from([OFFERS, OFFERS[:1], ()]))
    def take_offers(self, offers: tuple[KeptOffer, ...]) -> None:
        try:
            self.went(*self.order.take_offers(REQUEST, offers, APPROVER))
        except Conflict as conflict:
            possible = offers == OFFERS and self.order.status == "awaiting_offers"
            self.refused(conflict, "order_state", "offers_insufficient", possible=possible)

    @precondition(lambda self: self.order.status != "draft")
    @rule()
    def release(self) -> None:
        try:
            self.went(*self.order.release_by(RELEASE))
        except Conflict:
            assert self.order.status != "awaiting_offers"

    @rule()
    def award(self) -> None:
        try:
            self.went(*self.order.award(new_id(), AWARD))
        except Conflict:
            assert self.order.status != "handed_over"

    @rule()
    def despatch(self) -> None:
        if self.shares and self.shares[0].cancellable:
            heard, _ = self.shares[0].despatch(new_id(), date(2026, 3, 3))
            self.shares = [heard, *self.shares[1:]]

    @rule()
    def cancel(self) -> None:
        try:
            order, gone, news = self.order.cancel(self.shares, REQUESTER, "other")
        except Conflict as conflict:
            self.refused(conflict, "order_state", "nothing_to_cancel", possible=False)
            return
        by_id = {share.supplier_order_id: share for share in gone}
        self.shares = [by_id.get(share.supplier_order_id, share) for share in self.shares]
        self.went(order, news)

    @invariant()
    def every_step_is_in_the_table(self) -> None:
        for before, after in zip(self.way, self.way[1:], strict=False):
            assert before == after or after in TRANSITIONS[before].values()

    @invariant()
    def no_version_is_missing_or_announced_twice(self) -> None:
        versions = [event.version for event in self.news if event.key == str(self.order.order_id)]
        assert versions == list(range(1, len(versions) + 1))
        assert self.order.status == "discarded" or self.order.version == len(versions)

    @invariant()
    def what_was_sent_off_stays_as_it_was(self) -> None:
        if self.order.submitted_at is not None:
            assert (self.order.lines, self.order.supplier_order_ids) == self.frozen
            assert (self.order.net_total, self.order.wanted) == (TOTAL, ())

    @invariant()
    def only_what_was_approved_is_placed_and_to_the_cent(self) -> None:
        assert ("placed" in self.way) <= ("approved" in self.way)
        assert (self.order.placed_at is not None) == ("placed" in self.way)
        assert sum(share.net_total for share in self.shares) == (TOTAL if self.shares else 0)

    @invariant()
    def what_is_cancelled_has_no_share_on_its_way(self) -> None:
        if self.order.status == "cancelled":
            assert {share.status for share in self.shares} <= {"cancelled"}
        cancelled = {
            known
            for event in self.news
            if isinstance(event, OrderCancelled)
            for known in event.supplier_order_ids
        }
        assert cancelled == {
            share.supplier_order_id for share in self.shares if share.status == "cancelled"
        }


TestOrderSteps = OrderSteps.TestCase
TestOrderSteps.settings = settings(max_examples=60, stateful_step_count=14, deadline=None)


# -- the table itself -----------------------------------------------------------------------------


def reached(without: Status | None = None) -> set[Status]:
    """Every state a draft can come to, some state barred."""
    known: set[Status] = set()
    rest: list[Status] = ["draft"]
    while rest:
        status = rest.pop()
        if status not in known and status != without:
            known.add(status)
            rest += TRANSITIONS[status].values()
    return known


def test_every_state_can_be_reached_from_a_draft():
    assert reached() == set(get_args(Status))


@pytest.mark.parametrize(
    ("gate", "behind"),
    [("approved", "placed"), ("handed_over", "awarded"), ("submitted", "approved")],
)
def test_there_is_no_way_around(gate: Status, behind: Status):
    assert behind not in reached(without=gate)


def test_ends_are_ends_and_everything_else_goes_on():
    assert {status for status, verbs in TRANSITIONS.items() if not verbs} == set(ENDED)


def test_whatever_has_not_ended_can_be_taken_back():
    open_states = [status for status in get_args(Status) if status not in ENDED]
    assert all("cancel" in TRANSITIONS[status] for status in open_states)


def test_nothing_becomes_a_draft_again():
    assert "draft" not in {after for verbs in TRANSITIONS.values() for after in verbs.values()}


# -- single steps beside the table ----------------------------------------------------------------


def states(*but: Status) -> Iterator[SpotOrder]:
    yield from (replace(cart(), status=known) for known in get_args(Status) if known not in but)


def test_only_a_draft_is_revised_and_its_release_is_void_then():
    draft = replace(cart(), release=RELEASE)
    revised = draft.revised(WANTED[:1], OrderTerms(purpose="Schule"), "B-18", APPROVER)
    assert (revised.wanted, revised.reference, revised.requester_id) == (
        WANTED[:1],
        "B-18",
        APPROVER,
    )
    assert (revised.release, revised.version, revised.status) == (None, 0, "draft")
    for order in states("draft"):
        with pytest.raises(Conflict):
            order.revised((), OrderTerms(), "", APPROVER)
        with pytest.raises(Conflict):
            order.sent_by(APPROVER)


def test_a_release_of_a_draft_is_no_news_and_of_a_waiting_order_is():
    released, news = cart().release_by(RELEASE)
    assert (released.status, released.version, released.release, news) == ("draft", 0, RELEASE, [])
    waiting = replace(cart(), status="awaiting_offers", version=2)
    gone_on, (event,) = waiting.release_by(RELEASE)
    assert (gone_on.status, gone_on.version, event.version) == ("submitted", 3, 3)
    for order in states("draft", "awaiting_offers"):
        with pytest.raises(Conflict):
            order.release_by(RELEASE)


def test_a_route_decided_anew_moves_nothing_but_the_version():
    for order in states():
        noted, (event,) = order.decided_anew(APPROVAL, "approval")
        assert noted == replace(order, version=1)
        assert (event.version, event.occasion, event.decision) == (1, "approval", APPROVAL)


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        (DIRECT, "placed"),
        (APPROVAL, "submitted"),
        (REQUEST, "awaiting_offers"),
        (OBTAINED, "placed"),
        (AWAY, "handed_over"),
        # Offers come before the approver; the award office before both.
        (REQUEST.model_copy(update={"approval_required": True}), "awaiting_offers"),
        (OBTAINED.model_copy(update={"approval_required": True}), "submitted"),
        (AWAY.model_copy(update={"approval_required": True}), "handed_over"),
    ],
)
def test_an_order_goes_as_far_as_its_decision_lets_it(decision: RouteDecision, status: Status):
    after, shares, news = replace(cart(), status="submitted").follow(decision, AT)
    assert after.status == status
    assert bool(shares) == bool(after.supplier_order_ids)
    assert [event.version for event in news if event.key == str(after.order_id)] == list(
        range(1, after.version + 1)
    )


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        (["Bürowelt", "Möbelhaus"], True),
        (["Bürowelt", "Möbelhaus", "Druckerei"], True),
        (["Bürowelt"], False),
        (["Bürowelt", "BÜROWELT"], False),
        (["Bürowelt", "Möbelhaus", "möbelhaus"], False),
    ],
)
def test_offers_are_of_enough_suppliers_that_are_not_the_same(names: list[str], enough: bool):
    waiting = replace(cart(), status="awaiting_offers")
    offers = [KeptOffer(kind="received", supplier_name=name, net_total=TOTAL) for name in names]
    if enough:
        assert waiting.take_offers(REQUEST, offers, APPROVER)[0].status == "submitted"
        return
    with pytest.raises(Conflict) as refused:
        waiting.take_offers(REQUEST, offers, APPROVER)
    assert refused.value.code == "offers_insufficient"


def test_who_was_only_asked_has_not_answered():
    waiting = replace(cart(), status="awaiting_offers")
    asked = [KeptOffer(kind="asked", supplier_name=name) for name in ("Bürowelt", "Möbelhaus")]
    with pytest.raises(Conflict) as refused:
        waiting.take_offers(REQUEST, asked, APPROVER)
    assert refused.value.code == "offers_insufficient"
