"""A role that waits is confirmed or refused: by whom, with which words, and once."""

from uuid import UUID

import pytest

from marktbund.contracts.grants import GrantConfirmed
from members.domain import roles
from members.domain.granting import Granter
from services.members.tests.domain.cast import (
    ADMIN,
    DEPUTY,
    ERIKA,
    NOBODY,
    OFFICE,
    SECOND,
    STRANGER,
    at,
    erika,
    names,
    refusal,
    waits,
)

ASKED = UUID(int=500)


def test_a_second_person_confirms_and_the_role_is_held():
    before = erika(at("requester"), waiting=[waits(at("approver"), by=ADMIN)])
    person, [event] = roles.confirm(before, ASKED, DEPUTY, "Vertretung ab Mai")
    assert event == GrantConfirmed(
        version=5,
        person_id=ERIKA,
        request_id=ASKED,
        grant=at("approver"),
        grants=(at("requester"), at("approver")),
        confirmed_by=DEPUTY.person_id,
        comment="Vertretung ab Mai",
    )
    [request] = person.requests
    assert (request.state, request.decided_by) == ("confirmed", DEPUTY.person_id)
    assert (person.grants, person.waiting) == (event.grants, ())


CONFIRMING = {
    "who asked": (ADMIN, at("approver"), (403, "second_person_needed", "")),
    "whose role it is": (Granter(ERIKA, OFFICE.grants), at("approver"), (403, "own_roles", "")),
    "another member": (STRANGER, at("approver"), (404, "request_unknown", "")),
    "nobody": (NOBODY, at("approver"), (404, "request_unknown", "")),
    "an administration, of the cooperative": (
        DEPUTY,
        at("board", None),
        (404, "request_unknown", ""),
    ),
}


@pytest.mark.parametrize("who", CONFIRMING)
def test_nobody_confirms_but_a_second_person_who_may_give_it(who: str):
    by, grant, expected = CONFIRMING[who]
    before = erika(waiting=[waits(grant, by=ADMIN)])
    assert refusal(lambda: roles.confirm(before, ASKED, by, "")) == expected


@pytest.mark.parametrize("by", [OFFICE, DEPUTY])
def test_the_office_and_the_members_administration_confirm(by: Granter):
    person, _ = roles.confirm(erika(waiting=[waits(at("finance"), ADMIN)]), ASKED, by, "")
    assert person.grants == (at("finance"),)


def test_a_role_of_the_cooperative_is_confirmed_by_another_of_the_office():
    before = erika(waiting=[waits(at("office", None), OFFICE)])
    assert refusal(lambda: roles.confirm(before, ASKED, OFFICE, ""))[1] == "second_person_needed"
    assert roles.confirm(before, ASKED, SECOND, "")[0].grants == (at("office", None),)


def test_nothing_is_confirmed_to_an_account_without_access():
    before = erika(active=False, waiting=[waits(at("approver"))])
    assert refusal(lambda: roles.confirm(before, ASKED, SECOND, ""))[1] == "person_inactive"


@pytest.mark.parametrize("decide", [roles.confirm, roles.refuse])
def test_what_is_decided_stays_so(decide):
    before = erika(waiting=[waits(at("approver"))])
    for first in (roles.confirm, roles.refuse):
        decided, _ = first(before, ASKED, SECOND, "ja")
        assert refusal(lambda d=decided: decide(d, ASKED, SECOND, "doch")) == (
            409,
            "request_decided",
            "",
        )
        # Whoever may not give the role does not hear that it was decided.
        assert refusal(lambda d=decided: decide(d, ASKED, STRANGER, "x"))[1] == "request_unknown"


@pytest.mark.parametrize("decide", [roles.confirm, roles.refuse])
def test_a_request_of_somebody_else_is_none_of_this_account(decide):
    before = erika(waiting=[waits(at("approver"))])
    assert refusal(lambda: decide(before, UUID(int=501), SECOND, "x"))[1] == "request_unknown"


def test_of_two_that_wait_the_very_one_is_decided():
    before = erika(waiting=[waits(at("approver")), waits(at("finance"), number=501)])
    person, _ = roles.confirm(before, UUID(int=501), SECOND, "")
    assert person.grants == (at("finance"),)
    assert [request.grant for request in person.waiting] == [at("approver")]


@pytest.mark.parametrize("by", [OFFICE, ADMIN, Granter(ERIKA, OFFICE.grants)])
def test_who_asked_may_take_it_back_and_whose_it_is_may_do_without(by: Granter):
    before = erika(waiting=[waits(at("approver"), OFFICE)])
    person, [event] = roles.refuse(before, ASKED, by, "nicht nötig")
    assert (event.refused_by, event.comment, person.grants) == (by.person_id, "nicht nötig", ())


def test_a_no_says_why():
    before = erika(waiting=[waits(at("approver"))])
    work = lambda: roles.refuse(before, ASKED, SECOND, "")  # noqa: E731
    assert refusal(work) == (422, "comment_missing", "comment")
    assert roles.confirm(before, ASKED, SECOND, "")[0].grants == (at("approver"),)


def test_a_no_may_reach_an_account_without_access():
    before = erika(active=False, waiting=[waits(at("approver"))])
    assert names(roles.refuse(before, ASKED, SECOND, "weg")[1]) == ["GrantRefused"]
