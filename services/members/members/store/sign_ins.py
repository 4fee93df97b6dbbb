"""What the identity provider is still to be told, as rows: one per account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import statements
from marktbund.contracts.members import Grant
from marktbund.statements import Clause, rows_of
from marktbund.unit_of_work import UnitOfWork
from members.domain import Person
from members.domain.sign_ins import SignInOutcome, WantedSignIn, demands_second_factor

CLAIM = timedelta(minutes=1)
"""How long an account belongs to the worker that took it."""

_TELL = """
    INSERT INTO sign_in AS s (person_id, made, since, next_attempt_at)
    VALUES (:person_id, :made, :told_at, :told_at)
    ON CONFLICT (person_id) DO UPDATE
       SET wanted = s.wanted + 1, attempts = 0, refused_at = NULL,
           next_attempt_at = excluded.next_attempt_at,
           since = CASE WHEN s.told < s.wanted THEN s.since ELSE excluded.since END
"""
_DUE = text("""
    SELECT EXISTS (SELECT FROM sign_in WHERE told < wanted AND refused_at IS NULL
                    AND next_attempt_at <= :now)
""")
_CLAIM = text("""
    UPDATE sign_in AS s SET attempts = attempts + 1, next_attempt_at = :until
      FROM (SELECT person_id FROM sign_in WHERE told < wanted AND refused_at IS NULL
                    AND next_attempt_at <= :now
             ORDER BY next_attempt_at LIMIT :most FOR UPDATE SKIP LOCKED) AS due
     WHERE s.person_id = due.person_id
    RETURNING s.person_id, s.made, s.invited, s.wanted, s.attempts
""")
_ACCOUNTS = rows_of("""
    SELECT p.person_id, p.sub, p.active, c.email, p.kind, p.grants
      FROM person AS p LEFT JOIN contact AS c USING (person_id)
     WHERE p.person_id = ANY (CAST(:people AS uuid[]))
""")
_RECORD = """
    UPDATE sign_in
       SET told = CASE WHEN :done THEN greatest(told, :number) ELSE told END,
           invited = invited OR :invited, reason = :reason,
           refused_at = CASE WHEN wanted = :number
                             THEN CAST(:refused_at AS timestamptz) ELSE refused_at END,
           next_attempt_at = CASE WHEN wanted = :number THEN :again ELSE next_attempt_at END
     WHERE person_id = :recorded_id
"""
_GRANTS = TypeAdapter(tuple[Grant, ...])


@dataclass(frozen=True, slots=True)
class SignInClaim:
    """An account this worker may tell of; number: of the change it will then know of."""

    wanted: WantedSignIn
    number: int
    attempts: int


def telling(person: Person, now: datetime) -> Clause:
    """The write that has the identity provider told of an account, and made there where it is new
    and ours.
    """
    values = {"person_id": person.person_id, "made": person.made, "told_at": now}
    return Clause("told_of", _TELL, values)


async def due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether the identity provider is to be told anything by now."""
    return bool(await connection.scalar(_DUE, {"now": now}))


async def claim(uow: UnitOfWork, now: datetime, most: int) -> list[SignInClaim]:
    """Take accounts that are due, oldest first, as they are once they are taken.

    What is told is asked for behind the claim: in one statement it could be older than the number
    of the change that then counts as known.
    """
    parameters = {"now": now, "until": now + CLAIM, "most": most}
    taken = (await uow.connection.execute(_CLAIM, parameters)).all()
    asked = Clause("accounts", _ACCOUNTS, {"people": [row.person_id for row in taken]})
    rows = (await statements.ask(uow.connection, asked)).accounts if taken else ()
    accounts = {person_id: account for person_id, *account in rows}
    claims: list[SignInClaim] = []
    for row in taken:
        sub, active, email, kind, grants = accounts[row.person_id]
        demanded = demands_second_factor(kind, _GRANTS.validate_python(grants))
        wanted = WantedSignIn(
            row.person_id, sub, row.made, active, email, row.invited, second_factor=demanded
        )
        claims.append(SignInClaim(wanted, row.wanted, row.attempts))
    return claims


def recording(claim: SignInClaim, outcome: SignInOutcome, now: datetime, again: datetime) -> Clause:
    """The write that notes how it went; what changed meanwhile is told next, what is refused when
    it changes.
    """
    values = {
        "recorded_id": claim.wanted.person_id,
        "number": claim.number,
        "done": outcome.done,
        "invited": outcome.invited,
        "reason": outcome.reason,
        "again": again,
        "refused_at": now if outcome.refused else None,
    }
    return Clause("recorded", _RECORD, values)
