"""Notices become mails: kept when heard, claimed, and recorded as they ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from marktbund import statements
from marktbund.contracts.notices import NoticeGiven
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork
from members.domain.mails import NO_ADDRESS, Outcome, end_of_attempt, mails_wanted
from members.store import mails
from members.store.mails import MailClaim


async def note_notices(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Keep a mail for every notice heard that is wanted; applying: all at once."""
    heard = [record.event for record in records if isinstance(record.event, NoticeGiven)]
    asked = mails.asked_unwanted([notice.person_id for notice in heard])
    known = await statements.ask(uow.connection, asked)

    noted = mails_wanted(heard, set(known.unwanted))

    await uow.write(*mails.noting(noted, uow.now))


async def claim_mails(now: datetime, most: int, uow: UnitOfWork) -> list[MailClaim]:
    """Take what is due; a mail to somebody without an address ends here."""
    taken = await mails.claim(uow, now, most)
    addresses = await mails.addresses(uow, [claim.person_id for claim in taken])

    claimed = [replace(claim, email=addresses.get(claim.person_id)) for claim in taken]
    nowhere = [(claim, NO_ADDRESS) for claim in claimed if claim.email is None]

    await uow.write(*mails.ending(nowhere, now))
    return [claim for claim in claimed if claim.email is not None]


async def record_attempt(
    claim: MailClaim, outcome: Outcome, now: datetime, uow: UnitOfWork
) -> None:
    """Sent, given up, or waiting for its next attempt."""
    end = end_of_attempt(claim.attempts, claim.noted_at, outcome, now)

    await uow.write(*mails.ending([(claim, end)], now))
