"""A service's problem+json as people read it: in words, at a field, whatever is missing in it."""

import pytest

from portal.clients.services import Refused

WHOLE = {
    "code": "limit_exceeded",
    "title": "Das Limit reicht nicht",
    "detail": "Frei sind 120,00 €.",
    "way_out": "Bitte bestellen Sie weniger.",
    "field": "lines[0].quantity",
}


def test_a_refusal_is_read_as_one_line():
    refused = Refused(409, WHOLE)
    assert refused.sentence == (
        "Das Limit reicht nicht. Frei sind 120,00 €. Bitte bestellen Sie weniger."
    )
    assert (refused.status, refused.code, refused.field) == (
        409,
        "limit_exceeded",
        "lines[0].quantity",
    )


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"detail"}, "Das Limit reicht nicht. Bitte bestellen Sie weniger."),
        ({"way_out"}, "Das Limit reicht nicht. Frei sind 120,00 €."),
        ({"detail", "way_out"}, "Das Limit reicht nicht."),
        (set(WHOLE), "Das hat nicht geklappt."),
    ],
)
def test_what_a_refusal_does_not_say_leaves_no_gap(missing: set, sentence: str):
    document = {name: text for name, text in WHOLE.items() if name not in missing}
    assert Refused(409, document).sentence == sentence


@pytest.mark.parametrize("nothing", [None, 5, [], {"de": "Nein"}, True, ""], ids=repr)
def test_what_is_no_text_is_shown_to_nobody(nothing: object):
    refused = Refused(409, dict.fromkeys(WHOLE, nothing))
    assert refused.sentence == "Das hat nicht geklappt."
    assert (refused.code, refused.field) == ("http_409", "")


def test_a_used_up_key_is_told_as_a_form_that_was_sent():
    refused = Refused(422, WHOLE | {"code": "idempotency_key_reused"})
    assert refused.title == "Dieses Formular wurde schon abgeschickt"
    assert "Limit" not in refused.sentence


@pytest.mark.parametrize(
    ("field", "fields", "shown_at"),
    [
        ("email", {"email", "roles"}, "email"),
        ("content.ceiling.value_net", {"value_net"}, "value_net"),
        ("content.value_net", {"content.value_net", "value_net"}, "content.value_net"),
        ("value_net.", {"value_net"}, "top"),
        ("lines[0].quantity", {"lines"}, "top"),
        ("", {"email"}, "top"),
        ("unknown", set(), "top"),
    ],
)
def test_a_refusal_stands_at_its_field_else_at_the_top(field: str, fields: set, shown_at: str):
    problem = Refused(422, WHOLE | {"field": field}).error(fields, "top")
    assert (problem.field, problem.text) == (shown_at, Refused(422, WHOLE).sentence)


def test_all_a_service_said_is_kept_for_whoever_knows_more():
    refused = Refused(429, WHOLE | {"retry_after": 30})
    assert refused.document["retry_after"] == 30
