"""Mails to send, as rows: noted, claimed, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import statements
from marktbund.statements import Clause, rows_of
from marktbund.unit_of_work import UnitOfWork
from members.domain.mails import AttemptEnd, MailKind, NotedMail

CLAIM = timedelta(minutes=2)
"""How long a mail belongs to the worker that took it; the same mail goes out again after that."""

_NOTE = """
    INSERT INTO mail (notice_id, person_id, kind, order_id, anchor_id, state, noted_at,
                      next_attempt_at)
    SELECT noted.*, 'waiting', :noted_at, :noted_at FROM unnest(
        CAST(:noted_ids AS uuid[]), CAST(:noted_people AS uuid[]), CAST(:noted_kinds AS text[]),
        CAST(:noted_orders AS uuid[]), CAST(:noted_anchors AS uuid[])) AS noted
    ON CONFLICT (notice_id) DO NOTHING
"""
_UNWANTED = rows_of("""
    SELECT person_id, kind FROM unwanted_notice
     WHERE person_id = ANY (CAST(:noted_people AS uuid[]))
""")
_ADDRESSES = rows_of("""
    SELECT person_id, email FROM contact WHERE person_id = ANY (CAST(:people AS uuid[]))
""")
_DUE = text("""
    SELECT EXISTS (SELECT FROM mail WHERE state = 'waiting' AND next_attempt_at <= :now)
""")
_CLAIM = text("""
    UPDATE mail AS m SET attempts = attempts + 1, next_attempt_at = :until
      FROM (SELECT notice_id FROM mail WHERE state = 'waiting' AND next_attempt_at <= :now
             ORDER BY next_attempt_at LIMIT :most FOR UPDATE SKIP LOCKED) AS due
     WHERE m.notice_id = due.notice_id
    RETURNING m.notice_id, m.person_id, m.kind, m.order_id, m.anchor_id, m.attempts, m.noted_at
""")
_END = """
    UPDATE mail AS m SET state = e.state, reason = e.reason, next_attempt_at = e.again,
           ended_at = CASE WHEN e.again IS NULL THEN CAST(:ended_at AS timestamptz) END
      FROM unnest(CAST(:ended_ids AS uuid[]), CAST(:ended_attempts AS int[]),
                  CAST(:ended_states AS text[]), CAST(:ended_reasons AS text[]),
                  CAST(:ended_agains AS timestamptz[]))
           AS e (notice_id, attempts, state, reason, again)
     WHERE m.notice_id = e.notice_id AND m.attempts = e.attempts AND m.state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class MailClaim:
    """A mail this worker may send until its claim ends; email: None, nobody knows an address.

    order_id: None where the mail is about no order. anchor_id: the checkpoint it brings, if any.
    """

    notice_id: UUID
    person_id: UUID
    kind: MailKind
    order_id: UUID | None
    anchor_id: UUID | None
    attempts: int
    noted_at: datetime
    email: str | None = None


def asked_unwanted(person_ids: Sequence[UUID]) -> Clause:
    """The question which kinds these people do without: pairs of a person and a kind."""
    return Clause("unwanted", _UNWANTED, {"noted_people": list(person_ids)})


def noting(noted: Sequence[NotedMail], now: datetime) -> tuple[Clause, ...]:
    """The write that keeps mails to be sent; one that is known already stays as it is."""
    if not noted:
        return ()
    values = {
        "noted_ids": [mail.notice_id for mail in noted],
        "noted_people": [mail.person_id for mail in noted],
        "noted_kinds": [mail.kind for mail in noted],
        "noted_orders": [mail.order_id for mail in noted],
        "noted_anchors": [mail.anchor_id for mail in noted],
        "noted_at": now,
    }
    return (Clause("noted", _NOTE, values),)


async def due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether any mail is to be sent by now."""
    return bool(await connection.scalar(_DUE, {"now": now}))


async def claim(uow: UnitOfWork, now: datetime, most: int) -> list[MailClaim]:
    """Take mails that are due, oldest first; each counts as an attempt. Addresses are asked for
    behind it.
    """
    parameters = {"now": now, "until": now + CLAIM, "most": most}
    rows = await uow.connection.execute(_CLAIM, parameters)
    return [MailClaim(*row) for row in rows]


async def addresses(uow: UnitOfWork, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Where these people are reached, as far as somebody knows."""
    asked = Clause("addresses", _ADDRESSES, {"people": list(person_ids)})
    return dict((await statements.ask(uow.connection, asked)).addresses)


def ending(ended: Sequence[tuple[MailClaim, AttemptEnd]], now: datetime) -> tuple[Clause, ...]:
    """The write that notes how attempts ended; an attempt that another followed counts no more."""
    if not ended:
        return ()
    values = {
        "ended_ids": [claim.notice_id for claim, _ in ended],
        "ended_attempts": [claim.attempts for claim, _ in ended],
        "ended_states": [end.state for _, end in ended],
        "ended_reasons": [end.reason for _, end in ended],
        "ended_agains": [end.again for _, end in ended],
        "ended_at": now,
    }
    return (Clause("ended", _END, values),)
