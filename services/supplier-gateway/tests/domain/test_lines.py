"""One line's answer: once, and never for more than was ordered."""

from datetime import date
from decimal import Decimal

import pytest

from marktbund.errors import DomainError
from marktbund.ids import new_id
from supplier_gateway.domain.lines import NEXT_LINE, Line, LineResponse

TEN = Line(1, Decimal(10), Decimal("2.50"))


def response(decision: str, **terms: object) -> LineResponse:
    numbers = {
        name: value if isinstance(value, date) else Decimal(str(value))
        for name, value in terms.items()
    }
    return LineResponse(1, decision, **numbers)


def refusal(answer: LineResponse, line: Line = TEN) -> tuple[str, str]:
    with pytest.raises(DomainError) as caught:
        line.answer(answer, new_id(), "lines[0]")
    return caught.value.code, caught.value.field


def test_accepted_is_as_ordered():
    answered = TEN.answer(response("accepted"), new_id(), "lines[0]")
    assert (answered.state, answered.agreed.quantity) == ("accepted", Decimal(10))
    assert answered.agreed.unit_price_net == Decimal("2.50")


def test_accepted_may_repeat_the_order_and_promise_a_day():
    day = date(2026, 3, 9)
    answer = response("accepted", quantity="10.000", unit_price_net="2.5", promised_date=day)
    assert TEN.answer(answer, new_id(), "lines[0]").agreed.promised_date == day


@pytest.mark.parametrize("terms", [{"quantity": 9}, {"unit_price_net": "2.49"}])
def test_accepted_with_other_terms_is_refused(terms: dict[str, object]):
    assert refusal(response("accepted", **terms)) == (
        "accepted_differs",
        f"lines[0].{next(iter(terms))}",
    )


@pytest.mark.parametrize("decision", ["accepted", "changed"])
@pytest.mark.parametrize("terms", [{"quantity": "10.001"}, {"unit_price_net": "2.5001"}])
def test_nothing_is_ever_raised(decision: str, terms: dict[str, object]):
    assert refusal(response(decision, **terms)) == (
        "increase_not_allowed",
        f"lines[0].{next(iter(terms))}",
    )


def test_changed_says_what_changes():
    assert refusal(response("changed")) == ("nothing_changed", "lines[0].decision")
    assert refusal(response("changed", quantity=10))[0] == "nothing_changed"
    assert refusal(response("changed", quantity=0)) == ("quantity_zero", "lines[0].quantity")


def test_changed_may_be_the_day_alone():
    answered = TEN.answer(response("changed", promised_date=date(2026, 4, 1)), new_id(), "")
    assert (answered.state, answered.agreed.quantity) == ("changed", Decimal(10))


def test_refused_delivers_nothing():
    answered = TEN.answer(response("refused", quantity=0), new_id(), "lines[0]")
    assert (answered.agreed.quantity, answered.agreed.unit_price_net) == (0, 0)


@pytest.mark.parametrize(
    "terms", [{"quantity": 1}, {"unit_price_net": 1}, {"promised_date": date(2026, 4, 1)}]
)
def test_refused_carries_no_terms(terms: dict[str, object]):
    assert refusal(response("refused", **terms))[0] == "refused_with_terms"


@pytest.mark.parametrize("first", sorted(NEXT_LINE["open"]))
@pytest.mark.parametrize("second", sorted(NEXT_LINE["open"]))
def test_is_answered_once(first: str, second: str):
    terms = {"quantity": 5} if first == "changed" else {}
    answered = TEN.answer(response(first, **terms), new_id(), "lines[0]")
    assert refusal(response(second), answered) == ("line_already_answered", "lines[0].line_no")
