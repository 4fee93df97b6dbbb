"""Notices become mails: kept when heard, claimed, and recorded as they ended."""

from collections.abc import Sequence
from datetime import datetime

from marktbund.contracts.notices import NoticeGiven
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork
from members.domain.mails import Outcome, next_attempt
from members.store import mails
from members.store.mails import MailClaim


async def note_notices(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Keep a mail for every notice heard."""
    heard = [record.event for record in records if isinstance(record.event, NoticeGiven)]
    await mails.note(uow, heard)


async def claim_mails(now: datetime, most: int, uow: UnitOfWork) -> list[MailClaim]:
    """Take what is due; a mail to somebody without an address ends here."""
    claimed = await mails.claim(uow, now, most)
    for claim in claimed:
        if claim.email is None:
            await mails.end(uow, claim, "no_address", "", now, None)
    return [claim for claim in claimed if claim.email is not None]


async def record_attempt(
    claim: MailClaim, outcome: Outcome, now: datetime, uow: UnitOfWork
) -> None:
    """Sent, given up, or waiting for its next attempt."""
    again = next_attempt(claim.attempts, claim.noted_at, now) if outcome.ending == "later" else None
    ended = "sent" if outcome.ending == "sent" else "given_up"
    state = ended if again is None else "waiting"
    await mails.end(uow, claim, state, outcome.reason, now, again)
