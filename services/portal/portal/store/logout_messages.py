"""Messages of the issuer that end a sign-in: each counts once."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from marktbund.unit_of_work import UnitOfWork
from portal.store.tables import logout_message_table

LASTS = timedelta(minutes=10)
"""Longer than a message is taken after it was signed."""


async def take(uow: UnitOfWork, jti: str) -> bool:
    """Whether this message comes for the first time."""
    made = insert(logout_message_table).values(jti=jti, ends_at=uow.now + LASTS)
    return (await uow.connection.execute(made.on_conflict_do_nothing())).rowcount == 1


async def remove_ended(uow: UnitOfWork, now: datetime) -> None:
    """Forget messages that would be too old to be taken."""
    ended = logout_message_table.c.ends_at <= now
    await uow.connection.execute(delete(logout_message_table).where(ended))
