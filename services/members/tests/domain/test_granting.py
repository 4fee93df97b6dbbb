"""Who may give which role to whom, which roles wait, and what a request answers to whom."""

from typing import get_args

import pytest

from marktbund.contracts.members import Grant, Role
from members.domain.granting import at_once, check_levels, needs_confirmation
from members.domain.people import require_person, require_requested
from services.members.tests.domain.cast import (
    ADMIN,
    NOBODY,
    OFFICE,
    OTHER,
    STRANGER,
    TOWN,
    at,
    erika,
    refusal,
)

MOVING = {"member_admin", "approver", "award_office", "finance"}
"""Roles at a member that move money, award, or give such roles."""


@pytest.mark.parametrize("role", get_args(Role))
def test_every_role_of_the_cooperative_waits_and_at_a_member_those_that_move_something(role: Role):
    assert needs_confirmation(Grant(role=role))
    assert needs_confirmation(at(role)) is (role in MOVING)


def test_of_what_is_wanted_the_held_and_the_simple_come_at_once_in_its_order():
    wanted = [at("finance"), at("receiver"), at("approver"), at("receiver"), at("requester")]
    assert at_once(wanted, [at("approver")]) == (at("receiver"), at("approver"), at("requester"))
    assert at_once(wanted, []) == (at("receiver"), at("requester"))
    assert at_once([], [at("approver")]) == ()
    # Held at one member is not held at another.
    assert at_once([at("approver", OTHER)], [at("approver")]) == ()


MAY_GIVE = [
    (OFFICE, at("approver"), True),
    (OFFICE, at("office", None), True),
    (ADMIN, at("approver"), True),
    (ADMIN, at("member_admin"), True),
    (ADMIN, at("auditor"), True),
    (ADMIN, at("auditor", None), False),
    (ADMIN, at("approver", OTHER), False),
    (ADMIN, at("office", None), False),
    (STRANGER, at("approver"), False),
    (NOBODY, at("requester"), False),
    (NOBODY, at("office", None), False),
]


@pytest.mark.parametrize(("by", "grant", "may"), MAY_GIVE)
def test_the_office_gives_all_an_administration_what_is_at_its_member(by, grant, may):
    assert by.may_give(grant) is may


def test_an_office_role_at_a_member_or_another_role_of_the_cooperative_is_no_office():
    for grants in ((at("office"),), (at("procurement", None),), (at("operator", None),)):
        by = type(OFFICE)(OFFICE.person_id, grants)
        assert (by.of_office, by.may_give(at("requester"))) == (False, False)


def test_an_administration_of_two_members_looks_after_both():
    by = type(ADMIN)(ADMIN.person_id, (at("member_admin"), at("member_admin", OTHER)))
    assert by.administers == {TOWN, OTHER}
    by.require_member(TOWN)
    by.require_member(OTHER)


def test_only_the_role_of_administration_looks_after_a_member():
    by = type(ADMIN)(ADMIN.person_id, (at("approver"), at("award_office"), at("auditor")))
    assert by.administers == frozenset()
    expected = (404, "member_unknown", "member_id")
    for stranger in (by, STRANGER, NOBODY):
        assert refusal(lambda s=stranger: s.require_member(TOWN)) == expected
    OFFICE.require_member(TOWN)
    ADMIN.require_member(TOWN)


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("whole", [True, False])
def test_a_role_is_held_on_its_level_only(role: Role, whole: bool):
    grants = [at("requester"), at(role, None if whole else TOWN)]
    fits = role == "auditor" or whole == (role in {"procurement", "office", "board", "operator"})
    if fits:
        check_levels(grants)
    else:
        expected = (422, "role_level_wrong", "grants[1].member_id")
        assert refusal(lambda: check_levels(grants)) == expected


def test_where_an_account_belongs():
    assert erika(at("requester"), at("approver", OTHER)).belongs_to == {TOWN, OTHER}
    assert erika(at("requester"), refused_at=(OTHER,)).belongs_to == {TOWN}
    assert erika(refused_at=(OTHER, TOWN)).belongs_to == {TOWN, OTHER}
    assert erika(at("office", None), refused_at=(TOWN,)).belongs_to == {None}
    assert erika().belongs_to == frozenset()


def test_an_administration_does_not_look_after_whoever_belongs_to_the_cooperative_alone():
    person = erika(at("board", None), refused_at=(TOWN,))
    work = lambda: ADMIN.require(person.person_id, person.belongs_to, [at("requester")])  # noqa: E731
    assert refusal(work) == (404, "person_unknown", "person_id")


def test_an_account_that_there_is_not_and_a_request_that_there_is_not_are_two_things():
    assert refusal(lambda: require_person(None)) == (404, "person_unknown", "person_id")
    assert refusal(lambda: require_requested(None)) == (404, "request_unknown", "")
    assert require_person(erika()) == require_requested(erika()) == erika()
