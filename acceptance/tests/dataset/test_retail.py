"""The wholesaler's rows told apart: every pound is an order, a correction or a listed row."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from acceptance.actors.buying import sent_lines
from acceptance.actors.manners import Returning
from acceptance.dataset.retail import (
    LINES_PER_ORDER,
    RetailRow,
    classes,
    months_of,
    orders,
    requester,
    retail_rows,
    told_apart,
)
from acceptance.ledger.journal import Fetched, Ordered
from acceptance.ledger.lines import DocumentLine, Word
from acceptance.streams import RETAIL_TOTAL, volume

DAY = date(2011, 3, 1)


def row(number, quantity, *, price="2.55", code="85123A", customer="17850"):
    return RetailRow(
        number, "536365", code, quantity, DAY, Decimal(price), customer, "United Kingdom"
    )


@pytest.fixture(scope="module")
def whole():
    return told_apart(retail_rows())


@pytest.fixture(scope="module")
def made(whole):
    return orders(whole)


def test_the_data_are_whole():
    rows = retail_rows()
    assert len(rows) == 541_909
    assert sum(retail_row.value for retail_row in rows) == RETAIL_TOTAL
    assert len({retail_row.country for retail_row in rows}) == 38
    assert len(months_of(rows)) == 13


def test_orders_corrections_and_listed_rows_add_up_to_the_data(whole):
    listed = sum(listed_row.value for listed_row in whole.listed)
    assert whole.sold == Decimal("10666684.540")
    assert whole.corrected == Decimal("-485617.730")
    assert whole.sold + whole.corrected + listed == RETAIL_TOTAL
    assert Counter(listed_row.why for listed_row in whole.listed) == {
        "price not above zero": 2_517,
        "worth less than half a cent": 4,
        "return without an earlier sale": 1_970,
    }


def test_every_sale_is_a_line_once_and_no_order_is_too_long(whole, made):
    lines = Counter(line.line_id for order in made for line in order.lines)
    assert lines == Counter(sale.row.row_no for sale in whole.sales)
    assert max(len(order.lines) for order in made) == LINES_PER_ORDER
    assert len({order.identity for order in made}) == len(made) == 1_298
    assert len({order.member for order in made}) == 38


def test_the_orders_of_a_member_and_month_share_no_supplier_but_where_one_is_cut(made):
    seen = Counter(
        (order.member, order.month, vendor) for order in made for vendor in order.vendors
    )
    months = {(order.member, order.month) for order in made}
    assert len(months) == 302
    assert seen.total() - len(seen) <= len(made) - len(months)
    assert seen.total() == 12_230


def test_whoever_wanted_the_first_line_sends_the_order_off(whole, made):
    customers = {sale.row.row_no: sale.row.customer for sale in whole.sales}
    for order in made:
        first = customers[order.lines[0].line_id]
        assert order.requester == requester(order.member, first)


def test_sixty_vendors_and_forty_classes_of_goods(made):
    sold = {line.article for order in made for line in order.lines}
    assert len({article.vendor for article in sold}) == 60
    assert {article.cpv for article in sold} <= set(classes())
    assert len({article.cpv for article in sold}) == 40
    vendors = {}
    for article in sold:
        code = article.article_number.partition(" @ ")[0]
        assert vendors.setdefault(code, (article.vendor, article.cpv)) == (
            article.vendor,
            article.cpv,
        )


def test_a_return_takes_from_the_earliest_sales_of_the_same_customer_article_and_price():
    ledger = told_apart(
        [
            row(1, 6),
            row(2, 4),
            row(3, 9, customer=""),
            row(4, -8),
            row(5, -5),
            row(6, -1, price="2.10"),
        ]
    )
    assert [sale.returned for sale in ledger.sales] == [6, 4, 0]
    assert [(listed_row.row.row_no, listed_row.quantity) for listed_row in ledger.listed] == [
        (5, -3),
        (6, -1),
    ]
    listed = sum(listed_row.value for listed_row in ledger.listed)
    assert ledger.sold + ledger.corrected + listed == Decimal("13.20")


def test_a_return_before_its_sale_is_listed():
    ledger = told_apart([row(1, -2), row(2, 2)])
    assert ledger.sales[0].returned == 0
    assert [listed_row.row.row_no for listed_row in ledger.listed] == [1]


def test_a_supplier_takes_returns_off_the_order_once_it_is_known():
    ledger = told_apart([row(7, 6), row(8, 4, code="71053"), row(9, 3, code="22086"), row(10, -6)])
    made = orders(ledger)[0]
    numbers = {line.line_id: number for number, line in enumerate(made.lines, 1)}
    manners = Returning({7: 6, 8: 1})
    read = tuple(
        DocumentLine(n, "x", line.quantity, line.article.price, DAY)
        for n, line in enumerate(made.lines, 1)
    )
    fetched = Fetched("d", "order", "s", "o1", "v", DAY, read)
    assert manners.answers(fetched) is None
    manners.placed(
        Ordered("o1", made.member, "m", made.month, "r", sent_lines(made.lines), made.value, ("s",))
    )
    planned = manners.answers(fetched)
    assert planned is not None
    words = {word.line_no: word for word in planned.parts[0]}
    assert words[numbers[7]] == Word(numbers[7], "refused")
    assert words[numbers[8]] == Word(numbers[8], "changed", quantity=Decimal(3))
    assert words[numbers[9]] == Word(numbers[9], "accepted")


def test_a_month_alone_still_accounts_for_every_row():
    stream = volume(1)
    assert [check for check in stream.data if not check.ok] == []
    assert {order.month for order in stream.orders} == {"2010-12"}
    assert stream.control.returned
    assert min(stream.control.returned.values()) > 0
