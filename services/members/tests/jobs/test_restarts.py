"""Workers that die between steps: what was claimed is due again, what is late counts no more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from marktbund.contracts.notices import NoticeGiven
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from marktbund.testing.records import received
from members import handlers
from members.domain.mails import Outcome
from members.domain.sign_ins import SignInOutcome, WantedSignIn
from members.jobs import AT_ONCE, Postman, Provisioner
from members.store.mails import MailClaim
from members.store.sign_ins import SignInClaim

ORIGIN = Origin(correlation_id="restarts")
START = datetime(2099, 1, 1, tzinfo=UTC)
"""After everything that is noted now."""


@dataclass
class Desk:
    """The office, and workers on a clock that is set by hand."""

    doors: Doors
    office: dict[str, str]
    now: datetime = START
    sent: list[str] = field(default_factory=list)
    heard: list[WantedSignIn] = field(default_factory=list)

    async def call(self, method: str, path: str, **body: Any) -> Any:
        headers = self.office | {"Idempotency-Key": str(new_id())}
        answer = await self.doors.client.request(method, path, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def person(self, **more: Any) -> UUID:
        body = {"email": f"{new_id()}@stadt.example", **more}
        return UUID((await self.call("POST", "/persons", **body))["person_id"])

    async def notices(self, person_id: UUID, count: int = 1) -> list[UUID]:
        notices = [
            NoticeGiven(
                version=number + 1,
                notice_id=new_id(),
                person_id=person_id,
                member_id=new_id(),
                kind="order_approved",
                order_id=new_id(),
            )
            for number in range(count)
        ]
        async with self.doors.database.begin(ORIGIN) as uow:
            await handlers.note_notices([received(notice) for notice in notices], uow)
        return [notice.notice_id for notice in notices]

    async def claim_mails(self, most: int = AT_ONCE) -> list[MailClaim]:
        async with self.doors.database.begin(ORIGIN) as uow:
            return await handlers.claim_mails(self.now, most, uow)

    async def record(self, claim: MailClaim, outcome: Outcome) -> None:
        async with self.doors.database.begin(ORIGIN) as uow:
            await handlers.record_attempt(claim, outcome, self.now, uow)

    async def claim_sign_ins(self) -> list[SignInClaim]:
        async with self.doors.database.begin(ORIGIN) as uow:
            return await handlers.claim_sign_ins(self.now, AT_ONCE, uow)

    async def record_sign_in(self, claim: SignInClaim, outcome: SignInOutcome) -> None:
        async with self.doors.database.begin(ORIGIN) as uow:
            await handlers.record_sign_in(claim, outcome, self.now, uow)

    async def send(self, mail: EmailMessage) -> Outcome:
        self.sent.append(str(mail["Message-ID"]))
        return Outcome("sent")

    async def tell(self, wanted: WantedSignIn) -> SignInOutcome:
        self.heard.append(wanted)
        return SignInOutcome(done=True, sub=f"kc-{wanted.person_id}" if wanted.made else None)

    async def run_mails(self) -> None:
        await Postman(self.send, "https://m.example", "p@m.example", lambda: self.now)(
            self.doors.database
        )

    async def run_sign_ins(self) -> None:
        await Provisioner(self.tell, lambda: self.now)(self.doors.database)

    async def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        rows = await self.doors.database.connection.execute(text(query))
        return [tuple(row) for row in rows]


@pytest.fixture
async def desk(doors: Doors) -> Desk:
    return Desk(doors, await doors.account(("office", None)))


MAIL = "SELECT state, attempts, reason FROM mail"
SIGN_IN = "SELECT wanted, told, attempts, invited, reason FROM sign_in"


async def test_a_mail_belongs_to_its_worker_for_two_minutes_and_then_to_any(desk: Desk):
    await desk.notices(await desk.person())
    [claim] = await desk.claim_mails()
    desk.now += timedelta(minutes=2) - timedelta(microseconds=1)
    assert await desk.claim_mails() == []
    desk.now += timedelta(microseconds=1)
    [again] = await desk.claim_mails()
    assert (again.notice_id, claim.attempts, again.attempts) == (claim.notice_id, 1, 2)


async def test_a_worker_that_died_before_sending_costs_two_minutes_and_no_mail(desk: Desk):
    [notice_id] = await desk.notices(await desk.person())
    await desk.claim_mails()
    await desk.run_mails()
    assert desk.sent == []
    desk.now += timedelta(minutes=2)
    await desk.run_mails()
    assert desk.sent == [f"<{notice_id}@m.example>"]
    assert await desk.rows(MAIL) == [("sent", 2, "")]


@pytest.mark.parametrize(
    "late", [Outcome("sent"), Outcome("later", "451"), Outcome("never", "550")]
)
async def test_what_a_worker_says_after_its_time_counts_no_more(desk: Desk, late: Outcome):
    await desk.notices(await desk.person())
    [slow] = await desk.claim_mails()
    desk.now += timedelta(minutes=2)
    [quick] = await desk.claim_mails()
    await desk.record(slow, late)
    assert await desk.rows(MAIL) == [("waiting", 2, "")]
    await desk.record(quick, Outcome("sent"))
    await desk.record(slow, late)
    assert await desk.rows(MAIL) == [("sent", 2, "")]


async def test_pauses_begin_when_an_attempt_ends(desk: Desk):
    await desk.notices(await desk.person())
    await desk.rows("UPDATE mail SET noted_at = '2098-12-31 23:59:00+00' RETURNING 1")
    for attempts, minutes in ((1, 1), (2, 2), (3, 4)):
        [claim] = await desk.claim_mails()
        assert claim.attempts == attempts
        desk.now += timedelta(seconds=30)
        await desk.record(claim, Outcome("later", "451"))
        desk.now += timedelta(minutes=minutes) - timedelta(microseconds=1)
        assert await desk.claim_mails() == []
        desk.now += timedelta(microseconds=1)


async def test_the_oldest_go_first_in_handfuls_and_none_is_left(desk: Desk):
    ids = await desk.notices(await desk.person(), 2 * AT_ONCE + 1)
    for position, notice_id in enumerate(ids):
        due = f"'2098-01-01'::timestamptz - interval '{position} minutes'"
        await desk.rows(
            f"UPDATE mail SET next_attempt_at = {due} WHERE notice_id = '{notice_id}' RETURNING 1"
        )
    first = await desk.claim_mails()
    assert {claim.notice_id for claim in first} == set(ids[-AT_ONCE:])
    for claim in first:
        await desk.record(claim, Outcome("sent"))
    await desk.run_mails()
    assert len(desk.sent) == AT_ONCE + 1
    assert {state for (state, *_) in await desk.rows(MAIL)} == {"sent"}


async def test_a_mail_to_nobody_ends_at_once_and_holds_no_other_up(desk: Desk):
    await desk.notices(new_id())
    person_id = await desk.person()
    await desk.notices(person_id)
    assert [claim.person_id for claim in await desk.claim_mails()] == [person_id]
    states = await desk.rows(f"{MAIL} ORDER BY state")
    assert states == [("no_address", 1, ""), ("waiting", 1, "")]


async def test_an_address_that_was_given_meanwhile_is_used(desk: Desk):
    person_id = await desk.person()
    await desk.notices(person_id)
    await desk.claim_mails()
    await desk.call("PUT", f"/persons/{person_id}/contact", email="neu@stadt.example")
    desk.now += timedelta(minutes=2)
    [claim] = await desk.claim_mails()
    assert claim.email == "neu@stadt.example"


async def test_an_account_belongs_to_its_worker_for_a_minute_and_then_to_any(desk: Desk):
    person_id = await desk.person()
    [claim] = await desk.claim_sign_ins()
    desk.now += timedelta(minutes=1) - timedelta(microseconds=1)
    assert await desk.claim_sign_ins() == []
    desk.now += timedelta(microseconds=1)
    [again] = await desk.claim_sign_ins()
    assert (again.wanted, again.number, again.attempts) == (claim.wanted, 1, 2)
    assert again.wanted.sub == str(person_id)


async def test_a_worker_that_died_after_telling_tells_again_and_takes_the_same_account(desk: Desk):
    person_id = await desk.person()
    await desk.claim_sign_ins()
    desk.now += timedelta(minutes=1)
    await desk.run_sign_ins()
    await desk.run_sign_ins()
    assert [wanted.person_id for wanted in desk.heard] == [person_id]
    [sub] = (await desk.rows("SELECT sub FROM person"))[0]
    assert sub == f"kc-{person_id}"
    assert await desk.rows(SIGN_IN) == [(1, 1, 2, False, "")]


async def test_what_a_late_worker_told_does_not_undo_what_is_known_by_now(desk: Desk):
    person_id = await desk.person()
    [slow] = await desk.claim_sign_ins()
    await desk.call("POST", f"/persons/{person_id}/deactivation")
    await desk.run_sign_ins()
    assert [wanted.active for wanted in desk.heard] == [False]
    assert (await desk.rows(SIGN_IN))[0][:2] == (2, 2)
    await desk.record_sign_in(slow, SignInOutcome(done=True, sub=None))
    assert (await desk.rows(SIGN_IN))[0][:2] == (2, 2)


async def test_a_failure_of_before_a_change_delays_the_change_by_nothing(desk: Desk):
    person_id = await desk.person()
    [claim] = await desk.claim_sign_ins()
    await desk.call("PUT", f"/persons/{person_id}/contact", email="neu@stadt.example")
    await desk.record_sign_in(claim, SignInOutcome(done=False, reason="http_503"))
    [again] = await desk.claim_sign_ins()
    assert (again.wanted.email, again.number, again.attempts) == ("neu@stadt.example", 2, 1)


async def test_a_refusal_of_before_a_change_does_not_stop_the_change(desk: Desk):
    person_id = await desk.person()
    [claim] = await desk.claim_sign_ins()
    await desk.call("PUT", f"/persons/{person_id}/contact", email="neu@stadt.example")
    await desk.record_sign_in(claim, SignInOutcome(done=False, reason="http_400", refused=True))
    assert await desk.rows("SELECT refused_at FROM sign_in") == [(None,)]
    assert len(await desk.claim_sign_ins()) == 1


async def test_an_invitation_that_went_out_is_remembered_whatever_failed_after_it(desk: Desk):
    await desk.person()
    [claim] = await desk.claim_sign_ins()
    outcome = SignInOutcome(done=False, sub="kc-1", invited=True, reason="http_500")
    await desk.record_sign_in(claim, outcome)
    desk.now += timedelta(seconds=5)
    [again] = await desk.claim_sign_ins()
    assert (again.wanted.invited, again.wanted.sub) == (True, "kc-1")
    assert await desk.rows(SIGN_IN) == [(1, 0, 2, True, "http_500")]


async def test_what_is_told_is_the_account_as_it_is_when_it_is_taken(desk: Desk):
    person_id = await desk.person()
    await desk.call("PUT", f"/persons/{person_id}/contact", email="neu@stadt.example")
    await desk.call("POST", f"/persons/{person_id}/deactivation")
    [claim] = await desk.claim_sign_ins()
    assert (claim.wanted.active, claim.wanted.email, claim.number) == (False, None, 3)
