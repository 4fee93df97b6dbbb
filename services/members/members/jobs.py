"""Work on the clock: mails are sent, accounts are kept at the identity provider. Command line: the
first office account, which no API could let in.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from marktbund import clock
from marktbund.composition import Job
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.unit_of_work import Database
from members import handlers
from members.commands import FirstOffice
from members.domain import anchors
from members.domain.mails import Outcome, written
from members.gateways.identities import Identities
from members.gateways.mailing import Sender
from members.store import anchors as kept_anchors
from members.store import mails, sign_ins
from members.store.mails import Claim

_log = structlog.get_logger(__name__)
LOOK_EVERY = timedelta(seconds=10)
AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Postman:
    """Sends what is due: claim (commit), send, record (commit). Any number of workers may run.

    site: where the links lead; sender: the address mails come from. now: system time, UTC.
    """

    send: Sender
    site: str
    sender: str
    now: Callable[[], datetime] = clock.now

    async def __call__(self, database: Database) -> None:
        """Go on until nothing is due."""
        while await self.turn(database):
            pass

    async def turn(self, database: Database) -> bool:
        """Try one handful of mails; False when none was due."""
        async with database.reading() as connection:
            if not await mails.due(connection, self.now()):
                return False
        async with database.begin(_origin()) as uow:
            claimed = await handlers.claim_mails(self.now(), AT_ONCE, uow)
        outcomes = await asyncio.gather(*[self._outcome(database, claim) for claim in claimed])
        for claim, outcome in zip(claimed, outcomes, strict=True):
            if outcome.ending != "sent":
                told = {"notice_id": str(claim.notice_id), "reason": outcome.reason}
                _log.warning("mail_not_sent", attempts=claim.attempts, **told)
            async with database.begin(_origin()) as uow:
                await handlers.record_attempt(claim, outcome, self.now(), uow)
        return True

    async def _outcome(self, database: Database, claim: Claim) -> Outcome:
        assert claim.email is not None  # noqa: S101 - claimed with an address
        if claim.kind == "checkpoint_anchored":
            assert claim.anchor_id is not None  # noqa: S101 - what these mails bring
            async with database.reading() as connection:
                anchored = await kept_anchors.by_id(connection, claim.anchor_id)
            return await self.send(
                anchors.written(
                    claim.notice_id,
                    anchored,
                    sender=self.sender,
                    recipient=claim.email,
                    at=claim.noted_at,
                )
            )
        mail = written(
            claim.notice_id,
            claim.kind,
            claim.order_id,
            site=self.site,
            sender=self.sender,
            recipient=claim.email,
            at=claim.noted_at,
        )
        return await self.send(mail)


@dataclass(frozen=True, slots=True)
class Provisioner:
    """Tells the identity provider of accounts: claim (commit), call, record (commit)."""

    tell: Identities
    now: Callable[[], datetime] = clock.now

    async def __call__(self, database: Database) -> None:
        """Go on until nothing is due."""
        while await self.turn(database):
            pass

    async def turn(self, database: Database) -> bool:
        """Tell of one handful of accounts; False when none was due."""
        async with database.reading() as connection:
            if not await sign_ins.due(connection, self.now()):
                return False
        async with database.begin(_origin()) as uow:
            claimed = await handlers.claim_sign_ins(self.now(), AT_ONCE, uow)
        for claim in claimed:
            told = await self.tell(claim.wanted)
            if not told.done:
                person = str(claim.wanted.person_id)
                _log.warning("sign_in_not_told", person_id=person, reason=told.reason)
            async with database.begin(_origin()) as uow:
                await handlers.record_sign_in(claim, told, self.now(), uow)
        return True


def _origin() -> Origin:
    return Origin(correlation_id=str(new_id()))


def mailing(send: Sender, site: str, sender: str) -> Job:
    """The job of a worker that knows a mail server."""
    return Job("mail", LOOK_EVERY, Postman(send, site, sender), after_commits=True)


def provisioning(tell: Identities) -> Job:
    """The job of a worker that knows the identity provider."""
    return Job("sign_ins", LOOK_EVERY, Provisioner(tell), after_commits=True)


async def bootstrap(database: Database, accounts: Sequence[FirstOffice]) -> None:
    """Make the first accounts of the office. Raises Conflict once there are two."""
    async with database.begin(_origin()) as uow:
        for account in accounts:
            await handlers.bootstrap_office(account, uow)
