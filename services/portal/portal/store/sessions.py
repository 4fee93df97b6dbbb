"""Sessions as rows. Tokens are sealed with the browser's own key, which is not kept here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.jsons import dumps, loads
from marktbund.unit_of_work import UnitOfWork
from portal.domain.sessions import IDLE, Session, Tokens, digest
from portal.store.sealing import seal
from portal.store.tables import session_table

_ROW = session_table.c
_PURPOSE = b"tokens of a session"


async def find(connection: AsyncConnection, key: str) -> Session | None:
    """The session a browser's key opens, ended or not; None when there is none."""
    query = select(session_table).where(_ROW.key_sha256 == digest(key))
    return _opened(key, (await connection.execute(query)).one_or_none())


async def hold(uow: UnitOfWork, key: str) -> Session | None:
    """The same, held against everybody else until this unit of work ends."""
    query = select(session_table).where(_ROW.key_sha256 == digest(key)).with_for_update()
    return _opened(key, (await uow.connection.execute(query)).one_or_none())


def _opened(key: str, row: Any) -> Session | None:
    if row is None:
        return None
    opened = loads(seal(_PURPOSE, key).decrypt(bytes(row.sealed_tokens)))
    tokens = Tokens(**opened, until=row.access_until)
    return Session(
        key=key,
        sub=row.sub,
        sign_in=row.sign_in,
        name=row.name,
        tokens=tokens,
        csrf=row.csrf,
        member_id=row.member_id,
        started_at=row.started_at,
        seen_at=row.seen_at,
        ends_at=row.ends_at,
    )


async def add(uow: UnitOfWork, session: Session) -> None:
    """Keep a new session."""
    values = {
        "key_sha256": digest(session.key),
        "sub": session.sub,
        "sign_in": session.sign_in,
        "name": session.name,
        "csrf": session.csrf,
        "member_id": session.member_id,
        "started_at": session.started_at,
        "seen_at": session.seen_at,
        "ends_at": session.ends_at,
    }
    sealed = {
        "sealed_tokens": _sealed(session.key, session.tokens),
        "access_until": session.tokens.until,
    }
    await uow.connection.execute(insert(session_table).values(**values, **sealed))


async def renew(uow: UnitOfWork, key: str, tokens: Tokens) -> None:
    """Keep new tokens."""
    await uow.connection.execute(
        update(session_table)
        .where(_ROW.key_sha256 == digest(key))
        .values(sealed_tokens=_sealed(key, tokens), access_until=tokens.until)
    )


async def touch(uow: UnitOfWork, key: str, now: datetime) -> None:
    """Note that the session is in use."""
    await uow.connection.execute(
        update(session_table).where(_ROW.key_sha256 == digest(key)).values(seen_at=now)
    )


async def choose_member(uow: UnitOfWork, key: str, member_id: UUID) -> None:
    """Note whom the person acts for from now on."""
    await uow.connection.execute(
        update(session_table).where(_ROW.key_sha256 == digest(key)).values(member_id=member_id)
    )


async def remove(uow: UnitOfWork, key: str) -> None:
    """End one session."""
    await uow.connection.execute(delete(session_table).where(_ROW.key_sha256 == digest(key)))


async def remove_of(uow: UnitOfWork, *, sub: str = "", sign_in: str = "") -> None:
    """End every session of an account, or of one sign-in at the issuer."""
    owner = _ROW.sign_in == sign_in if sign_in else _ROW.sub == sub
    await uow.connection.execute(delete(session_table).where(owner))


async def remove_ended(uow: UnitOfWork, now: datetime) -> None:
    """Remove sessions that nobody can use any more."""
    ended = or_(_ROW.ends_at <= now, _ROW.seen_at <= now - IDLE)
    await uow.connection.execute(delete(session_table).where(ended))


async def count(connection: AsyncConnection) -> int:
    """How many browsers are signed in."""
    return await connection.scalar(select(func.count()).select_from(session_table)) or 0


def _sealed(key: str, tokens: Tokens) -> bytes:
    plain = {"access": tokens.access, "refresh": tokens.refresh, "identity": tokens.identity}
    return seal(_PURPOSE, key).encrypt(dumps(plain).encode())
