"""The rules of members, called plainly."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.members import Grant, Mandate, Role
from marktbund.contracts.words import ROLE_WORDS
from marktbund.errors import Conflict, Invalid
from marktbund.ids import new_id
from members.domain import COOPERATIVE_ROLES, Member, Person, Unit

STATUSES = st.sampled_from(["active", "suspended", "withdrawn"])
MEMBER_ROLES = sorted({*get_args(Role)} - COOPERATIVE_ROLES - {"auditor"})
OFFICE = Grant(role="office")


def registered() -> Member:
    return Member.register(new_id(), "Musterstadt", "municipality", "05999999")[0]


def known(*grants: Grant) -> Person:
    return Person.register(new_id(), "person", "opaque-1", grants)[0]


def test_a_new_member_is_active_and_its_event_says_all_of_it():
    member_id = new_id()
    member, [event] = Member.register(member_id, "Musterstadt", "municipality", "05999999")
    assert (member.status, member.version) == ("active", 1)
    assert event.model_dump() == {
        "version": 1,
        "member_id": member_id,
        "name": "Musterstadt",
        "legal_form": "municipality",
        "official_key": "05999999",
    }


def test_the_same_status_again_changes_nothing():
    member = registered()
    assert member.change_status("active") == (member, [])


@pytest.mark.parametrize("status", ["active", "suspended", "withdrawn"])
def test_a_body_that_has_left_stays_out(status):
    gone, _ = registered().change_status("withdrawn")
    with pytest.raises(Conflict) as refused:
        gone.change_status(status)
    assert refused.value.code == "member_withdrawn"


@given(st.lists(STATUSES, max_size=12))
def test_every_change_of_status_is_one_event_and_versions_have_no_gap(wanted):
    member, events = Member.register(new_id(), "Kreis Muster", "district", "05999")
    for status in wanted:
        before = member
        try:
            member, news = member.change_status(status)
        except Conflict:
            assert before.status == "withdrawn"
            continue
        assert member.status == status
        assert [event.status for event in news] == ([] if before.status == status else [status])
        events += news
    assert [event.version for event in events] == list(range(1, member.version + 1))


def test_a_unit_belongs_to_its_member():
    member_id = new_id()
    unit, [event] = Unit.register(new_id(), member_id, "Hauptamt", "1100")
    assert (unit.member_id, unit.version, event.unit_id) == (member_id, 1, unit.unit_id)


@given(st.sampled_from(sorted(COOPERATIVE_ROLES)), st.booleans())
def test_cooperative_roles_hang_on_no_member(role, whole):
    grant = Grant(role=role, member_id=None if whole else new_id())
    if whole:
        assert known(grant).grants == (grant,)
    else:
        with pytest.raises(Invalid):
            known(grant)


@given(st.sampled_from(MEMBER_ROLES), st.booleans())
def test_all_other_roles_hang_on_a_member(role, whole):
    grant = Grant(role=role, member_id=None if whole else new_id())
    if whole:
        with pytest.raises(Invalid):
            known(grant)
    else:
        assert known(grant).grants == (grant,)


@pytest.mark.parametrize("member_id", [None, new_id()])
def test_auditors_may_be_either(member_id):
    grant = Grant(role="auditor", member_id=member_id)
    assert known(grant).grants == (grant,)


def test_every_role_has_a_german_word_of_its_own():
    assert set(ROLE_WORDS) == set(get_args(Role))
    assert len(set(ROLE_WORDS.values())) == len(ROLE_WORDS)


def test_the_refusal_names_the_very_grant():
    with pytest.raises(Invalid) as refused:
        known(OFFICE, Grant(role="office", member_id=new_id()))
    assert (refused.value.code, refused.value.field) == ("role_level_wrong", "grants[1].member_id")


def test_new_grants_and_mandates_replace_the_old_ones():
    office, acting, needing = new_id(), new_id(), new_id()
    mandate = Mandate(acting_member_id=acting, member_id=needing, valid_from=date(2026, 1, 1))
    requester = Grant(role="requester", member_id=acting)
    person, [event] = known(OFFICE).grant([requester], [mandate], office)
    assert (person.grants, person.mandates, person.version) == ((requester,), (mandate,), 2)
    assert (event.version, event.grants, event.granted_by) == (2, (requester,), office)


def test_an_account_without_access_gets_no_roles():
    person, [event] = known(OFFICE).deactivate()
    assert (person.active, event.version) == (False, 2)
    with pytest.raises(Conflict) as refused:
        person.grant([OFFICE], [], new_id())
    assert refused.value.code == "person_inactive"


def test_taking_access_away_twice_changes_nothing():
    person, _ = known(OFFICE).deactivate()
    assert person.deactivate() == (person, [])


@given(st.lists(st.sampled_from(["grant", "deactivate"]), max_size=10))
def test_an_accounts_versions_have_no_gap(steps):
    person, events = Person.register(new_id(), "machine", "opaque-2", [OFFICE])
    for step in steps:
        if step == "deactivate":
            person, news = person.deactivate()
        elif person.active:
            person, news = person.grant([], [], new_id())
        else:
            continue
        events += news
    assert [event.version for event in events] == list(range(1, person.version + 1))


def test_no_event_of_an_account_carries_its_token_subject():
    person, [event] = Person.register(new_id(), "person", "opaque-3", [OFFICE])
    _, [granted] = person.grant([OFFICE], [], new_id())
    _, [gone] = person.deactivate()
    for news in (event, granted, gone):
        assert "opaque-3" not in news.model_dump_json()
