"""What the identity provider is still to be told, as rows: one per account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.members import Grant
from marktbund.unit_of_work import UnitOfWork
from members.domain.sign_ins import SignInOutcome, WantedSignIn, demands_second_factor

CLAIM = timedelta(minutes=1)
"""How long an account belongs to the worker that took it."""

_WANT = text("""
    INSERT INTO sign_in AS s (person_id, made, since, next_attempt_at)
    VALUES (:person_id, :made, :now, :now)
    ON CONFLICT (person_id) DO UPDATE
       SET wanted = s.wanted + 1, attempts = 0, refused_at = NULL,
           next_attempt_at = excluded.next_attempt_at,
           since = CASE WHEN s.told < s.wanted THEN s.since ELSE excluded.since END
""")
_RENEW = text("""
    UPDATE sign_in SET wanted = wanted + 1, attempts = 0, refused_at = NULL, next_attempt_at = :now,
           since = CASE WHEN told < wanted THEN since ELSE :now END
     WHERE person_id = :person_id AND made
""")
_MADE = text("SELECT made FROM sign_in WHERE person_id = :person_id")
_DUE = text("""
    SELECT EXISTS (SELECT FROM sign_in WHERE told < wanted AND refused_at IS NULL
                    AND next_attempt_at <= :now)
""")
_CLAIM = text("""
    UPDATE sign_in AS s SET attempts = attempts + 1, next_attempt_at = :until
      FROM (SELECT person_id FROM sign_in WHERE told < wanted AND refused_at IS NULL
                    AND next_attempt_at <= :now
             ORDER BY next_attempt_at LIMIT :most FOR UPDATE SKIP LOCKED) AS due,
           person AS p LEFT JOIN contact AS c USING (person_id)
     WHERE s.person_id = due.person_id AND p.person_id = due.person_id
    RETURNING s.person_id, s.made, s.invited, s.wanted, s.attempts, p.sub, p.active, c.email,
              p.kind, p.grants
""")
_RECORD = text("""
    UPDATE sign_in
       SET told = CASE WHEN :done THEN greatest(told, :wanted) ELSE told END,
           invited = invited OR :invited, reason = :reason,
           refused_at = CASE WHEN wanted = :wanted
                             THEN CAST(:refused_at AS timestamptz) ELSE refused_at END,
           next_attempt_at = CASE WHEN wanted = :wanted THEN :again ELSE next_attempt_at END
     WHERE person_id = :person_id
""")


@dataclass(frozen=True, slots=True)
class SignInClaim:
    """An account this worker may tell of; number: of the change it will then know of."""

    wanted: WantedSignIn
    number: int
    attempts: int


async def want(uow: UnitOfWork, person_id: UUID, *, made: bool) -> None:
    """Have the identity provider told of an account; made: it is to be made there, once."""
    row = {"person_id": person_id, "made": made, "now": uow.now}
    await uow.connection.execute(_WANT, row)


async def renew(uow: UnitOfWork, person_id: UUID) -> None:
    """Have the identity provider told anew of an account that we made there; others stay."""
    await uow.connection.execute(_RENEW, {"person_id": person_id, "now": uow.now})


async def is_made(uow: UnitOfWork, person_id: UUID) -> bool:
    """Whether the account where people sign in is ours."""
    return bool(await uow.connection.scalar(_MADE, {"person_id": person_id}))


async def due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether the identity provider is to be told anything by now."""
    return bool(await connection.scalar(_DUE, {"now": now}))


async def claim(uow: UnitOfWork, now: datetime, most: int) -> list[SignInClaim]:
    """Take accounts that are due, oldest first."""
    parameters = {"now": now, "until": now + CLAIM, "most": most}
    rows = await uow.connection.execute(_CLAIM, parameters)
    return [SignInClaim(_wanted(row), row.wanted, row.attempts) for row in rows]


def _wanted(row: Any) -> WantedSignIn:
    grants = [Grant.model_validate(grant) for grant in row.grants]
    return WantedSignIn(
        row.person_id,
        row.sub,
        row.made,
        row.active,
        row.email,
        row.invited,
        second_factor=demands_second_factor(row.kind, grants),
    )


async def record(
    uow: UnitOfWork, claim: SignInClaim, outcome: SignInOutcome, again: datetime
) -> None:
    """Note how it went; what changed meanwhile is told next, what is refused when it changes."""
    row = {
        "person_id": claim.wanted.person_id,
        "wanted": claim.number,
        "done": outcome.done,
        "invited": outcome.invited,
        "reason": outcome.reason,
        "again": again,
        "refused_at": uow.now if outcome.refused else None,
    }
    await uow.connection.execute(_RECORD, row)
