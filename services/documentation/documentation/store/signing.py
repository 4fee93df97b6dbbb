"""Whether checkpoints are signed at the moment: a note for doors and alarms, no proof."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.unit_of_work import UnitOfWork

State = Literal["signing", "waiting", "refused"]

_KEEP = text("""
    INSERT INTO signing AS s (single, state, reason, detail, since)
    VALUES (true, :state, :reason, :detail, :now)
    ON CONFLICT (single) DO UPDATE
       SET state = excluded.state, reason = excluded.reason, detail = excluded.detail,
           since = CASE WHEN s.state = excluded.state AND s.reason = excluded.reason
                        THEN s.since ELSE excluded.since END
""")
_NOTED = text("SELECT state, reason, detail, since FROM signing")


@dataclass(frozen=True, slots=True)
class Note:
    """reason: a stable code, empty while checkpoints are signed; detail: what it is about."""

    state: State = "signing"
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A note with the time since which state and reason are the same, UTC."""

    note: Note
    since: datetime


async def keep(uow: UnitOfWork, note: Note) -> None:
    """Keep a note in place of the one before."""
    columns = {"state": note.state, "reason": note.reason, "detail": note.detail[:1000]}
    await uow.connection.execute(_KEEP, columns | {"now": uow.now})


async def noted(connection: AsyncConnection) -> Noted | None:
    """The note, None before the first one."""
    row = (await connection.execute(_NOTED)).one_or_none()
    if row is None:
        return None
    return Noted(Note(row.state, row.reason, row.detail), row.since)
