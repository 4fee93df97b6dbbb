"""Who may buy at all, and what a reason becomes: a refusal, a hindrance, a line in the file."""

from uuid import UUID

import pytest

from marktbund.errors import Conflict, DomainError, Invalid
from orders.ground.domain.buyers import Buyer
from orders.ground.domain.reasons import Reason

TOWN, UNIT = UUID(int=1), UUID(int=2)
REASON = Reason("price_changed", "Der Preis ist anders", "Papier: 3 EUR.", "Neu prüfen.", "lines")


def test_an_active_member_without_a_unit_may_buy():
    buyer = Buyer(TOWN, TOWN)
    buyer.require_able()
    assert list(buyer.hindrances()) == []


@pytest.mark.parametrize(
    ("buyer", "kind", "code", "field"),
    [
        (Buyer(TOWN, TOWN, active=False), Conflict, "member_not_active", "Member"),
        (Buyer(TOWN, TOWN, unit_known=False), Invalid, "unit_unknown", "unit_id"),
        # A suspended member mends no unit: the one thing it can do is named alone.
        (
            Buyer(TOWN, TOWN, active=False, unit_known=False),
            Conflict,
            "member_not_active",
            "Member",
        ),
    ],
)
def test_who_may_not_buy_hears_of_one_thing_to_do(
    buyer: Buyer, kind: type[DomainError], code: str, field: str
):
    with pytest.raises(kind) as refused:
        buyer.require_able()
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.way_out
    assert [reason.code for reason in buyer.hindrances()] == [code]


def test_a_member_that_is_no_authority_of_its_own_is_judged_by_its_own_state():
    works = Buyer(UUID(int=9), TOWN, active=False)
    assert [reason.code for reason in works.hindrances()] == ["member_not_active"]


@pytest.mark.parametrize(
    ("detail", "way_out", "sentence"),
    [
        ("Papier: 3 EUR.", "Neu prüfen.", "Der Preis ist anders (Papier: 3 EUR). Neu prüfen."),
        ("Papier", "Neu prüfen.", "Der Preis ist anders (Papier). Neu prüfen."),
        ("", "Neu prüfen.", "Der Preis ist anders. Neu prüfen."),
        ("Papier", "", "Der Preis ist anders (Papier)."),
        ("", "", "Der Preis ist anders."),
    ],
)
def test_a_reason_is_one_sentence_in_the_file_without_doubled_stops(
    detail: str, way_out: str, sentence: str
):
    assert Reason("x", "Der Preis ist anders", detail, way_out).sentence == sentence


def test_a_reason_says_the_same_whatever_it_becomes():
    expected = (REASON.code, REASON.title, REASON.detail, REASON.way_out, REASON.field)
    hindrance = REASON.hindrance()
    assert expected == (
        hindrance.code,
        hindrance.title,
        hindrance.detail,
        hindrance.way_out,
        hindrance.field,
    )
    for refusal in (REASON.invalid(), REASON.conflict()):
        assert expected == (
            refusal.code,
            refusal.title,
            refusal.detail,
            refusal.way_out,
            refusal.field,
        )


def test_a_wrong_request_and_a_state_in_the_way_are_two_refusals():
    assert isinstance(REASON.invalid(), Invalid)
    assert isinstance(REASON.conflict(), Conflict)
