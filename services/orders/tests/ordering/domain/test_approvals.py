"""Who may decide on an order, on which content, and what becomes of one that cannot go on."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import get_args
from uuid import UUID

import pytest

from marktbund.contracts.orders import OrderKind, OrderLine
from marktbund.contracts.routes import Estimate, RouteDecision, RouteInputs
from marktbund.errors import Conflict, DomainError, Forbidden
from orders.awarding.domain.outcomes import KeptDecision
from orders.ground.domain.reasons import Reason
from orders.ordering.domain.approvals import hindered, require_right
from orders.ordering.domain.content import content_of, content_sha256
from orders.ordering.domain.spot_orders import SpotOrder, Status
from orders.ordering.domain.terms import OrderTerms

REQUESTER, APPROVER = UUID(int=5), UUID(int=6)
LINE = OrderLine(
    line_no=1,
    article_id=UUID(int=3),
    supplier_id=UUID(int=4),
    article_number="BW-1",
    name="Papier",
    cpv="30197630",
    comparable_group="gtin:1",
    quantity=Decimal(3),
    order_unit="XPK",
    unit_price_net=Decimal("12.50"),
    vat_rate=Decimal(19),
    net_amount=Decimal("37.50"),
)
WAITING = SpotOrder(
    UUID(int=1), UUID(int=2), UUID(int=2), REQUESTER, "17", status="submitted", lines=(LINE,)
)
DECISION = RouteDecision(
    outcome="direct",
    binding=False,
    reasons=("frei",),
    decisive_net=Decimal("37.50"),
    evaluator=1,
    inputs=RouteInputs(
        contract_kind="supply",
        decided_on=date(2026, 3, 2),
        ordered_net=Decimal("37.50"),
        side_costs_net=Decimal(0),
        estimate=Estimate(need_kind="one_off", method="sum_of_lines", net=Decimal("37.50")),
        need_before_net=Decimal(0),
        classes=(),
    ),
)
CONTENT = content_of(WAITING, DECISION)
SEEN = content_sha256(CONTENT)
KEPT = KeptDecision(1, DECISION, SEEN, CONTENT)
OF_BEFORE = replace(KEPT, content=None)
PRICE = Reason("price_changed", "Der Preis ist anders", "Papier: 3 EUR.", "Neu prüfen.")
GONE = Reason("article_withdrawn", "Nicht mehr lieferbar", "", "Anderen wählen.", "lines[0]")


def refused_with(
    order: SpotOrder = WAITING,
    kept: KeptDecision = KEPT,
    by: UUID = APPROVER,
    seen: str = SEEN,
) -> DomainError:
    with pytest.raises(DomainError) as refused:
        require_right(order, kept, by, seen)
    return refused.value


@pytest.mark.parametrize("kept", [KEPT, OF_BEFORE])
def test_a_second_person_decides_on_what_was_kept(kept: KeptDecision):
    require_right(WAITING, kept, APPROVER, SEEN)


@pytest.mark.parametrize("status", [known for known in get_args(Status) if known != "submitted"])
def test_only_a_waiting_order_is_decided_on(status: Status):
    refusal = refused_with(replace(WAITING, status=status))
    assert (type(refusal), refusal.code) == (Conflict, "order_state")


def test_nobody_approves_their_own_order():
    refusal = refused_with(by=REQUESTER)
    assert (type(refusal), refusal.code) == (Forbidden, "four_eyes")
    assert refusal.way_out


def test_whoever_sent_a_colleagues_draft_off_answers_for_it():
    draft = replace(WAITING, status="draft")
    sent = replace(draft.sent_by(APPROVER), status="submitted")
    assert refused_with(sent).code == "four_eyes"
    require_right(sent, KEPT, REQUESTER, SEEN)


def test_an_order_that_is_decided_hears_that_before_anything_else():
    done = replace(WAITING, status="placed")
    assert refused_with(done, by=REQUESTER, seen="0" * 64).code == "order_state"


def test_a_requester_learns_nothing_of_hashes():
    assert refused_with(by=REQUESTER, seen="0" * 64).code == "four_eyes"


@pytest.mark.parametrize("kept", [KEPT, OF_BEFORE])
def test_what_was_not_seen_is_not_decided_on(kept: KeptDecision):
    refusal = refused_with(kept=kept, seen="0" * 64)
    assert (type(refusal), refusal.code) == (Conflict, "content_changed")
    assert refusal.field == "content_sha256"


@pytest.mark.parametrize(
    "changed",
    [
        replace(WAITING, lines=(LINE.model_copy(update={"quantity": Decimal(30)}),)),
        replace(WAITING, lines=(LINE, LINE.model_copy(update={"line_no": 2}))),
        replace(WAITING, terms=OrderTerms(side_costs_net=Decimal("0.01"))),
        replace(WAITING, need_id=UUID(int=77)),
    ],
)
def test_an_order_that_says_something_else_than_was_kept_is_not_decided_on(changed: SpotOrder):
    assert refused_with(changed).code == "content_changed"


def test_what_cannot_go_on_goes_back_with_all_its_reasons():
    decided = hindered(WAITING, APPROVER, SEEN, "approval", [PRICE, GONE])
    assert (decided.verdict, decided.by, decided.occasion) == ("send_back", APPROVER, "approval")
    assert decided.comment == (
        "Der Preis ist anders (Papier: 3 EUR). Neu prüfen. Nicht mehr lieferbar. Anderen wählen."
    )
    assert [reason.code for reason in decided.hindrances] == ["price_changed", "article_withdrawn"]
    ended, draft, (event,) = WAITING.send_back(decided, UUID(int=50))
    assert (ended.status, draft.status, draft.requester_id) == ("sent_back", "draft", REQUESTER)
    assert (event.hindrances, event.occasion) == (decided.hindrances, "approval")


@pytest.mark.parametrize(("kind", "verdict"), [("spot", "send_back"), ("call_off", "refuse")])
def test_a_call_off_that_cannot_go_on_is_refused_for_it_has_no_draft(kind: OrderKind, verdict: str):
    order = replace(WAITING, order_kind=kind)
    assert hindered(order, APPROVER, SEEN, "release", [GONE]).verdict == verdict


def test_a_call_off_is_never_sent_back_and_keeps_its_state():
    order = replace(WAITING, order_kind="call_off")
    decided = hindered(WAITING, APPROVER, SEEN, "approval", [GONE])
    with pytest.raises(Conflict) as refused:
        order.send_back(decided, UUID(int=50))
    assert refused.value.code == "order_state"
    assert "Abruf" in refused.value.title


def test_a_draft_made_of_what_went_back_says_all_but_its_prices():
    terms = OrderTerms(side_costs_net=Decimal("4.90"), buyer_reference="KST 12", purpose="Schule")
    order = replace(WAITING, terms=terms)
    decided = hindered(order, APPROVER, SEEN, "approval", [PRICE])
    _, draft, _ = order.send_back(decided, UUID(int=50))
    (wanted,) = draft.wanted
    assert (wanted.article_id, wanted.quantity) == (LINE.article_id, Decimal(3))
    assert (draft.terms, draft.lines, draft.version) == (terms, (), 0)
    assert (draft.order_id, draft.reference, draft.need_id) == (UUID(int=50), "17", None)
