"""Accounts at the identity provider: claimed, and recorded as it was told."""

from datetime import datetime

from marktbund.unit_of_work import UnitOfWork
from members import store
from members.domain.sign_ins import SignInOutcome, next_attempt
from members.store import sign_ins
from members.store.sign_ins import SignInClaim


async def claim_sign_ins(now: datetime, most: int, uow: UnitOfWork) -> list[SignInClaim]:
    """Take what is due."""
    return await sign_ins.claim(uow, now, most)


async def record_sign_in(
    claim: SignInClaim, outcome: SignInOutcome, now: datetime, uow: UnitOfWork
) -> None:
    """Keep the account's id there as the person's token subject, or when to try again."""
    if outcome.sub is not None:
        person = await store.load_person(uow, claim.wanted.person_id)
        changed, events = person.sign_in_as(outcome.sub)
        if events:
            await store.save_person(uow, changed, since=person.version)
        uow.announce(*events)
    again = now if outcome.done else next_attempt(claim.attempts, now)
    await sign_ins.record(uow, claim, outcome, again)
