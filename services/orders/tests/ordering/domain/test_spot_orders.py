"""The rules of a spot order, called plainly."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.orders import AwardBasis, OrderPlaced, OrderSubmitted, SupplierOrderPlaced
from marktbund.contracts.routes import Estimate, RouteDecision, RouteInputs
from marktbund.envelope import MAX_VALUE_BYTES
from marktbund.errors import Conflict, Invalid
from marktbund.ids import new_id
from orders.awarding.domain.outcomes import Decided, Routed
from orders.ground.domain.articles import MAX_NET, Article
from orders.ordering.commands.orders import MAX_LINES
from orders.ordering.domain.lines import Wanted, freeze
from orders.ordering.domain.spot_orders import TRANSITIONS, SpotOrder, Status, Verb

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BY = new_id()
PRICES = st.just(Decimal(0)) | st.decimals(min_value=5, max_value=99_999, places=4)
QUANTITIES = st.decimals(min_value="0.001", max_value=9_999, places=3)


def article(supplier_id: UUID, price: str | Decimal = "12.50", **more: object) -> Article:
    known = Article(
        article_id=new_id(),
        supplier_id=supplier_id,
        article_number="BW-1",
        name="Papier",
        cpv="30197630",
        comparable_group="gtin:2893779877144",
        order_unit="XPK",
        unit_price_net=Decimal(price),
        vat_rate=Decimal(19),
        orderable=True,
    )
    return replace(known, **more)


def draft(*wanted: Wanted) -> SpotOrder:
    return SpotOrder(new_id(), new_id(), new_id(), new_id(), "B-17", wanted=wanted)


def want(*articles: Article, quantity: str = "2") -> tuple[Wanted, ...]:
    return tuple(Wanted(offer.article_id, Decimal(quantity)) for offer in articles)


def offers(*articles: Article) -> dict[UUID, Article]:
    return {offer.article_id: offer for offer in articles}


def send(order: SpotOrder, known: dict[UUID, Article], ids: Callable[[], UUID] = new_id):
    return order.submit(freeze(order.wanted, known, AT.date()), BY, AT, ids, Routed())


def test_submission_freezes_prices_and_says_who_sent_it_off():
    paper = article(new_id(), order_unit="KGM")
    wanted = Wanted(paper.article_id, Decimal("1.5"), date(2026, 4, 1))
    submitted, (event,) = send(draft(wanted), offers(paper))
    assert isinstance(event, OrderSubmitted)
    assert (event.submitted_by, event.submitted_at, event.version) == (BY, AT, 1)
    (line,) = event.lines
    assert (line.line_no, line.unit_price_net, line.net_amount) == (
        1,
        Decimal("12.50"),
        Decimal("18.75"),
    )
    assert line.requested_delivery_date == date(2026, 4, 1)
    assert (submitted.wanted, submitted.net_total) == ((), Decimal("18.75"))


def test_ids_of_supplier_orders_are_drawn_once_and_kept():
    first, second = new_id(), new_id()
    goods = [article(first), article(second), article(first)]
    drawn: list[UUID] = []

    def draw() -> UUID:
        drawn.append(new_id())
        return drawn[-1]

    submitted, _ = send(draft(*want(*goods)), offers(*goods), draw)
    approved, _ = submitted.approve()
    placed, shares, news = approved.place(AT)
    assert len(drawn) == 2
    assert [share.supplier_order_id for share in shares] == drawn
    assert placed.supplier_order_ids == submitted.supplier_order_ids
    assert [e.supplier_order_id for e in news if isinstance(e, SupplierOrderPlaced)] == drawn


@given(st.lists(st.tuples(st.integers(0, 3), QUANTITIES, PRICES), min_size=1, max_size=12))
def test_a_split_loses_no_line_and_no_cent(rows: list[tuple[int, Decimal, Decimal]]):
    suppliers = [new_id() for _ in range(4)]
    goods = [article(suppliers[shop], price, order_unit="KGM") for shop, _, price in rows]
    wanted = [
        Wanted(offer.article_id, quantity)
        for offer, (_, quantity, _) in zip(goods, rows, strict=True)
    ]
    submitted, _ = send(draft(*wanted), offers(*goods))
    placed, shares, (event, *parts) = submitted.approve()[0].place(AT)
    assert isinstance(event, OrderPlaced)
    assert sum(share.net_total for share in shares) == placed.net_total == event.net_total
    assert sum(ref.net_total for ref in event.supplier_orders) == event.net_total
    numbers = sorted(line.line_no for part in parts for line in part.lines)
    assert numbers == list(range(1, len(rows) + 1))
    assert len({share.supplier_id for share in shares}) == len(shares)


def test_each_line_is_rounded_half_up_and_sums_are_not():
    pen = article(new_id(), "0.0050")
    submitted, _ = send(draft(*want(pen, pen, quantity="1")), offers(pen))
    assert submitted.net_total == Decimal("0.02")


def test_an_unknown_article_names_its_line():
    paper = article(new_id())
    with pytest.raises(Invalid) as refused:
        send(draft(*want(paper), Wanted(new_id(), Decimal(1))), offers(paper))
    assert (refused.value.code, refused.value.field) == ("article_unknown", "lines[1].article_id")


def test_a_withdrawn_article_names_its_line():
    gone = article(new_id(), orderable=False)
    with pytest.raises(Invalid) as refused:
        send(draft(*want(gone)), offers(gone))
    assert (refused.value.code, refused.value.field) == ("article_withdrawn", "lines[0].article_id")


def test_an_amount_no_column_can_hold_is_refused_on_its_line():
    ship = article(new_id(), "9999999999.9999")
    fits = Wanted(ship.article_id, Decimal(1_000_000))
    assert freeze([fits], offers(ship), AT.date())[0].net_amount <= MAX_NET
    with pytest.raises(Invalid) as refused:
        freeze([fits, fits], offers(ship), AT.date())
    assert (refused.value.code, refused.value.field) == ("amount_too_large", "lines[1].quantity")


def test_the_largest_order_fits_into_one_record():
    widest = {"article_number": "Ü" * 60, "name": "Ü" * 200, "comparable_group": "Ü" * 200}
    goods = [article(new_id(), "99999.9999", **widest) for _ in range(MAX_LINES)]
    wanted = [Wanted(offer.article_id, Decimal(9_999_999), date(2026, 12, 31)) for offer in goods]
    submitted, (sent,) = send(draft(*wanted), offers(*goods))
    _, _, news = submitted.approve()[0].place(AT)
    for event in (sent, *news):
        assert len(event.model_dump_json().encode()) < MAX_VALUE_BYTES


TURNED_DOWN = Decided("refuse", BY, "0" * 64, "")
ASKING = RouteDecision(
    outcome="request",
    binding=True,
    reasons=(),
    decisive_net=Decimal(0),
    evaluator=1,
    inputs=RouteInputs(
        contract_kind="supply",
        decided_on=AT.date(),
        ordered_net=Decimal(0),
        side_costs_net=Decimal(0),
        estimate=Estimate(need_kind="one_off", method="sum_of_lines", net=Decimal(0)),
        need_before_net=Decimal(0),
        classes=(),
    ),
)
AWARD = AwardBasis(handed_over_order_id=new_id(), procedure="negotiated", file_reference="V-1")
ACTS: dict[Verb, Callable[[SpotOrder], SpotOrder]] = {
    "submit": lambda order: send(order, {})[0],
    "await_offers": lambda order: order.follow(ASKING, AT)[0],
    "go_on": lambda order: order.take_offers(ASKING, [], BY)[0],
    "hand_over": lambda order: order.hand_over(AT)[0],
    "award": lambda order: order.award(new_id(), AWARD)[0],
    "approve": lambda order: order.approve()[0],
    "refuse": lambda order: order.refuse(TURNED_DOWN)[0],
    "send_back": lambda order: order.send_back(TURNED_DOWN, new_id())[0],
    "place": lambda order: order.place(AT)[0],
    "cancel": lambda order: order.cancel([], BY, "other")[0],
}


@pytest.mark.parametrize("verb", get_args(Verb))
@pytest.mark.parametrize("status", get_args(Status))
def test_a_verb_does_what_the_table_says(status: Status, verb: Verb):
    order = replace(draft(), status=status, version=3)
    after = TRANSITIONS[status].get(verb)
    if after is None:
        with pytest.raises(Conflict) as refused:
            ACTS[verb](order)
        assert refused.value.code == "order_state"
    else:
        changed = ACTS[verb](order)
        assert (changed.status, changed.version) == (after, 4)


def test_every_state_has_its_row_in_the_table():
    assert set(TRANSITIONS) == set(get_args(Status))


def test_a_discarded_draft_is_no_news():
    discarded, shares, news = draft().cancel([], BY, "ordered_by_mistake")
    assert (discarded.status, shares, news) == ("discarded", [], [])
