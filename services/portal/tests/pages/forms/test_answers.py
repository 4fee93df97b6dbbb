"""The forms of a supplier, read."""

from portal.domain.problems import Problem
from portal.pages.forms import answers
from services.portal.tests.bodies import sent


def test_an_answer_names_what_changed_and_leaves_out_what_is_open():
    typed = {
        "decision-1": "accepted",
        "date-1": "2026-12-01",
        "quantity-1": "9",
        "decision-2": "changed",
        "quantity-2": "2,5",
        "price-2": "3,10",
        "decision-3": "",
        "decision-4": "refused",
        "date-4": "2026-12-01",
    }
    assert sent(answers.read(typed)) == {
        "lines": [
            {"line_no": 1, "decision": "accepted", "promised_date": "2026-12-01"},
            {"line_no": 2, "decision": "changed", "quantity": "2.5", "unit_price_net": "3.10"},
            {"line_no": 4, "decision": "refused"},
        ]
    }


def test_an_answer_that_says_nothing_or_nonsense_names_the_field():
    assert answers.read({"decision-1": ""}) == [
        Problem("lines", "Bitte beantworten Sie mindestens eine Position.")
    ]
    wrong = answers.read({"decision-1": "changed", "quantity-1": "x", "date-1": "morgen"})
    assert [problem.field for problem in wrong if isinstance(problem, Problem)] == [
        "quantity-1",
        "date-1",
    ]


def test_a_line_is_named_in_the_digits_of_its_form():
    nothing = [Problem("lines", "Bitte beantworten Sie mindestens eine Position.")]
    assert answers.read({"decision-٣": "accepted", "decision-²": "accepted"}) == nothing


def test_a_despatch_leaves_out_what_was_not_sent():
    typed = {"despatched_on": "2026-12-01", "sent-1": "2", "sent-2": "0", "sent-3": ""}
    assert sent(answers.read_despatch(typed)) == {
        "despatched_on": "2026-12-01",
        "lines": [{"line_no": 1, "quantity": "2"}],
    }
