"""What an order rests on, looked at again; the sum that was seen; what is told of an answer."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.orders import AnsweredLine, OrderLine
from marktbund.errors import Conflict
from orders.ground.domain.articles import Article
from orders.ground.domain.buyers import Buyer
from orders.ordering.domain.grounds import Grounds, hindrances
from orders.ordering.domain.notices import of_answer
from orders.ordering.domain.seen import against_seen, require_seen
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.terms import NeedTerms, OrderTerms

TODAY = date(2026, 5, 31)
TOWN = UUID(int=1)
PAPER = Article(
    article_id=UUID(int=3),
    supplier_id=UUID(int=4),
    article_number="BW-1",
    name="Papier",
    cpv="30197630",
    comparable_group="gtin:1",
    order_unit="C62",
    unit_price_net=Decimal("12.50"),
    vat_rate=Decimal(19),
    orderable=True,
)
LINE = OrderLine(
    line_no=1,
    article_id=PAPER.article_id,
    supplier_id=PAPER.supplier_id,
    article_number="BW-1",
    name="Papier",
    cpv="30197630",
    comparable_group="gtin:1",
    quantity=Decimal(3),
    order_unit="C62",
    unit_price_net=Decimal("12.50"),
    vat_rate=Decimal(19),
    net_amount=Decimal("37.50"),
)
ORDER = SpotOrder(UUID(int=8), TOWN, TOWN, UUID(int=5), "17", lines=(LINE,))


def codes(*articles: Article, buyer: Buyer | None = None, order: SpotOrder = ORDER) -> list[str]:
    known = {article.article_id: article for article in articles}
    grounds = Grounds(buyer or Buyer(TOWN, TOWN), known)
    return [reason.code for reason in hindrances(order, grounds, TODAY)]


def test_nothing_stands_against_an_order_whose_grounds_are_as_they_were():
    assert codes(PAPER) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"unit_price_net": Decimal("12.51")}, ["price_changed"]),
        ({"unit_price_net": Decimal("12.4900")}, ["price_changed"]),
        ({"name": "Papier, weiß"}, ["article_changed"]),
        ({"supplier_id": UUID(int=7)}, ["article_changed"]),
        ({"vat_rate": Decimal(7)}, ["article_changed"]),
        ({"order_unit": "XPK"}, ["article_changed"]),
        ({"unit_price_net": Decimal(1), "name": "Karton"}, ["price_changed", "article_changed"]),
        ({"orderable": False}, ["article_withdrawn"]),
        ({"minimum_quantity": Decimal(10)}, ["quantity_below_minimum"]),
        ({"cpv": "30199000"}, []),
        ({"comparable_group": "gtin:2"}, []),
    ],
)
def test_whatever_changed_of_an_article_stands_against_it(changes: dict, expected: list[str]):
    assert codes(replace(PAPER, **changes)) == expected


def test_an_article_that_is_gone_and_a_member_that_may_not_buy_are_both_named():
    suspended = Buyer(TOWN, TOWN, active=False)
    assert codes(buyer=suspended) == ["member_not_active", "article_unknown"]


def test_a_unit_that_is_none_any_more_is_named():
    assert codes(PAPER, buyer=Buyer(TOWN, TOWN, unit_known=False)) == ["unit_unknown"]


def test_every_line_is_looked_at_and_named_by_its_place():
    other = LINE.model_copy(update={"line_no": 2, "unit_price_net": Decimal(9)})
    order = replace(ORDER, lines=(LINE, other))
    (reason,) = hindrances(order, Grounds(Buyer(TOWN, TOWN), {PAPER.article_id: PAPER}), TODAY)
    assert reason.field == "lines[1].unit_price_net"
    assert "jetzt 12,50 EUR" in reason.detail


# -- the sum that was seen ------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [None, Decimal("37.50"), Decimal("37.5")])
def test_the_sum_that_was_shown_lets_an_order_pass(seen: Decimal | None):
    require_seen(seen, (LINE,))
    assert against_seen(seen, (LINE,)) is None


@pytest.mark.parametrize("seen", ["37.49", "37.51", "0"])
def test_at_another_sum_nothing_is_ordered_and_the_new_one_is_shown(seen: str):
    with pytest.raises(Conflict) as refused:
        require_seen(Decimal(seen), (LINE,))
    assert (refused.value.code, refused.value.field) == ("price_changed", "seen_net_total")
    assert refused.value.extra["net_total"] == "37.50"
    assert [line["line_no"] for line in refused.value.extra["lines"]] == [1]


# -- terms ----------------------------------------------------------------------------------------


def test_only_what_is_named_is_revised():
    before = OrderTerms(purpose="Freibad", buyer_reference="05-1", need_id=UUID(int=6))
    after = before.revised(OrderTerms(purpose="Bauhof", buyer_reference="99"), {"purpose"})
    assert after == replace(before, purpose="Bauhof")


def test_a_need_described_replaces_the_one_that_was_known():
    before = OrderTerms(need_id=UUID(int=6))
    described = OrderTerms(need=NeedTerms(title="Papier", kind="recurring"))
    after = before.revised(described, {"need"})
    assert (after.need_id, after.need.title) == (None, "Papier")
    named = before.revised(OrderTerms(need_id=UUID(int=7)), {"need_id"})
    assert named.need_id == UUID(int=7)


# -- what an answer is worth telling --------------------------------------------------------------


def answered(decision: str, promised: date | None = None, line_no: int = 1) -> AnsweredLine:
    return AnsweredLine(
        line_no=line_no,
        decision=decision,
        quantity=Decimal(1),
        unit_price_net=Decimal(1),
        accepted_net=Decimal(1),
        refused_net=Decimal(0),
        reduced_net=Decimal(0),
        promised_date=promised,
    )


LATE = date(2026, 6, 11)
WANTED = {1: date(2026, 6, 10), 2: None}


@pytest.mark.parametrize(
    ("lines", "news"),
    [
        ([answered("accepted")], None),
        ([answered("accepted", date(2026, 6, 10))], None),
        ([answered("accepted", LATE)], "supplier_late"),
        ([answered("accepted", LATE, line_no=2)], None),
        ([answered("accepted", LATE, line_no=3)], None),
        ([answered("changed")], "supplier_changed"),
        ([answered("changed", LATE)], "supplier_late"),
        ([answered("accepted", LATE), answered("refused", line_no=2)], "supplier_refused"),
        ([], None),
    ],
)
def test_the_weightiest_news_of_an_answer_is_told(lines, news: str | None):
    assert of_answer(lines, WANTED) == news
