"""What mails say, to whom they go, and when one is tried again: each sentence and each pause."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest

from marktbund.contracts.documentation import CheckpointAnchored
from marktbund.contracts.notices import NoticeGiven, OrderNotice
from members.domain import anchors, mails
from members.domain.mails import (
    ROLE_WORDINGS,
    WORDINGS,
    AttemptEnd,
    NotedMail,
    Outcome,
    RoleNotice,
    end_of_attempt,
    mails_to_office,
    mails_wanted,
    next_attempt,
)
from services.members.tests.domain.cast import ERIKA, OTHER, TOWN, numbered

NOTED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NOTICE, ORDER = UUID(int=70), UUID(int=71)


def written(kind, order_id=ORDER, site="https://markt.example", **changed):
    usual = {"sender": "post@markt.example", "recipient": "erika@stadt.example", "at": NOTED}
    return mails.written(NOTICE, kind, order_id, site=site, **(usual | changed))


def test_every_notice_has_words_and_every_subject_is_its_own():
    assert set(WORDINGS) == set(get_args(OrderNotice))
    assert set(ROLE_WORDINGS) == set(get_args(RoleNotice))
    subjects = [wording.subject for wording in (*WORDINGS.values(), *ROLE_WORDINGS.values())]
    assert len(subjects) == len(set(subjects)) == 9


def test_a_mail_of_an_order_leads_to_it_and_to_the_choice_of_mails():
    mail = written("order_refused")
    assert mail.get_content() == (
        "Guten Tag,\n\n"
        "Ihre Bestellung wurde abgelehnt. Die Begründung steht im Portal.\n\n"
        f"https://markt.example/bestellungen/{ORDER}\n\n"
        "Diese Nachricht wurde automatisch versandt. Antworten liest niemand.\n"
        "Welche Nachrichten Sie erhalten, wählen Sie hier: "
        "https://markt.example/benachrichtigungen\n"
    )
    assert mail["Subject"] == "Ihre Bestellung ist abgelehnt"
    assert (mail["From"], mail["To"]) == ("Marktbund <post@markt.example>", "erika@stadt.example")
    assert mail["Date"].datetime == NOTED
    assert mail["Message-ID"] == f"<{NOTICE}@markt.example>"
    assert mail["Content-Language"] == "de"
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "de")


def test_a_mail_of_a_role_leads_to_the_page_of_roles_and_cannot_be_done_without():
    body = written("role_requested", None).get_content()
    assert "\n\nhttps://markt.example/rollen\n\n" in body
    assert "benachrichtigungen" not in body


@pytest.mark.parametrize("kind", get_args(OrderNotice))
def test_only_who_may_decide_is_led_to_decisions(kind):
    page = "freigaben" if kind == "approval_waiting" else "bestellungen"
    assert f"https://markt.example/{page}/{ORDER}\n" in written(kind).get_content()


@pytest.mark.parametrize("site", ["https://markt.example/", "https://markt.example//"])
def test_a_site_with_a_slash_gives_the_same_links(site: str):
    assert (
        written("order_approved", site=site).get_content()
        == written("order_approved").get_content()
    )


@pytest.mark.parametrize(
    "recipient", ["", "erika", "erika@", "a b@stadt.example", "x@y\r\nBcc: z@y"]
)
def test_no_mail_is_written_to_what_is_no_address(recipient: str):
    with pytest.raises((ValueError, IndexError)):
        written("order_approved", recipient=recipient)


def test_the_same_notice_is_the_same_mail():
    assert written("supplier_late").as_bytes() == written("supplier_late").as_bytes()


def notice(number: int, person_id=ERIKA, kind="order_approved") -> NoticeGiven:
    return NoticeGiven(
        version=number,
        notice_id=UUID(int=number),
        person_id=person_id,
        member_id=TOWN,
        kind=kind,
        order_id=ORDER,
    )


def test_what_a_person_does_without_makes_no_mail_for_them_alone():
    heard = [notice(1), notice(2, kind="order_refused"), notice(3, OTHER)]
    noted = mails_wanted(heard, {(ERIKA, "order_approved"), (OTHER, "supplier_late")})
    assert noted == (
        NotedMail(UUID(int=2), ERIKA, "order_refused", order_id=ORDER),
        NotedMail(UUID(int=3), OTHER, "order_approved", order_id=ORDER),
    )
    assert len(mails_wanted(heard, set())) == 3
    assert mails_wanted([], {(ERIKA, "order_approved")}) == ()


def test_everybody_of_the_office_gets_a_mail_of_every_kind_of_its_own():
    noted = mails_to_office(["role_requested", "role_granted"], [ERIKA, OTHER], numbered(1))
    assert [(mail.notice_id.int, mail.person_id, mail.kind) for mail in noted] == [
        (1, ERIKA, "role_requested"),
        (2, OTHER, "role_requested"),
        (3, ERIKA, "role_granted"),
        (4, OTHER, "role_granted"),
    ]
    assert mails_to_office([], [ERIKA], numbered()) == ()
    assert mails_to_office(["role_granted"], iter([ERIKA]), numbered(1))[0].order_id is None


PAUSES = [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 64), (8, 128), (9, 240), (400, 240)]
"""Attempts so far -> minutes until the next one: doubled, and four hours at most."""


@pytest.mark.parametrize(("attempts", "minutes"), PAUSES)
def test_pauses_double_up_to_four_hours(attempts: int, minutes: int):
    now = NOTED + timedelta(hours=5)
    assert next_attempt(attempts, NOTED, now) == now + timedelta(minutes=minutes)


def test_after_three_days_a_mail_is_history():
    last = NOTED + timedelta(days=3)
    assert next_attempt(1, NOTED, last) is None
    just = last - timedelta(microseconds=1)
    assert next_attempt(1, NOTED, just) == just + timedelta(minutes=1)


SOON, LATE = NOTED + timedelta(minutes=3), NOTED + timedelta(days=3)
ENDS = [
    (Outcome("sent"), SOON, AttemptEnd("sent")),
    (Outcome("sent"), LATE, AttemptEnd("sent")),
    (Outcome("never", "550"), SOON, AttemptEnd("given_up", "550")),
    (Outcome("later", "451"), SOON, AttemptEnd("waiting", "451", SOON + timedelta(minutes=2))),
    (Outcome("later", "451"), LATE, AttemptEnd("given_up", "451")),
]


@pytest.mark.parametrize(("outcome", "now", "end"), ENDS)
def test_an_attempt_ends_sent_given_up_or_due_again(outcome, now, end):
    assert end_of_attempt(2, NOTED, outcome, now) == end


ANCHORED = CheckpointAnchored(
    version=1,
    ledger_id=TOWN,
    anchor_id=OTHER,
    day=date(2026, 5, 5),
    number=41,
    time=datetime(2026, 5, 4, 22, 29, 58, tzinfo=UTC),
    root="a1" * 32,
    previous="b2" * 32,
    signature="c3" * 64,
    key_id="d4" * 32,
)


def test_an_auditors_mail_has_the_same_id_however_often_the_anchor_is_heard():
    first = anchors.mails_of(OTHER, [ERIKA, TOWN])
    assert first == anchors.mails_of(OTHER, [ERIKA, TOWN])
    again = anchors.mails_of(OTHER, [TOWN])
    assert again == first[1:]
    elsewhere = anchors.mails_of(TOWN, [ERIKA, TOWN])
    assert len({mail.notice_id for mail in (*first, *elsewhere)}) == 4
    assert {(mail.kind, mail.anchor_id, mail.order_id) for mail in first} == {
        ("checkpoint_anchored", OTHER, None)
    }


def test_a_checkpoints_time_is_the_text_that_was_signed():
    anchored = anchors.anchored_of(ANCHORED)
    assert (anchored.time, anchored.number, anchored.day) == (
        "2026-05-04T22:29:58Z",
        41,
        date(2026, 5, 5),
    )
    kept = {"root", "previous", "signature", "key_id"}
    assert {name: getattr(anchored, name) for name in kept} == ANCHORED.model_dump(include=kept)


def test_a_checkpoints_mail_carries_the_file_that_the_verifier_takes():
    anchored = anchors.anchored_of(ANCHORED)
    mail = anchors.written(
        NOTICE, anchored, sender="post@markt.example", recipient="rpa@stadt.example", at=NOTED
    )
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "pruefpunkt-2026-05-05.json"
    assert json.loads(attached.get_content()) == {
        "format": "marktbund-checkpoint/1",
        "number": 41,
        "time": "2026-05-04T22:29:58Z",
        "root": "a1" * 32,
        "previous": "b2" * 32,
        "signature": "c3" * 64,
    }
    body = mail.get_body()
    assert body is not None
    lines = body.get_content().splitlines()
    assert f"Vorgänger: {'b2' * 32}" in lines
    assert f"Schlüssel (SHA-256): {'d4' * 32}" in lines
    assert mail["Subject"] == "Prüfpunkt 41 der Akten, 05.05.2026"
    assert mail["Message-ID"] == f"<{NOTICE}@markt.example>"
    assert mail["Content-Language"] == "de"
