"""Mandates by their days, token subjects, and what an account's events never say."""

from datetime import date

import pytest

from marktbund.contracts.members import Mandate, SignInProvided
from services.members.tests.domain.cast import (
    ERIKA,
    OFFICE,
    OTHER,
    TOWN,
    at,
    erika,
    names,
    refusal,
    waits,
)


def mandate(**changed) -> Mandate:
    usual = {"acting_member_id": TOWN, "member_id": OTHER, "valid_from": date(2026, 3, 1)}
    return Mandate(**(usual | changed))


@pytest.mark.parametrize("until", [None, date(2026, 3, 1), date(2026, 3, 2), date(2099, 12, 31)])
def test_a_mandate_that_holds_on_a_day_is_taken(until: date | None):
    person, [event] = erika().grant([], [mandate(valid_to=until)], OFFICE.person_id)
    assert person.mandates == event.mandates == (mandate(valid_to=until),)


def test_a_mandate_that_ends_before_it_begins_is_refused_by_its_place():
    never = mandate(valid_to=date(2026, 2, 28))
    work = lambda: erika().grant([], [mandate(), never], OFFICE.person_id)  # noqa: E731
    assert refusal(work) == (422, "validity_empty", "mandates[1].valid_to")


def test_a_mandate_for_oneself_is_refused_by_its_place():
    own = mandate(member_id=TOWN)
    work = lambda: erika().grant([], [own], OFFICE.person_id)  # noqa: E731
    assert refusal(work) == (422, "mandate_for_itself", "mandates[0].member_id")


def test_mandates_in_both_directions_and_twice_over_time_are_taken():
    back = mandate(acting_member_id=OTHER, member_id=TOWN)
    later = mandate(valid_from=date(2027, 1, 1))
    person, _ = erika().grant([], [mandate(), back, later], OFFICE.person_id)
    assert len(person.mandates) == 3


def test_mandates_are_looked_at_before_access():
    work = lambda: erika(active=False).grant([], [mandate(member_id=TOWN)], TOWN)  # noqa: E731
    assert refusal(work)[1] == "mandate_for_itself"
    assert refusal(lambda: erika(active=False).grant([], [], TOWN))[1] == "person_inactive"


def test_the_subject_that_keycloak_gave_is_taken_once_and_is_in_no_event():
    person, [event] = erika(at("requester")).sign_in_as("kc-1")
    assert event == SignInProvided(version=5, person_id=ERIKA)
    assert (person.sub, person.grants, person.version) == ("kc-1", (at("requester"),), 5)
    assert person.sign_in_as("kc-1") == (person, [])


def test_closing_keeps_roles_and_mandates_for_the_file():
    granted, _ = erika().grant([at("requester")], [mandate()], OFFICE.person_id)
    closed, _ = granted.deactivate()
    assert (closed.grants, closed.mandates, closed.sub) == (
        (at("requester"),),
        (mandate(),),
        "sub-erika",
    )
    assert (closed.active, closed.email) == (False, None)


def test_no_event_says_where_somebody_is_reached():
    person, asked = erika().ask(waits(at("approver")))
    confirmed = person.requests[0]
    _, taken = person.take_confirmed(confirmed, OFFICE.person_id)
    _, dropped = person.drop_refused(confirmed, OFFICE.person_id)
    _, closed = person.deactivate()
    for event in (*asked, *taken, *dropped, *closed):
        text = event.model_dump_json()
        assert "erika@" not in text
        assert "sub-erika" not in text


def test_a_role_that_is_held_already_stands_once_after_it_was_confirmed():
    before = erika(at("approver"), at("requester"), waiting=[waits(at("approver"))])
    person, events = before.take_confirmed(before.requests[0], OFFICE.person_id)
    assert names(events) == ["GrantConfirmed"]
    assert person.grants == (at("requester"), at("approver"))
