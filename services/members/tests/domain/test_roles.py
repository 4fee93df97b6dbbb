"""Roles given, asked for, confirmed, refused, taken: every step by its events and refusals."""

from datetime import date
from uuid import UUID

import pytest

from marktbund.contracts.grants import GrantRefused, GrantRequested
from marktbund.contracts.members import Mandate, RolesGranted
from members.domain import roles
from members.domain.granting import Granter
from services.members.tests.domain.cast import (
    ADMIN,
    ERIKA,
    NOBODY,
    NOWHERE,
    OFFICE,
    OTHER,
    SECOND,
    STRANGER,
    TOWN,
    at,
    erika,
    facts,
    names,
    numbered,
    refusal,
    waits,
)

MANDATE = Mandate(acting_member_id=TOWN, member_id=OTHER, valid_from=date(2026, 1, 1))


def replaced(person, *grants, mandates=(), by=OFFICE):
    return roles.replace_roles(person, grants, mandates, facts(by), numbered())


def test_roles_that_one_person_gives_are_held_at_once():
    person, [event] = replaced(erika(), at("requester"), at("receiver"))
    assert event == RolesGranted(
        version=5,
        person_id=ERIKA,
        grants=(at("requester"), at("receiver")),
        granted_by=OFFICE.person_id,
    )
    assert (person.grants, person.requests, person.version) == (event.grants, (), 5)


def test_a_role_with_four_eyes_waits_and_is_not_held():
    person, [event] = replaced(erika(), at("approver"))
    assert event == GrantRequested(
        version=5,
        person_id=ERIKA,
        request_id=UUID(int=900),
        grant=at("approver"),
        requested_by=OFFICE.person_id,
    )
    assert person.grants == ()
    assert person.waiting == (waits(at("approver"), number=900),)


def test_what_needs_one_is_held_while_what_needs_two_waits():
    person, events = replaced(erika(), at("requester"), at("approver"), at("finance"))
    assert names(events) == ["RolesGranted", "GrantRequested", "GrantRequested"]
    assert person.grants == (at("requester"),)
    assert [request.grant for request in person.waiting] == [at("approver"), at("finance")]


def test_a_role_that_was_confirmed_once_is_kept_without_asking_again():
    person, events = replaced(erika(at("approver")), at("approver"), at("requester"))
    assert names(events) == ["RolesGranted"]
    assert person.grants == (at("approver"), at("requester"))


def test_the_same_roles_again_change_nothing():
    before = erika(at("approver"), at("requester"))
    assert replaced(before, at("approver"), at("requester")) == (before, [])


def test_a_role_named_twice_is_given_and_asked_for_once():
    person, events = replaced(
        erika(), at("requester"), at("approver"), at("requester"), at("approver")
    )
    assert names(events) == ["RolesGranted", "GrantRequested"]
    assert (person.grants, len(person.waiting)) == ((at("requester"),), 1)


def test_what_waits_and_is_still_wanted_goes_on_waiting():
    before = erika(waiting=[waits(at("approver"))])
    assert replaced(before, at("approver")) == (before, [])


def test_what_waits_and_is_wanted_no_more_is_refused_with_a_reason():
    person, [event] = replaced(erika(waiting=[waits(at("approver"))]), by=SECOND)
    assert event == GrantRefused(
        version=5,
        person_id=ERIKA,
        request_id=UUID(int=500),
        grant=at("approver"),
        refused_by=SECOND.person_id,
        comment="Durch eine neue Festlegung der Rollen ersetzt.",
    )
    [request] = person.requests
    assert (request.state, request.decided_by, person.waiting) == ("refused", SECOND.person_id, ())


def test_all_that_comes_of_a_new_setting_is_in_one_order():
    before = erika(at("receiver"), waiting=[waits(at("approver"))])
    person, events = replaced(before, at("requester"), at("finance"))
    assert names(events) == ["RolesGranted", "GrantRefused", "GrantRequested"]
    assert (person.grants, [waiting.grant for waiting in person.waiting]) == (
        (at("requester"),),
        [at("finance")],
    )
    assert person.version == 7


def test_mandates_alone_are_a_change_and_the_same_ones_are_none():
    person, [event] = replaced(erika(at("requester")), at("requester"), mandates=[MANDATE])
    assert (event.grants, event.mandates) == ((at("requester"),), (MANDATE,))
    assert person.mandates == (MANDATE,)
    assert replaced(person, at("requester"), mandates=[MANDATE]) == (person, [])
    dropped, _ = roles.replace_roles(person, person.grants, (), facts(OFFICE), numbered())
    assert dropped.mandates == ()


def test_mandates_are_read_in_the_order_they_came():
    later = MANDATE.model_copy(update={"valid_from": date(2027, 1, 1)})
    person, _ = replaced(erika(), mandates=[MANDATE, later])
    again, events = replaced(person, mandates=[later, MANDATE])
    assert (again.mandates, len(events)) == ((later, MANDATE), 1)


REFUSED = {
    "oneself": (erika(), [at("requester")], Granter(ERIKA, OFFICE.grants), (403, "own_roles", "")),
    "a role elsewhere": (
        erika(at("requester")),
        [at("requester", OTHER)],
        ADMIN,
        (403, "not_authorised", ""),
    ),
    "a role of the cooperative": (
        erika(at("requester")),
        [at("office", None)],
        ADMIN,
        (403, "not_authorised", ""),
    ),
    "somebody of elsewhere": (
        erika(at("requester", OTHER)),
        [at("requester")],
        ADMIN,
        (404, "person_unknown", "person_id"),
    ),
    "somebody of nowhere": (
        erika(),
        [at("requester")],
        ADMIN,
        (404, "person_unknown", "person_id"),
    ),
    "without a role oneself": (
        erika(at("requester")),
        [at("requester")],
        NOBODY,
        (403, "not_authorised", ""),
    ),
    "a member there is not": (
        erika(),
        [at("requester"), at("approver", NOWHERE)],
        OFFICE,
        (404, "member_unknown", "grants[1].member_id"),
    ),
    "a simple role at a member there is not": (
        erika(),
        [at("receiver", NOWHERE)],
        OFFICE,
        (404, "member_unknown", "grants[0].member_id"),
    ),
    "the wrong level": (
        erika(),
        [at("requester"), at("board")],
        OFFICE,
        (422, "role_level_wrong", "grants[1].member_id"),
    ),
    "no address": (erika(email=None), [at("approver")], OFFICE, (422, "address_needed", "email")),
    "no access": (
        erika(active=False),
        [at("requester")],
        OFFICE,
        (409, "person_inactive", ""),
    ),
    "no access, to wait": (
        erika(active=False),
        [at("approver")],
        OFFICE,
        (409, "person_inactive", ""),
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_setting_is_refused_with_its_reason(why: str):
    person, grants, by, expected = REFUSED[why]
    assert refusal(lambda: replaced(person, *grants, by=by)) == expected


def test_oneself_is_refused_before_anything_is_said_of_the_roles():
    by = Granter(ERIKA, ())
    assert refusal(lambda: replaced(erika(active=False), at("board"), by=by))[1] == "own_roles"


def test_a_machine_needs_no_address_for_roles_with_four_eyes():
    person, events = replaced(erika(email=None, kind="machine"), at("approver"))
    assert (names(events), len(person.waiting)) == (["GrantRequested"], 1)


def test_without_an_address_roles_of_one_person_are_given():
    assert replaced(erika(email=None), at("requester"))[0].grants == (at("requester"),)


def given(person, grant, by=OFFICE):
    return roles.give_role(person, grant, facts(by), numbered())


def test_one_role_more_leaves_the_others():
    person, [event] = given(erika(at("approver")), at("requester"))
    assert person.grants == event.grants == (at("approver"), at("requester"))


def test_one_role_more_leaves_mandates_and_what_waits():
    before, _ = replaced(erika(), at("approver"), mandates=[MANDATE])
    person, _ = given(before, at("requester"))
    assert (person.mandates, person.waiting) == ((MANDATE,), before.waiting)


@pytest.mark.parametrize("role", ["requester", "approver"])
def test_a_role_that_is_held_is_not_given_again(role):
    before = erika(at(role))
    assert given(before, at(role)) == (before, [])


def test_a_role_that_waits_is_not_asked_for_again_by_anybody():
    before = erika(at("requester"), waiting=[waits(at("approver"))])
    assert given(before, at("approver"), by=ADMIN) == (before, [])


def test_the_same_role_at_another_member_is_another_role():
    before = erika(at("approver"))
    person, [event] = given(before, at("approver", OTHER))
    assert (event.grant, person.grants) == (at("approver", OTHER), (at("approver"),))


def test_an_administration_gives_at_its_member_what_somebody_holds_elsewhere_too():
    before = erika(at("requester"), at("requester", OTHER))
    person, _ = given(before, at("receiver"), by=ADMIN)
    assert person.grants == (at("requester"), at("requester", OTHER), at("receiver"))


def test_roles_at_members_that_came_in_before_do_not_hinder_another_one():
    before = erika(at("requester", NOWHERE))
    person, _ = given(before, at("requester"))
    assert person.grants == (at("requester", NOWHERE), at("requester"))


@pytest.mark.parametrize(
    ("before", "grant", "by", "code"),
    [
        (erika(at("requester")), at("receiver", OTHER), ADMIN, "not_authorised"),
        (erika(at("requester", OTHER)), at("receiver"), ADMIN, "person_unknown"),
        (erika(), at("receiver", NOWHERE), OFFICE, "member_unknown"),
        (erika(), at("operator"), OFFICE, "role_level_wrong"),
        (erika(), at("requester", None), OFFICE, "role_level_wrong"),
        (erika(email=None), at("finance"), OFFICE, "address_needed"),
        (erika(active=False), at("receiver"), OFFICE, "person_inactive"),
    ],
)
def test_one_role_more_is_refused_as_a_setting_is(before, grant, by, code):
    assert refusal(lambda: given(before, grant, by))[1] == code


def test_whose_role_here_was_refused_may_be_given_one_by_this_administration_only():
    before = erika(refused_at=(TOWN,))
    assert given(before, at("requester"), ADMIN)[0].grants == (at("requester"),)
    assert refusal(lambda: given(before, at("requester", OTHER), STRANGER))[1] == "person_unknown"


def test_who_holds_a_role_elsewhere_belongs_there_whatever_was_refused_here():
    before = erika(at("requester", OTHER), refused_at=(TOWN,))
    assert refusal(lambda: given(before, at("requester"), ADMIN))[1] == "person_unknown"


def test_one_person_takes_a_role_away():
    before = erika(at("approver"), at("requester"))
    person, [event] = roles.take_role(before, at("approver"), ADMIN)
    assert (person.grants, event.granted_by) == ((at("requester"),), ADMIN.person_id)


def test_a_role_that_is_not_held_is_none_to_take():
    before = erika(at("requester"), waiting=[waits(at("approver"))])
    for grant in (at("approver"), at("requester", OTHER)):
        assert roles.take_role(before, grant, OFFICE) == (before, [])


@pytest.mark.parametrize(
    ("grant", "by", "code"),
    [
        (at("approver"), Granter(ERIKA, OFFICE.grants), "own_roles"),
        (at("approver"), STRANGER, "not_authorised"),
        (at("office", None), ADMIN, "not_authorised"),
        (at("approver"), NOBODY, "not_authorised"),
    ],
)
def test_a_role_is_not_taken_by_whoever_may_not_give_it(grant, by, code):
    before = erika(at("approver"), at("office", None))
    assert refusal(lambda: roles.take_role(before, grant, by))[1] == code


def test_of_an_account_without_access_nothing_is_taken():
    before = erika(at("approver"), active=False)
    work = lambda: roles.take_role(before, at("approver"), OFFICE)  # noqa: E731
    assert refusal(work) == (409, "person_inactive", "")


def test_what_was_refused_may_be_asked_for_anew():
    refused, _ = roles.refuse(
        erika(waiting=[waits(at("approver"))]), UUID(int=500), SECOND, "noch nicht"
    )
    person, [event] = given(refused, at("approver"))
    assert (event.request_id, event.version) == (UUID(int=900), 6)
    assert [request.state for request in person.requests] == ["refused", "waiting"]


def test_roles_with_four_eyes_wait_again_and_the_others_stay():
    before = erika(at("requester"), at("approver"), at("office", None))
    person, events = roles.reconfirm(before, facts(SECOND, frozenset()), numbered())
    assert names(events) == ["RolesGranted", "GrantRequested", "GrantRequested"]
    assert person.grants == (at("requester"),)
    assert [waiting.grant for waiting in person.waiting] == [at("approver"), at("office", None)]
    assert {waiting.requested_by for waiting in person.waiting} == {SECOND.person_id}


def test_without_such_roles_nothing_waits_again():
    before = erika(at("requester"), at("auditor"))
    assert roles.reconfirm(before, facts(Granter(ERIKA, ())), numbered()) == (before, [])


def test_nobody_lets_their_own_roles_wait_again():
    before = erika(at("office", None))
    by = Granter(ERIKA, before.grants)
    assert refusal(lambda: roles.reconfirm(before, facts(by), numbered()))[1] == "own_roles"
