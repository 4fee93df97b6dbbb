"""What is asked for and the lines it becomes: prices of now, days, quotes, documents, sums."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.order_details import AccountAssignment, LineQuote
from marktbund.contracts.routes import KeptOffer
from marktbund.errors import Invalid
from orders.ground.domain.articles import MAX_NET, Article
from orders.ordering.domain.lines import (
    FreeText,
    Wanted,
    documents_of,
    documents_of_offers,
    free_text_of,
    freeze,
    hindrance,
    require_known,
)

TODAY = date(2026, 5, 31)
PAPER = Article(
    article_id=UUID(int=1),
    supplier_id=UUID(int=2),
    article_number="BW-1",
    name="Papier",
    cpv="30197630",
    comparable_group="gtin:1",
    order_unit="C62",
    unit_price_net=Decimal("3.7950"),
    vat_rate=Decimal(19),
    orderable=True,
)
QUOTE = LineQuote(document_sha256="ab" * 32, quoted_on=date(2026, 5, 1))
SLIDE = FreeText(
    supplier_id=UUID(int=3),
    description="Rutsche  für  das Freibad",
    cpv="37535200",
    order_unit="C62",
    unit_price_net=Decimal(4200),
    vat_rate=Decimal(19),
    quote=QUOTE,
    article_number="R-7",
)
LINE_ID = UUID(int=9)
DESCRIBED = Wanted(LINE_ID, Decimal(1), free_text=SLIDE)


def wanted(quantity: str = "3", **more) -> Wanted:
    return Wanted(PAPER.article_id, Decimal(quantity), **more)


def lines_of(*asked: Wanted, **changes):
    known = replace(PAPER, **changes)
    described = SLIDE.article(LINE_ID, orderable=True)
    return freeze(asked, {known.article_id: known, LINE_ID: described}, TODAY)


def test_lines_are_numbered_from_one_at_the_prices_of_now():
    account = AccountAssignment(cost_centre="57310")
    day = date(2026, 6, 30)
    first, second = lines_of(wanted(), wanted("2", requested_delivery_date=day, account=account))
    assert (first.line_no, first.net_amount) == (1, Decimal("11.39"))
    assert (second.line_no, second.net_amount) == (2, Decimal("7.59"))
    assert (second.requested_delivery_date, second.account) == (day, account)
    assert first.quote is None


@pytest.mark.parametrize(
    ("quantity", "price", "net"),
    [
        ("1", "0.0050", "0.01"),
        ("3", "3.7950", "11.39"),
        ("0.333", "10.0000", "3.33"),
        ("1000", "0.1249", "124.90"),
    ],
)
def test_a_line_is_rounded_to_the_cent_half_away_from_zero(quantity, price, net):
    (line,) = lines_of(wanted(quantity), unit_price_net=Decimal(price), order_unit="KGM")
    assert line.net_amount == Decimal(net)


def test_free_text_becomes_a_line_with_its_quote_and_is_wanted_again_as_it_was():
    (line,) = lines_of(DESCRIBED)
    assert (line.name, line.article_number, line.quote) == (SLIDE.description, "R-7", QUOTE)
    assert line.comparable_group == "free:rutsche für das freibad|C62"
    assert free_text_of(line) == SLIDE
    assert Wanted.again(line) == DESCRIBED


def test_a_catalogues_line_is_wanted_again_without_its_price():
    (line,) = lines_of(wanted())
    assert free_text_of(line) is None
    assert Wanted.again(line) == wanted()


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("Rutsche", "free:rutsche|C62"),
        ("  RUTSCHE ", "free:rutsche|C62"),
        ("Straße", "free:strasse|C62"),
        ("Ⅳ\u00a0Teile", "free:iv teile|C62"),
    ],
)
def test_equal_wants_are_grouped_whatever_their_case_and_spaces(words: str, group: str):
    assert replace(SLIDE, description=words).comparable_group == group


def test_another_unit_is_another_group_and_long_words_are_bounded():
    assert replace(SLIDE, order_unit="SET").comparable_group.endswith("|SET")
    long = replace(SLIDE, description="wort " * 200)
    assert len(long.comparable_group) == len("free:") + 300 + len("|C62")


# -- what cannot be ordered -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "changes", "code", "field"),
    [
        (wanted("2.5"), {}, "quantity_not_whole", "lines[0].quantity"),
        (wanted("1"), {"minimum_quantity": Decimal(5)}, "quantity_below_minimum", None),
        (wanted("5"), {"quantity_interval": Decimal(2)}, "quantity_off_interval", None),
        (wanted("1"), {"unit_price_net": Decimal("0.0049")}, "amount_zero", None),
        (wanted(), {"orderable": False}, "article_withdrawn", "lines[0].article_id"),
        (
            wanted(requested_delivery_date=date(2026, 5, 30)),
            {},
            "day_in_the_past",
            "lines[0].requested_delivery_date",
        ),
        (
            replace(
                DESCRIBED,
                free_text=replace(
                    SLIDE, quote=QUOTE.model_copy(update={"quoted_on": date(2024, 5, 30)})
                ),
            ),
            {},
            "quote_too_old",
            "lines[0].free_text.quoted_on",
        ),
        (
            wanted("2"),
            {"unit_price_net": Decimal(9000000000000000)},
            "amount_too_large",
            "lines[0].quantity",
        ),
    ],
)
def test_a_line_that_cannot_be_is_named_by_its_field(asked, changes, code, field):
    with pytest.raises(Invalid) as refused:
        lines_of(asked, **changes)
    assert refused.value.code == code
    assert refused.value.field == (field or "lines[0].quantity")


def test_the_second_line_is_named_as_the_second():
    with pytest.raises(Invalid) as refused:
        lines_of(wanted(), wanted("0.5"))
    assert refused.value.field == "lines[1].quantity"


def test_an_article_nobody_knows_sends_back_to_the_search():
    reason = hindrance(wanted(), None, "lines[0]")
    assert reason is not None
    assert (reason.code, reason.way_out) == ("article_unknown", "Neu suchen.")
    with pytest.raises(Invalid):
        freeze([wanted()], {}, TODAY)


def test_words_of_a_supplier_that_does_not_sell_are_its_refusal():
    silent = SLIDE.article(LINE_ID, orderable=False)
    reason = hindrance(DESCRIBED, silent, "lines[4]")
    assert reason is not None
    assert (reason.code, reason.field) == (
        "supplier_not_selling",
        "lines[4].free_text.supplier_id",
    )


def test_an_order_may_reach_the_largest_amount_and_not_pass_it():
    dearest = {"unit_price_net": Decimal("9999999999.9999"), "order_unit": "KGM"}
    (line,) = lines_of(wanted("999999.9"), **dearest)
    assert line.net_amount <= MAX_NET < 2 * line.net_amount
    with pytest.raises(Invalid) as refused:
        lines_of(wanted("999999.9"), wanted("999999.9"), **dearest)
    assert (refused.value.code, refused.value.field) == ("amount_too_large", "lines[1].quantity")


@given(
    asked=st.lists(
        st.builds(
            Wanted,
            article_id=st.just(PAPER.article_id),
            quantity=st.integers(1, 9999).map(Decimal),
        ),
        max_size=20,
    )
)
def test_what_was_sent_off_can_be_sent_off_again_as_the_same(asked):
    lines = lines_of(*asked)
    assert [line.line_no for line in lines] == list(range(1, len(asked) + 1))
    assert lines_of(*(Wanted.again(line) for line in lines)) == lines


# -- documents ------------------------------------------------------------------------------------


def offer(sha256: str | None) -> KeptOffer:
    return KeptOffer(kind="external", supplier_name="Bürowelt", document_sha256=sha256)


def test_documents_are_named_by_where_they_stand():
    documents = documents_of([wanted(), DESCRIBED], [offer(None), offer("cd" * 32)])
    assert documents == {
        "lines[1].free_text.document_sha256": "ab" * 32,
        "quotes[1].document_sha256": "cd" * 32,
    }
    assert documents_of_offers([offer("ef" * 32)], "offers") == {
        "offers[0].document_sha256": "ef" * 32
    }


def test_the_first_document_nobody_uploaded_is_named():
    documents = {"quotes[0].document_sha256": "ab" * 32, "quotes[1].document_sha256": "cd" * 32}
    require_known(documents, {"ab" * 32, "cd" * 32})
    with pytest.raises(Invalid) as refused:
        require_known(documents, {"ab" * 32})
    assert (refused.value.code, refused.value.field) == (
        "document_unknown",
        "quotes[1].document_sha256",
    )
