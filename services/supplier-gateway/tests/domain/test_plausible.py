"""Days and quantities of a supplier's word at their very bounds, called plainly."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marktbund.errors import Invalid
from marktbund.ids import new_id
from supplier_gateway.domain import plausible
from supplier_gateway.domain.lines import Line, LineResponse
from supplier_gateway.domain.orders import AddressedOrder

PLACED = date(2026, 3, 2)
TODAY = date(2026, 3, 9)
DAY = timedelta(days=1)


def order(*lines: Line) -> AddressedOrder:
    return AddressedOrder(new_id(), new_id(), new_id(), new_id(), lines)


def line(line_no: int, quantity: str, order_unit: str) -> Line:
    return Line(line_no, Decimal(quantity), Decimal("2.50"), order_unit=order_unit)


MIXED = order(line(1, "10", "C62"), line(2, "2.5", "KGM"), line(3, "1.5", "C62"))


def refused_answer(*answers: LineResponse) -> Invalid:
    with pytest.raises(Invalid) as refused:
        plausible.refuse_answers(MIXED, answers, PLACED)
    return refused.value


def refused_despatch(day: date, *quantities: tuple[int, str]) -> Invalid:
    given = [(line_no, Decimal(quantity)) for line_no, quantity in quantities]
    with pytest.raises(Invalid) as refused:
        plausible.refuse_despatch(MIXED, given, day, PLACED, TODAY)
    return refused.value


@pytest.mark.parametrize("day", [PLACED, PLACED + DAY, date(2099, 1, 1), None])
def test_from_the_day_of_the_order_on_any_day_may_be_promised(day: date | None):
    plausible.refuse_answers(MIXED, [LineResponse(1, "accepted", promised_date=day)], PLACED)


def test_the_day_before_the_order_may_not_and_the_answer_is_named():
    answers = (
        LineResponse(1, "accepted", promised_date=PLACED),
        LineResponse(2, "accepted", promised_date=PLACED - DAY),
    )
    problem = refused_answer(*answers)
    assert (problem.code, problem.field) == ("promised_before_order", "lines[1].promised_date")
    assert problem.detail == "Bestellt am 02.03.2026, zugesagt 01.03.2026."
    assert problem.title == "Position 2: Termin vor der Bestellung"


@pytest.mark.parametrize("quantity", ["9.5", "0.001", "9.999"])
def test_what_is_counted_is_answered_in_whole_numbers(quantity: str):
    problem = refused_answer(LineResponse(1, "changed", Decimal(quantity)))
    assert (problem.code, problem.field) == ("quantity_not_whole", "lines[0].quantity")
    assert problem.way_out == "Nennen Sie eine ganze Zahl."


@pytest.mark.parametrize(
    "answer",
    [
        LineResponse(1, "changed", Decimal("9.000")),
        LineResponse(1, "refused", Decimal(0)),
        LineResponse(2, "changed", Decimal("0.125")),
        LineResponse(3, "changed", Decimal("0.5")),
        LineResponse(7, "changed", Decimal("0.5")),
    ],
)
def test_whole_numbers_measures_old_parts_and_unknown_lines_pass(answer: LineResponse):
    plausible.refuse_answers(MIXED, [answer], PLACED)


def test_a_part_is_named_where_it_stands_in_the_request():
    answers = [LineResponse(2, "accepted"), LineResponse(1, "changed", Decimal("0.5"))]
    assert refused_answer(*answers).field == "lines[1].quantity"


@pytest.mark.parametrize("day", [PLACED, TODAY - DAY, TODAY])
def test_goods_go_out_from_the_day_of_the_order_to_today(day: date):
    plausible.refuse_despatch(MIXED, [(1, Decimal(4)), (2, Decimal("0.5"))], day, PLACED, TODAY)


@pytest.mark.parametrize(
    ("day", "code", "detail"),
    [
        (PLACED - DAY, "despatched_before_order", "Bestellt am 02.03.2026, versandt 01.03.2026."),
        (TODAY + DAY, "despatched_in_future", "Heute ist der 09.03.2026."),
    ],
)
def test_goods_go_out_neither_before_the_order_nor_tomorrow(day: date, code: str, detail: str):
    problem = refused_despatch(day, (1, "1"))
    assert (problem.code, problem.field, problem.detail) == (code, "despatched_on", detail)
    assert problem.way_out != ""


def test_days_are_looked_at_before_quantities():
    assert refused_despatch(TODAY + DAY, (1, "0.5")).code == "despatched_in_future"


def test_what_is_counted_goes_out_in_whole_numbers():
    problem = refused_despatch(TODAY, (2, "0.5"), (1, "0.5"))
    assert (problem.code, problem.field) == ("quantity_not_whole", "lines[1].quantity")
