"""The forms of an award office, read."""

from typing import Any

from marktbund.contracts.http.orders import OrderedLineAnswer
from portal.clients.bodies import Body
from portal.domain.problems import Problem
from portal.pages.forms import offers
from services.portal.tests import facts
from services.portal.tests.bodies import sent


def test_offers_are_read_with_those_only_asked():
    typed = {"offer-name-1": "Nord", "offer-name-3": "Süd", "offer-net-3": "1.480,00"}
    assert sent(offers.read_offers(typed | {"offer-on-3": "2026-11-20"})) == {
        "offers": [
            {"supplier_name": "Nord"},
            {"supplier_name": "Süd", "net_total": "1480.00", "quoted_on": "2026-11-20"},
        ]
    }


def test_offers_that_cannot_be_read_name_their_fields():
    assert [problem.field for problem in problems(offers.read_offers({}))] == ["offer-name-1"]
    typed = {"offer-net-1": "x", "offer-on-1": "morgen"}
    assert [problem.field for problem in problems(offers.read_offers(typed))] == [
        "offer-name-1",
        "offer-net-1",
        "offer-on-1",
    ]


def test_an_award_leaves_out_what_was_not_awarded():
    lines = [ordered(line_no=1), ordered(line_no=2)]
    typed = {"procedure": "open", "file_reference": "VS-1", "award-quantity-1": "1.000,0"}
    read = offers.read_award(typed | {"award-quantity-2": "0", "award-price-1": "0,95"}, lines)
    assert sent(read) == {
        "procedure": "open",
        "file_reference": "VS-1",
        "lines": [{"article_id": facts.ARTICLE, "quantity": "1000.0", "unit_price_net": "0.95"}],
    }
    wrong = offers.read_award({"award-quantity-1": "x", "award-price-1": "y"}, lines)
    fields = ["award-quantity-1", "award-price-1", "file_reference"]
    assert [problem.field for problem in problems(wrong)] == fields
    nothing = offers.read_award({"file_reference": "VS-1"}, lines)
    assert [problem.field for problem in problems(nothing)] == ["result"]


def ordered(**different: Any) -> OrderedLineAnswer:
    return OrderedLineAnswer.model_validate(facts.line(**different))


def problems(read: Body | list[Problem]) -> list[Problem]:
    assert isinstance(read, list)
    return read
