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
from members.gateways.mailing import MailSender
from members.store import anchors as kept_anchors
from members.store import mails, sign_ins
from members.store.mails import MailClaim
from members.store.sign_ins import SignInClaim
from members.views import standing

_log = structlog.get_logger(__name__)
LOOK_EVERY = timedelta(seconds=10)
AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Postman:
    """Sends what is due: claim (commit), send, record (commit). Any number of workers may run.

    site: where the links lead; sender: the address mails come from. now: system time, UTC.
    """

    send: MailSender
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
            await self._record(database, claim, outcome)
        return True

    async def _record(self, database: Database, claim: MailClaim, outcome: Outcome) -> None:
        if outcome.ending != "sent":
            about = {"notice_id": str(claim.notice_id), "reason": outcome.reason}
            _log.warning("mail_not_sent", attempts=claim.attempts, **about)
        try:
            async with database.begin(_origin()) as uow:
                await handlers.record_attempt(claim, outcome, self.now(), uow)
        except Exception as error:  # noqa: BLE001 - due again when its claim ends
            _fault("mail_not_recorded", error, notice_id=str(claim.notice_id))

    async def _outcome(self, database: Database, claim: MailClaim) -> Outcome:
        try:
            return await self._sent(database, claim)
        except Exception as error:  # noqa: BLE001 - one mail's fault is never another's
            _fault("mail_failed", error, notice_id=str(claim.notice_id))
            return Outcome("later", type(error).__name__)

    async def _sent(self, database: Database, claim: MailClaim) -> Outcome:
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
            try:
                await self._tell(database, claim)
            except Exception as error:  # noqa: BLE001 - due again when its claim ends
                person = str(claim.wanted.person_id)
                _fault("sign_in_failed", error, person_id=person)
        return True

    async def _tell(self, database: Database, claim: SignInClaim) -> None:
        outcome = await self.tell(claim.wanted)
        if not outcome.done:
            about = {"person_id": str(claim.wanted.person_id), "reason": outcome.reason}
            _log.warning("sign_in_not_told", refused=outcome.refused, **about)
        async with database.begin(_origin()) as uow:
            await handlers.record_sign_in(claim, outcome, self.now(), uow)


def _fault(event: str, error: Exception, **about: str) -> None:
    _log.error(event, error=type(error).__name__, exc_info=error, **about)


def _origin() -> Origin:
    return Origin(correlation_id=str(new_id()))


def mailing(send: MailSender, site: str, sender: str) -> Job:
    """The job of a worker that knows a mail server."""
    return Job("mail", LOOK_EVERY, Postman(send, site, sender), after_commits=True)


def provisioning(tell: Identities) -> Job:
    """The job of a worker that knows the identity provider."""
    return Job("sign_ins", LOOK_EVERY, Provisioner(tell), after_commits=True)


async def name_chains(database: Database) -> None:
    """Log who belongs to a member that belongs to another: data from before doors refused it."""
    async with database.reading() as connection:
        for chain in await standing.chained(connection):
            about = {"authority_id": str(chain.authority_id), "root_id": str(chain.root_id)}
            _log.error("authority_chained", member_id=str(chain.member_id), **about)


def chains() -> Job:
    """The job that names them at the start and every six hours."""
    return Job("authority_chains", timedelta(hours=6), name_chains)


async def bootstrap(database: Database, accounts: Sequence[FirstOffice]) -> None:
    """Make the first accounts of the office. Raises Conflict once there are two."""
    async with database.begin(_origin()) as uow:
        for account in accounts:
            await handlers.bootstrap_office(account, uow)
