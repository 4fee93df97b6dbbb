"""What services are sent: what was not said is left out, what was said of nothing stays."""

import json

from portal.clients.bodies import (
    AccountBody,
    DetailsBody,
    LineBody,
    OrderBody,
    PlaceBody,
    VerdictBody,
)

LINE = LineBody(article_id="a-1", quantity="2")


def sent_as(body) -> dict:
    return json.loads(body.as_json())


def test_what_was_not_said_is_not_sent():
    assert sent_as(OrderBody(lines=(LINE,))) == {"lines": [{"article_id": "a-1", "quantity": "2"}]}


def test_an_order_takes_the_details_that_were_said_and_no_others():
    order = OrderBody(lines=(LINE,), reference="17", purpose="Bauhof")
    details = DetailsBody(account=AccountBody(cost_centre="57310"), buyer_reference="")
    assert sent_as(order.beside(details)) == {
        "lines": [{"article_id": "a-1", "quantity": "2"}],
        "reference": "17",
        "purpose": "Bauhof",
        "account": {"cost_centre": "57310"},
        "buyer_reference": "",
    }


def test_a_detail_that_is_gone_is_sent_as_nothing():
    order = OrderBody(
        lines=(LINE,), delivery=PlaceBody(name="A", street="B", postcode="1", town="C")
    )
    assert sent_as(order.beside(DetailsBody(delivery=None)))["delivery"] is None


def test_signs_of_people_are_sent_as_they_typed_them():
    comment = "„Nein“ – 50 % \\ zu teuer\nüäß €"
    body = VerdictBody(verdict="refuse", content_sha256="ab" * 32, comment=comment)
    assert sent_as(body)["comment"] == comment
