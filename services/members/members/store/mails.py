"""Where people are reached, and the mails to send, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.notices import NoticeGiven, OrderNotice
from marktbund.errors import Conflict
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from members.domain.mails import RoleNotice

CLAIM = timedelta(minutes=2)
"""How long a mail belongs to the worker that took it; the same mail goes out again after that."""

_KEEP_CONTACT = text("""
    INSERT INTO contact AS c (person_id, email) VALUES (:person_id, :email)
    ON CONFLICT (person_id) DO UPDATE SET email = excluded.email, version = c.version + 1
     WHERE c.email <> excluded.email
""")
_REACHED_AT = text("""
    SELECT EXISTS (SELECT FROM contact
                    WHERE person_id = :person_id AND lower(email) = lower(:email))
""")
_FORGET_CONTACT = text("DELETE FROM contact WHERE person_id = :person_id")
_WANT_ALL = text("DELETE FROM unwanted_notice WHERE person_id = :person_id")
_WANT_NOT = text("""
    INSERT INTO unwanted_notice (person_id, kind)
    SELECT DISTINCT CAST(:person_id AS uuid), kind FROM unnest(CAST(:kinds AS text[])) AS kind
""")
_NOTE = text("""
    INSERT INTO mail (notice_id, person_id, kind, order_id, state, noted_at, next_attempt_at)
    SELECT heard.*, 'waiting', :now, :now FROM unnest(
        CAST(:notice_id AS uuid[]), CAST(:person_id AS uuid[]), CAST(:kind AS text[]),
        CAST(:order_id AS uuid[])) AS heard (notice_id, person_id, kind, order_id)
     WHERE NOT EXISTS (SELECT FROM unwanted_notice AS u
                        WHERE u.person_id = heard.person_id AND u.kind = heard.kind)
    ON CONFLICT (notice_id) DO NOTHING
""")
_TELL_OFFICE = text("""
    INSERT INTO mail (notice_id, person_id, kind, state, noted_at, next_attempt_at)
    SELECT noted.notice_id, noted.person_id, :kind, 'waiting', :now, :now
      FROM unnest(CAST(:notice_id AS uuid[]), CAST(:person_id AS uuid[]))
           AS noted (notice_id, person_id)
""")
_OFFICE = text("""
    SELECT person_id FROM principal
     WHERE active AND kind = 'person' AND grants @> CAST('[{"role": "office"}]' AS jsonb)
     ORDER BY person_id
""")
_DUE = text("""
    SELECT EXISTS (SELECT FROM mail WHERE state = 'waiting' AND next_attempt_at <= :now)
""")
_CLAIM = text("""
    UPDATE mail AS m SET attempts = attempts + 1, next_attempt_at = :until
      FROM (SELECT notice_id FROM mail WHERE state = 'waiting' AND next_attempt_at <= :now
             ORDER BY next_attempt_at LIMIT :most FOR UPDATE SKIP LOCKED) AS due
     WHERE m.notice_id = due.notice_id
    RETURNING m.notice_id, m.person_id, m.kind, m.order_id, m.anchor_id, m.attempts, m.noted_at,
              (SELECT email FROM contact AS c WHERE c.person_id = m.person_id) AS email
""")
_END = text("""
    UPDATE mail SET state = :state, reason = :reason, next_attempt_at = :next_attempt_at,
           ended_at = :ended_at
     WHERE notice_id = :notice_id AND attempts = :attempts AND state = 'waiting'
""")


@dataclass(frozen=True, slots=True)
class MailClaim:
    """A mail this worker may send until its claim ends; email: None, nobody knows an address.

    order_id: None where the mail is about no order. anchor_id: the checkpoint it brings, if any.
    """

    notice_id: UUID
    kind: OrderNotice | RoleNotice | Literal["checkpoint_anchored"]
    order_id: UUID | None
    anchor_id: UUID | None
    attempts: int
    noted_at: datetime
    email: str | None


async def keep_contact(uow: UnitOfWork, person_id: UUID, email: str) -> None:
    """Keep where a person is reached. Raises Conflict (`email_taken`)."""
    try:
        async with uow.connection.begin_nested():
            await uow.connection.execute(_KEEP_CONTACT, {"person_id": person_id, "email": email})
    except IntegrityError as error:
        raise Conflict(
            "email_taken",
            "Diese Adresse gehört schon zu einem Konto",
            field="email",
            way_out="Ein Konto, das es gibt, bekommt weitere Rollen statt einer zweiten Anmeldung; "
            "gehört es zu einem anderen Mitglied, trägt die Geschäftsstelle sie ein.",
        ) from error


async def is_reached_at(uow: UnitOfWork, person_id: UUID, email: str) -> bool:
    """Whether this is the address that is known already."""
    known = {"person_id": person_id, "email": email}
    return bool(await uow.connection.scalar(_REACHED_AT, known))


async def forget_contact(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete where a person was reached, and what they did not want."""
    await uow.connection.execute(_FORGET_CONTACT, {"person_id": person_id})
    await uow.connection.execute(_WANT_ALL, {"person_id": person_id})


async def choose(uow: UnitOfWork, person_id: UUID, unwanted: Sequence[OrderNotice]) -> None:
    """Keep what a person does not want to be told by mail, in place of what was kept."""
    await uow.connection.execute(_WANT_ALL, {"person_id": person_id})
    chosen = {"person_id": person_id, "kinds": list(unwanted)}
    await uow.connection.execute(_WANT_NOT, chosen)


async def note(uow: UnitOfWork, notices: Sequence[NoticeGiven]) -> None:
    """Keep a mail per notice that is wanted; one that is known already stays as it is."""
    columns = {
        "notice_id": [notice.notice_id for notice in notices],
        "person_id": [notice.person_id for notice in notices],
        "kind": [notice.kind for notice in notices],
        "order_id": [notice.order_id for notice in notices],
    }
    await uow.connection.execute(_NOTE, columns | {"now": uow.now})


async def tell_office(uow: UnitOfWork, kind: RoleNotice) -> None:
    """Keep a mail to every active account of the office, which nobody can do without."""
    people = list((await uow.connection.execute(_OFFICE)).scalars())
    row = {"notice_id": [new_id() for _ in people], "person_id": people, "kind": kind}
    await uow.connection.execute(_TELL_OFFICE, row | {"now": uow.now})


async def due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether any mail is to be sent by now."""
    return bool(await connection.scalar(_DUE, {"now": now}))


async def claim(uow: UnitOfWork, now: datetime, most: int) -> list[MailClaim]:
    """Take mails that are due, oldest first; each counts as an attempt."""
    parameters = {"now": now, "until": now + CLAIM, "most": most}
    rows = await uow.connection.execute(_CLAIM, parameters)
    return [
        MailClaim(
            row.notice_id,
            row.kind,
            row.order_id,
            row.anchor_id,
            row.attempts,
            row.noted_at,
            row.email,
        )
        for row in rows
    ]


async def end(
    uow: UnitOfWork,
    claim: MailClaim,
    state: str,
    reason: str,
    now: datetime,
    again: datetime | None,
) -> None:
    """Note how an attempt ended; again: when the next one is due, None once it is over."""
    row = {
        "notice_id": claim.notice_id,
        "attempts": claim.attempts,
        "state": state,
        "reason": reason,
        "next_attempt_at": again,
        "ended_at": now if again is None else None,
    }
    await uow.connection.execute(_END, row)
