"""Whatever people do to an account, in any order: no role with four eyes is held on one word."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.grants import GrantConfirmed, GrantRequested
from marktbund.errors import DomainError
from members.domain import accounts, roles
from members.domain.granting import Granter, needs_confirmation
from services.members.tests.domain.cast import (
    ADMIN,
    DEPUTY,
    ERIKA,
    NOBODY,
    OFFICE,
    OTHER,
    SECOND,
    STRANGER,
    at,
    erika,
    facts,
    numbered,
)

ACTORS = [OFFICE, SECOND, ADMIN, DEPUTY, STRANGER, NOBODY, Granter(ERIKA, OFFICE.grants)]
GRANTS = [
    at("requester"),
    at("approver"),
    at("approver", OTHER),
    at("member_admin"),
    at("office", None),
    at("auditor", None),
]
ACTIONS = ["replace", "give", "take", "confirm", "refuse", "reconfirm", "close"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTORS),
        st.sampled_from(ACTIONS),
        st.sampled_from(GRANTS),
        st.lists(st.sampled_from(GRANTS), max_size=4),
        st.integers(0, 3),
    ),
    max_size=25,
)


def done(person, step, new_id):
    by, action, grant, grants, position = step
    waiting = person.waiting
    asked = waiting[position % len(waiting)].request_id if waiting else new_id()
    actions = {
        "replace": lambda: roles.replace_roles(person, grants, (), facts(by), new_id),
        "give": lambda: roles.give_role(person, grant, facts(by), new_id),
        "take": lambda: roles.take_role(person, grant, by),
        "confirm": lambda: roles.confirm(person, asked, by, ""),
        "refuse": lambda: roles.refuse(person, asked, by, "nein"),
        "reconfirm": lambda: roles.reconfirm(person, facts(by), new_id),
        "close": lambda: accounts.close(person, by),
    }
    return actions[action]()


@given(STEPS)
def test_no_role_with_four_eyes_is_held_that_two_people_did_not_agree_to(steps):
    person, history, new_id = erika(), [], numbered()
    for step in steps:
        try:
            person, events = done(person, step, new_id)
        except DomainError:
            continue
        history += events
        # Between two requests the account is kept and loaded: only what waits comes back.
        person = replace(person, requests=person.waiting)
    asked = {e.request_id: e.requested_by for e in history if isinstance(e, GrantRequested)}
    confirmed = [event for event in history if isinstance(event, GrantConfirmed)]
    for event in confirmed:
        assert event.confirmed_by not in {asked[event.request_id], ERIKA}
    agreed = {event.grant for event in confirmed}
    assert {grant for grant in person.grants if needs_confirmation(grant)} <= agreed


@given(STEPS)
def test_versions_have_no_gap_and_nothing_waits_twice_or_is_held_too(steps):
    person, history, new_id = erika(), [], numbered()
    for step in steps:
        before = person
        try:
            person, events = done(person, step, new_id)
        except DomainError:
            continue
        assert (person == before) == (events == [])
        history += events
        grants = [request.grant for request in person.waiting]
        assert len(grants) == len(set(grants))
        assert not set(grants) & set(person.grants)
        assert len(person.grants) == len(set(person.grants))
        assert person.active or not person.waiting
    assert [event.version for event in history] == list(range(5, person.version + 1))


@given(STEPS)
def test_an_account_without_access_gets_no_role_any_more(steps):
    closed, _ = accounts.close(erika(at("requester")), OFFICE)
    new_id = numbered()
    for step in steps:
        try:
            person, events = done(closed, step, new_id)
        except DomainError:
            continue
        assert (person, events) == (closed, [])
