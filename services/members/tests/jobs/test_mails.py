"""Notices become mails on a real SMTP server: once each, again after trouble, given up at last."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text

from marktbund import clock
from marktbund.contracts.notices import NoticeGiven
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.engines.ports import choose_free
from marktbund.testing.fixtures import Doors
from marktbund.testing.mail import Folder, listening
from marktbund.testing.records import received
from members import consumers
from members.domain.mails import LIFETIME, LONGEST_PAUSE, WORDINGS, next_attempt
from members.gateways.mailing import Server, SmtpSender
from members.jobs import Postman

SITE = "https://marktbund.example"
FROM = "post@marktbund.example"


@dataclass
class Post:
    """A postman on a clock of its own, before a real mail server."""

    doors: Doors
    folder: Folder
    port: int
    ahead: timedelta = timedelta(seconds=1)

    def now(self) -> datetime:
        return clock.now() + self.ahead

    def postman(self, port: int = 0) -> Postman:
        server = Server("127.0.0.1", port or self.port, "none")
        return Postman(SmtpSender(server, seconds=5), SITE, FROM, self.now)

    async def person(self, email: str | None = "erika@stadt.example") -> UUID:
        office = await self.doors.account(("office", None))
        body = {"sub": str(new_id()), **({"email": email} if email else {})}
        headers = office | {"Idempotency-Key": str(new_id())}
        answer = await self.doors.client.post("/persons", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["person_id"])

    async def notice(self, person_id: UUID, kind: Any = "approval_waiting") -> NoticeGiven:
        event = NoticeGiven(
            version=1,
            notice_id=new_id(),
            person_id=person_id,
            member_id=new_id(),
            kind=kind,
            order_id=new_id(),
        )
        await self.hear(event)
        return event

    async def hear(self, event: NoticeGiven) -> None:
        handler = consumers.hearing().handlers[NoticeGiven.topic]
        async with self.doors.database.begin(Origin(correlation_id="heard")) as uow:
            await handler([received(event)], uow)

    async def states(self) -> list[tuple[str, int, str]]:
        query = "SELECT state, attempts, reason FROM mail ORDER BY noted_at, notice_id"
        rows = await self.doors.database.connection.execute(text(query))
        return [(row.state, row.attempts, row.reason) for row in rows]


class Refusing(Folder):
    """A server that answers recipients with `reply`, and senders with `to_senders`."""

    reply = ""
    to_senders = ""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.to_senders or "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.reply:
            return self.reply
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
async def post(doors: Doors, tmp_path: Path) -> AsyncIterator[Post]:
    folder = Refusing(tmp_path / "mail")
    async with listening(folder, 0) as port:
        yield Post(doors, folder, port)


@pytest.mark.parametrize("kind", WORDINGS)
async def test_a_notice_is_a_plain_german_mail_with_two_links(post: Post, kind: str):
    notice = await post.notice(await post.person(), kind)
    await post.postman()(post.doors.database)
    (mail,) = post.folder.mails()
    page = "freigaben" if kind == "approval_waiting" else "bestellungen"
    body = mail.get_body()
    text_of_mail = body.get_content() if body else ""
    assert (mail["To"], mail["From"]) == ("erika@stadt.example", f"Marktbund <{FROM}>")
    assert mail["Message-ID"] == f"<{notice.notice_id}@marktbund.example>"
    assert mail["Subject"] == WORDINGS[kind].subject  # type: ignore[index]
    links = [word for word in text_of_mail.split() if "://" in word]
    assert links == [f"{SITE}/{page}/{notice.order_id}", f"{SITE}/benachrichtigungen"]
    assert mail.get_content_type() == "text/plain"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert await post.states() == [("sent", 1, "")]


async def test_a_notice_heard_twice_is_one_mail(post: Post):
    notice = await post.notice(await post.person())
    await post.postman()(post.doors.database)
    await post.hear(notice)
    await post.postman()(post.doors.database)
    assert len(post.folder.mails()) == 1
    assert await post.states() == [("sent", 1, "")]


async def test_a_worker_that_died_between_sending_and_recording_leaves_one_mail(post: Post):
    await post.notice(await post.person())
    postman = post.postman()
    await postman(post.doors.database)
    forget = "UPDATE mail SET state = 'waiting', ended_at = NULL, next_attempt_at = now()"
    await post.doors.database.connection.execute(text(forget))
    await postman(post.doors.database)
    assert await post.states() == [("sent", 2, "")]
    assert len(post.folder.mails()) == 1


async def test_without_a_server_mails_wait_and_go_out_later(post: Post):
    await post.notice(await post.person())
    nobody = post.postman(choose_free({post.port}))
    await nobody(post.doors.database)
    ((state, attempts, reason),) = await post.states()
    assert (state, attempts) == ("waiting", 1)
    assert reason
    await post.postman()(post.doors.database)
    assert post.folder.mails() == []
    post.ahead += timedelta(minutes=2)
    await post.postman()(post.doors.database)
    assert (len(post.folder.mails()), await post.states()) == (1, [("sent", 2, "")])


@pytest.mark.parametrize(
    ("reply", "state"), [("550 no such mailbox", "given_up"), ("451 later", "waiting")]
)
async def test_the_servers_word_decides(post: Post, reply: str, state: str):
    assert isinstance(post.folder, Refusing)
    post.folder.reply = reply
    await post.notice(await post.person())
    await post.postman()(post.doors.database)
    assert await post.states() == [(state, 1, reply[:3])]
    assert post.folder.mails() == []


async def test_a_sender_that_is_refused_loses_no_mail(post: Post):
    assert isinstance(post.folder, Refusing)
    post.folder.to_senders = "550 who are you"
    await post.notice(await post.person())
    await post.postman()(post.doors.database)
    assert await post.states() == [("waiting", 1, "sender_550")]


async def test_one_refused_mail_holds_no_other_up(post: Post):
    people = [await post.person(f"p{number}@stadt.example") for number in range(7)]
    for person_id in people:
        await post.notice(person_id)
    bad = await post.person(None)
    await post.notice(bad)
    await post.postman()(post.doors.database)
    assert {mail["To"] for mail in post.folder.mails()} == {
        f"p{number}@stadt.example" for number in range(7)
    }
    assert sorted(state for state, _, _ in await post.states()) == ["no_address", *["sent"] * 7]


async def test_one_mail_that_cannot_even_be_written_holds_no_other_up(post: Post):
    people = [await post.person(f"p{number}@stadt.example") for number in range(3)]
    for person_id in people:
        await post.notice(person_id)
    # As a row of an older release may hold it.
    broken = f"UPDATE contact SET email = 'a b@c@d' WHERE person_id = '{people[0]}'"
    await post.doors.database.connection.exec_driver_sql(broken)
    await post.postman()(post.doors.database)
    assert sorted(mail["To"] for mail in post.folder.mails()) == [
        "p1@stadt.example",
        "p2@stadt.example",
    ]
    states = sorted(state for state, _, _ in await post.states())
    assert states == ["sent", "sent", "waiting"]


async def test_who_left_gets_no_mail_that_still_waited(post: Post):
    person_id = await post.person()
    await post.notice(person_id)
    office = await post.doors.account(("office", None))
    await post.doors.client.post(f"/persons/{person_id}/deactivation", headers=office)
    await post.postman()(post.doors.database)
    assert (post.folder.mails(), await post.states()) == ([], [("no_address", 1, "")])


def test_pauses_double_and_end():
    begun = clock.now()
    first = next_attempt(1, begun, begun)
    assert first is not None
    assert first - begun == timedelta(minutes=1)
    pauses = [next_attempt(number, begun, begun) for number in range(1, 15)]
    assert [again - begun for again in pauses if again is not None][-1] == LONGEST_PAUSE
    assert next_attempt(30, begun, begun + LIFETIME) is None
