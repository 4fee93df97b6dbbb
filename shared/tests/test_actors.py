"""Who may act for whom on a day, by rule alone: the account, its roles, its mandates."""

from datetime import date, timedelta
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.auth import actor_of, no_access, require_active
from marktbund.contracts.members import Grant, Mandate, Role
from marktbund.errors import DomainError, Forbidden, Malformed
from marktbund.principals import Principal, principal_of

TOWN, VILLAGE, DISTRICT = UUID(int=1), UUID(int=2), UUID(int=3)
PERSON = UUID(int=9)
TODAY = date(2026, 12, 1)
ROLES: tuple[Role, ...] = get_args(Role)


def account(*grants: Grant, mandates: tuple[Mandate, ...] = (), active: bool = True) -> Principal:
    return Principal(PERSON, active, grants, mandates)


def mandate(acting: UUID, needing: UUID, first: int = 0, last: int | None = None) -> Mandate:
    """Days from today; last None: without an end."""
    return Mandate(
        acting_member_id=acting,
        member_id=needing,
        valid_from=TODAY + timedelta(days=first),
        valid_to=None if last is None else TODAY + timedelta(days=last),
    )


def refused(principal: Principal, member: str | None, behalf: str | None = None) -> DomainError:
    with pytest.raises(DomainError) as error:
        actor_of(principal, ("requester",), member, behalf, TODAY)
    return error.value


def test_who_acts_for_themselves_needs_no_mandate():
    requester = account(Grant(role="requester", member_id=TOWN))
    actor = actor_of(requester, ("requester",), str(TOWN), None, TODAY)
    assert (actor.person_id, actor.role) == (PERSON, "requester")
    assert (actor.member_id, actor.acting_member_id) == (TOWN, TOWN)
    assert actor == actor_of(requester, ("requester",), str(TOWN), str(TOWN), TODAY)
    assert actor == actor_of(requester, ("requester",), str(TOWN), "", TODAY)


def test_with_a_mandate_the_tenant_is_who_needs():
    town = account(Grant(role="requester", member_id=TOWN), mandates=(mandate(TOWN, VILLAGE),))
    actor = actor_of(town, ("requester",), str(TOWN), str(VILLAGE), TODAY)
    assert (actor.member_id, actor.acting_member_id) == (VILLAGE, TOWN)


@pytest.mark.parametrize("sent", [None, "", " ", "Musterstadt", f"{TOWN}0", "0" * 31])
def test_who_names_no_member_acts_for_nobody(sent: str | None):
    error = refused(account(Grant(role="requester", member_id=TOWN)), sent)
    assert isinstance(error, Malformed)
    assert (error.code, error.field) == ("member_header_invalid", "Member")
    assert "Member" in error.detail


@pytest.mark.parametrize("sent", [" ", "Musterdorf", "0" * 31])
def test_a_second_member_that_is_none_is_named_by_its_own_header(sent: str):
    error = refused(account(Grant(role="requester", member_id=TOWN)), str(TOWN), sent)
    assert isinstance(error, Malformed)
    assert (error.code, error.field) == ("member_header_invalid", "On-Behalf-Of")


def test_who_is_nobody_there_does_not_hear_whether_a_second_member_would_be_readable():
    stranger = refused(account(), str(TOWN), "Musterdorf")
    assert (stranger.code, stranger.field) == ("not_authorised", "")


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (0, None, True),
        (0, 0, True),
        (-400, 0, True),
        (-400, None, True),
        (1, None, False),
        (1, 1, False),
        (-2, -1, False),
        (-400, -399, False),
    ],
)
def test_a_mandate_holds_on_its_first_and_last_day(first: int, last: int | None, holds: bool):
    grants = Grant(role="requester", member_id=TOWN)
    town = account(grants, mandates=(mandate(TOWN, VILLAGE, first, last),))
    if holds:
        assert actor_of(town, ("requester",), str(TOWN), str(VILLAGE), TODAY).member_id == VILLAGE
    else:
        error = refused(town, str(TOWN), str(VILLAGE))
        assert (error.code, error.field) == ("no_mandate", "On-Behalf-Of")


MANDATES = {
    "the other way round": (mandate(VILLAGE, TOWN),),
    "of another member": (mandate(DISTRICT, VILLAGE),),
    "for another member": (mandate(TOWN, DISTRICT),),
    "in two steps": (mandate(TOWN, DISTRICT), mandate(DISTRICT, VILLAGE)),
    "before and after, not today": (mandate(TOWN, VILLAGE, -9, -1), mandate(TOWN, VILLAGE, 1)),
    "none": (),
}


@pytest.mark.parametrize("case", MANDATES)
def test_a_mandate_is_of_one_member_for_one_member(case: str):
    town = account(Grant(role="requester", member_id=TOWN), mandates=MANDATES[case])
    assert refused(town, str(TOWN), str(VILLAGE)).code == "no_mandate"


def test_one_mandate_that_holds_is_enough():
    several = (mandate(TOWN, VILLAGE, -9, -1), mandate(TOWN, VILLAGE, -1, 1))
    town = account(Grant(role="requester", member_id=TOWN), mandates=several)
    assert actor_of(town, ("requester",), str(TOWN), str(VILLAGE), TODAY).member_id == VILLAGE


def test_a_role_at_the_member_that_needs_replaces_no_mandate():
    both = account(
        Grant(role="requester", member_id=TOWN), Grant(role="requester", member_id=VILLAGE)
    )
    assert refused(both, str(TOWN), str(VILLAGE)).code == "no_mandate"


def test_the_roles_that_would_do_are_named_in_german_and_in_the_doors_order():
    with pytest.raises(Forbidden) as error:
        actor_of(account(), ("approver", "requester"), str(TOWN), None, TODAY)
    assert error.value.detail == "Dafür ist eine dieser Rollen nötig: Genehmigung, Bestellung."
    assert error.value.way_out == "Wenden Sie sich an Ihre Geschäftsstelle."


def test_of_several_roles_the_first_one_held_is_the_actors():
    held = account(
        Grant(role="receiver", member_id=TOWN),
        Grant(role="approver", member_id=TOWN),
        Grant(role="requester", member_id=TOWN),
    )
    actor = actor_of(held, ("requester", "approver"), str(TOWN), None, TODAY)
    assert actor.role == "approver"


@given(
    held=st.sampled_from(ROLES),
    at=st.sampled_from([TOWN, VILLAGE, None]),
    opens=st.sets(st.sampled_from(ROLES), min_size=1),
    asked=st.sampled_from([TOWN, VILLAGE, DISTRICT]),
)
def test_a_members_door_opens_for_its_roles_at_that_member_and_for_nothing_else(
    held: Role, at: UUID | None, opens: set[Role], asked: UUID
):
    principal = account(Grant(role=held, member_id=at))
    if held in opens and at == asked:
        actor = actor_of(principal, sorted(opens), str(asked), None, TODAY)
        assert (actor.role, actor.member_id) == (held, asked)
    else:
        with pytest.raises(Forbidden) as error:
            actor_of(principal, sorted(opens), str(asked), None, TODAY)
        assert error.value.code == "not_authorised"


@pytest.mark.parametrize("principal", [None, account(active=False)], ids=["unknown", "inactive"])
def test_unknown_and_inactive_hear_the_same(principal: Principal | None):
    with pytest.raises(Forbidden) as error:
        require_active(principal)
    refusal, expected = vars(error.value), vars(no_access())
    assert refusal == expected
    assert "nicht mehr aktiv" in error.value.detail


def test_an_active_account_without_any_role_is_an_account():
    assert require_active(account()).grants == ()


def test_a_row_of_the_replica_is_the_account_it_was_kept_from():
    grants = [{"role": "requester", "member_id": str(TOWN)}, {"role": "auditor", "later": 1}]
    mandates = [
        {"acting_member_id": str(TOWN), "member_id": str(VILLAGE), "valid_from": "2026-12-01"}
    ]
    principal = principal_of((PERSON, "machine", True, grants, mandates))
    assert principal == Principal(
        PERSON,
        True,
        (Grant(role="requester", member_id=TOWN), Grant(role="auditor")),
        (mandate(TOWN, VILLAGE),),
        "machine",
    )
    assert principal_of(None) is None
