"""Accounts at the identity provider: claimed, and recorded as it was told."""

from datetime import datetime

from marktbund import statements
from marktbund.unit_of_work import UnitOfWork
from members.domain.people import require_person
from members.domain.sign_ins import SignInOutcome, next_attempt
from members.store import locks, people, sign_ins
from members.store.sign_ins import SignInClaim


async def claim_sign_ins(now: datetime, most: int, uow: UnitOfWork) -> list[SignInClaim]:
    """Take what is due."""
    return await sign_ins.claim(uow, now, most)


async def record_sign_in(
    claim: SignInClaim, outcome: SignInOutcome, now: datetime, uow: UnitOfWork
) -> None:
    """Keep the account's id there as the person's token subject, or when to try again."""
    person_id = claim.wanted.person_id
    await locks.hold(uow, locks.person(person_id))
    known = await statements.ask(uow.connection, people.asked_person(person_id))

    before = require_person(people.PERSON.validate_python(known.person))
    person, events = before.sign_in_as(outcome.sub or before.sub)
    again = now if outcome.done else next_attempt(claim.attempts, now)

    uow.announce(*events)
    recorded = sign_ins.recording(claim, outcome, uow.now, again)
    await uow.write(*people.saving(before, person, uow.now), recorded)
