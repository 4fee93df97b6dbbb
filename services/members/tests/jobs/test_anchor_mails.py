"""The day's checkpoint reaches every auditor by mail, once, as a file the verifier takes."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from marktbund.contracts.documentation import CheckpointAnchored
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.records import received
from members import consumers

from .test_mails import Post, post

__all__ = ["post"]
ANCHORED = CheckpointAnchored(
    version=3,
    ledger_id=new_id(),
    anchor_id=new_id(),
    day=date(2026, 5, 5),
    number=41,
    time=datetime(2026, 5, 4, 22, 29, 58, 123456, tzinfo=UTC),
    root="a1" * 32,
    previous="b2" * 32,
    signature="c3" * 64,
    key_id="d4" * 32,
)


async def hear(post: Post, *events: CheckpointAnchored) -> None:
    handlers = consumers.hearing().handlers
    async with post.doors.database.begin(Origin(correlation_id="c")) as uow:
        await handlers[CheckpointAnchored.topic]([received(event) for event in events], uow)


async def give(post: Post, person_id: Any, role: str, *, at_member: bool = False) -> None:
    grants = [{"role": role, "member_id": str(new_id()) if at_member else None}]
    await post.doors.database.connection.execute(
        text("UPDATE person SET grants = CAST(:grants AS jsonb) WHERE person_id = :id"),
        {"grants": json.dumps(grants), "id": person_id},
    )


@pytest.fixture
async def auditors(post: Post) -> list[str]:
    """One of a member, one of the cooperative; beside them a requester and a former auditor."""
    people = [
        ("anna@stadt.example", "auditor", True),
        ("bruno@geno.example", "auditor", False),
        ("clara@stadt.example", "requester", True),
        ("dora@stadt.example", "auditor", True),
    ]
    for email, role, at_member in people:
        person_id = await post.person(email)
        await give(post, person_id, role, at_member=at_member)
    await post.doors.database.connection.execute(
        text("UPDATE person SET active = false WHERE person_id = :id"), {"id": person_id}
    )
    return [people[0][0], people[1][0]]


async def test_every_auditor_gets_the_checkpoint_once(post: Post, auditors: list[str]):
    await hear(post, ANCHORED, ANCHORED)
    await hear(post, ANCHORED)
    await post.postman()(post.doors.database)
    mails = post.folder.mails()
    assert sorted(mail["To"] for mail in mails) == auditors
    assert {mail["Subject"] for mail in mails} == {"Prüfpunkt 41 der Akten, 05.05.2026"}
    body = mails[0].get_body().get_content()
    for line in (
        "Nummer: 41",
        "Zeitpunkt (UTC): 2026-05-04T22:29:58.123456Z",
        f"Wurzel: {ANCHORED.root}",
        f"Signatur (Ed25519): {ANCHORED.signature}",
    ):
        assert line in body.splitlines()
    (attached,) = mails[0].iter_attachments()
    assert attached.get_filename() == "pruefpunkt-2026-05-05.json"
    assert json.loads(attached.get_content()) == {
        "format": "marktbund-checkpoint/1",
        "number": 41,
        "time": "2026-05-04T22:29:58.123456Z",
        "root": ANCHORED.root,
        "previous": ANCHORED.previous,
        "signature": ANCHORED.signature,
    }
