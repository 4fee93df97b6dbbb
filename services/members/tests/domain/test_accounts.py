"""Accounts made known, reached and closed: what is decided, who hears of it, what Keycloak does."""

from dataclasses import replace
from uuid import UUID

import pytest

from marktbund.contracts.members import Grant, PersonRegistered
from members.domain import accounts
from members.domain.accounts import AccountFacts, Newcomer
from members.domain.granting import Granter
from services.members.tests.domain.cast import (
    ADMIN,
    ERIKA,
    KNOWN,
    NOWHERE,
    OFFICE,
    SECOND,
    STRANGER,
    TOWN,
    at,
    erika,
    names,
    numbered,
    refusal,
    waits,
)

SCHOOL, LIBRARY = UUID(int=31), UUID(int=32)
OFFICE_PEOPLE = (UUID(int=11), UUID(int=12))
NEW = Newcomer(ERIKA, "person", "sub-erika", (), email="erika@stadt.example")


def facts(by: Granter = OFFICE, **more) -> AccountFacts:
    usual = {"member_ids": KNOWN, "unit_ids": frozenset({SCHOOL, LIBRARY}), "office": OFFICE_PEOPLE}
    return AccountFacts(by, **(usual | more))


def registered(newcomer=NEW, known=None, **changed):
    return accounts.register(replace(newcomer, **changed), known or facts(), numbered())


def test_somebody_new_holds_what_one_person_gives_and_waits_for_the_rest():
    person, events = registered(grants=(at("requester"), at("approver")), unit_ids=(SCHOOL,))
    assert events[0] == PersonRegistered(
        version=1,
        person_id=ERIKA,
        kind="person",
        grants=(at("requester"),),
        registered_by=OFFICE.person_id,
    )
    assert [type(event).__name__ for event in events] == ["PersonRegistered", "GrantRequested"]
    assert (person.version, person.grants, person.unit_ids) == (2, (at("requester"),), (SCHOOL,))
    assert [waiting.grant for waiting in person.waiting] == [at("approver")]
    assert (person.sub, person.made, person.active) == ("sub-erika", False, True)


def test_without_a_subject_the_account_is_ours_to_make_under_its_own_id():
    person, _ = registered(sub=None)
    assert (person.sub, person.made, person.email) == (str(ERIKA), True, "erika@stadt.example")


def test_an_administration_makes_people_of_its_member_known():
    person, [event] = registered(known=facts(ADMIN), grants=(at("receiver"),))
    assert (event.registered_by, person.grants) == (ADMIN.person_id, (at("receiver"),))


REFUSED = {
    "level": ({"grants": (at("requester"), at("office"))}, {}, "role_level_wrong"),
    "level, beside one that waits": (
        {"grants": (at("approver"), at("office"))},
        {},
        "role_level_wrong",
    ),
    "member": ({"grants": (at("requester", NOWHERE),)}, {}, "member_unknown"),
    "member, to wait": ({"grants": (at("approver", NOWHERE),)}, {}, "member_unknown"),
    "unit": ({"unit_ids": (SCHOOL, UUID(int=33))}, {}, "unit_unknown"),
    "no address": ({"email": None, "grants": (at("approver"),)}, {}, "address_needed"),
    "subject": ({}, {"sub_known": True}, "person_exists"),
    "address": ({}, {"email_owner": UUID(int=77)}, "email_taken"),
}
FIELDS = {
    "level": "grants[1].member_id",
    "level, beside one that waits": "grants[1].member_id",
    "member": "grants[0].member_id",
    "member, to wait": "grants[0].member_id",
    "unit": "unit_ids[1]",
    "no address": "email",
    "subject": "sub",
    "address": "email",
}


@pytest.mark.parametrize("what", REFUSED)
def test_who_cannot_be_made_known_is_refused_at_the_field(what: str):
    changed, known, code = REFUSED[what]
    refused = refusal(lambda: registered(known=facts(**known), **changed))
    assert refused[1:] == (code, FIELDS[what])


def test_without_roles_of_four_eyes_nobody_needs_an_address():
    assert registered(email=None, grants=(at("requester"),))[0].email is None


@pytest.mark.parametrize("count", [0, 1])
def test_the_command_line_makes_the_first_two_of_the_office(count: int):
    person, [event] = accounts.bootstrap(NEW, facts(office_accounts=count))
    held = (Grant(role="office"), Grant(role="operator"))
    assert (person.grants, event.grants, person.waiting) == (held, held, ())
    assert (event.bootstrap, event.registered_by) == (True, None)


@pytest.mark.parametrize("count", [2, 3])
def test_the_command_line_makes_no_third(count: int):
    known = facts(office_accounts=count, sub_known=True)
    assert refusal(lambda: accounts.bootstrap(NEW, known)) == (409, "office_exists", "")


def test_the_command_line_takes_nobodys_subject_or_address():
    for known, code in (
        ({"sub_known": True}, "person_exists"),
        ({"email_owner": TOWN}, "email_taken"),
    ):
        assert refusal(lambda k=known: accounts.bootstrap(NEW, facts(**k)))[1] == code


def moved(person, email="neu@stadt.example", by=SECOND, **known):
    return accounts.move(person, email, facts(by, person=person, **known), numbered())


def test_another_address_is_kept_without_an_event():
    before = erika(at("approver"))
    assert moved(before) == (replace(before, email="neu@stadt.example"), [])


def test_with_another_address_of_an_account_that_we_made_its_roles_of_two_wait_again():
    person, events = moved(erika(at("requester"), at("approver"), made=True))
    assert names(events) == ["RolesGranted", "GrantRequested"]
    assert (person.email, person.grants) == ("neu@stadt.example", (at("requester"),))
    assert person.waiting[0].requested_by == SECOND.person_id


@pytest.mark.parametrize("email", ["erika@stadt.example", "ERIKA@Stadt.example"])
def test_the_same_address_however_it_is_spelt_lets_nothing_wait(email: str):
    before = erika(at("approver"), made=True)
    assert moved(before, email) == (replace(before, email=email), [])


def test_the_first_address_of_an_account_that_we_made_lets_its_roles_wait():
    assert names(moved(erika(at("approver"), email=None, made=True))[1]) == [
        "RolesGranted",
        "GrantRequested",
    ]


def test_nobody_moves_their_own_roles_with_their_address():
    before = erika(at("office", None), made=True)
    by = Granter(ERIKA, before.grants)
    assert refusal(lambda: moved(before, by=by))[1] == "own_roles"
    assert moved(replace(before, made=False), by=by)[0].email == "neu@stadt.example"


def test_an_address_is_one_accounts_and_may_be_set_again():
    before = erika()
    assert refusal(lambda: moved(before, email_owner=UUID(int=77))) == (409, "email_taken", "email")
    assert moved(before, email_owner=ERIKA)[1] == []


def test_whose_access_ended_has_no_address_any_more():
    before = erika(active=False, email=None)
    assert refusal(lambda: moved(before, email_owner=UUID(int=77)))[1] == "person_inactive"


def test_closing_forgets_the_address_and_refuses_what_waits():
    before = erika(
        at("requester"), waiting=[waits(at("approver")), waits(at("finance"), number=501)]
    )
    person, events = accounts.close(before, SECOND)
    assert names(events) == ["PersonDeactivated", "GrantRefused", "GrantRefused"]
    assert {event.comment for event in events[1:]} == {"Das Konto wurde geschlossen."}
    assert {event.refused_by for event in events[1:]} == {SECOND.person_id}
    assert (person.active, person.email, person.waiting, person.version) == (False, None, (), 7)
    assert person.grants == (at("requester"),)


def test_closing_twice_changes_nothing():
    closed, _ = accounts.close(erika(), OFFICE)
    assert accounts.close(closed, OFFICE) == (closed, [])


def test_whoever_may_not_decide_what_waits_closes_nothing():
    before = erika(waiting=[waits(at("approver"))])
    assert refusal(lambda: accounts.close(before, STRANGER))[1] == "request_unknown"


BOARD, AUDIT = at("board", None), at("auditor", None)
HEARD = {
    "nothing new": (erika(BOARD), erika(BOARD), ()),
    "a role of a member": (erika(), erika(at("approver"), waiting=[waits(at("finance"))]), ()),
    "asked": (erika(), erika(waiting=[waits(BOARD)]), ("role_requested",)),
    "asked before": (erika(waiting=[waits(BOARD)]), erika(waiting=[waits(BOARD)]), ()),
    "another one asked": (
        erika(waiting=[waits(BOARD)]),
        erika(waiting=[waits(BOARD), waits(AUDIT, number=501)]),
        ("role_requested",),
    ),
    "held now": (erika(waiting=[waits(BOARD)]), erika(BOARD), ("role_granted",)),
    "taken": (erika(BOARD), erika(), ()),
    "refused": (erika(waiting=[waits(BOARD)]), erika(), ()),
    "two asked": (
        erika(),
        erika(waiting=[waits(BOARD), waits(AUDIT, number=501)]),
        ("role_requested",),
    ),
    "one held, one asked": (
        erika(),
        erika(BOARD, waiting=[waits(AUDIT)]),
        ("role_requested", "role_granted"),
    ),
    "somebody new": (None, erika(at("requester")), ()),
    "somebody new, asked": (None, erika(waiting=[waits(BOARD)]), ("role_requested",)),
    "from the command line": (None, erika(at("office", None)), ("role_granted",)),
}


@pytest.mark.parametrize("what", HEARD)
def test_the_office_hears_of_roles_of_the_cooperative_once(what: str):
    before, after, kinds = HEARD[what]
    assert accounts.office_hears(before, after) == kinds
    mails = accounts.office_mails(after, facts(person=before), numbered())
    people = (*OFFICE_PEOPLE, ERIKA) if what == "from the command line" else OFFICE_PEOPLE
    assert [(mail.kind, mail.person_id) for mail in mails] == [
        (kind, person_id) for kind in kinds for person_id in people
    ]
    assert len({mail.notice_id for mail in mails}) == len(mails)


def test_whoever_was_of_the_office_before_is_not_named_twice():
    before = erika(at("office", None))
    known = facts(person=before, office=(*OFFICE_PEOPLE, ERIKA))
    mails = accounts.office_mails(erika(at("office", None), BOARD), known, numbered())
    assert [mail.person_id for mail in mails] == [*OFFICE_PEOPLE, ERIKA]


TOLD = {
    "somebody new elsewhere": (None, erika(at("requester")), False),
    "somebody new of ours": (None, erika(made=True), True),
    "the command line": (None, erika(at("office", None)), True),
    "a simple role": (erika(), erika(at("requester")), False),
    "a role with four eyes": (erika(), erika(at("approver")), True),
    "a second one": (erika(at("approver")), erika(at("approver"), at("finance")), False),
    "the last one taken": (erika(at("approver")), erika(), True),
    "one of two taken": (erika(at("approver"), at("finance")), erika(at("finance")), False),
    "one that waits": (erika(), erika(waiting=[waits(at("approver"))]), False),
    "a machine": (erika(kind="machine"), erika(at("approver"), kind="machine"), False),
    "closed": (erika(), erika(active=False), True),
    "closed before": (erika(active=False), erika(active=False), False),
}


@pytest.mark.parametrize("what", TOLD)
def test_keycloak_hears_of_accounts_made_and_closed_and_of_second_factors(what: str):
    before, after, hears = TOLD[what]
    assert accounts.tells_provider(before, after) is hears
