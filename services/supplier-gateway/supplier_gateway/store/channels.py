"""Channels as rows, their sealed secrets beside them; what is waiting gets due with a new channel.

Locks are asked for in one order everywhere: supplier, channel, supplier order, delivery.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from marktbund.errors import NotFound
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.domain.breakers import Breaker
from supplier_gateway.domain.channels import Channel

_ONE = text("SELECT * FROM channel WHERE supplier_id = :supplier_id FOR UPDATE")
_MANY = text("""
    SELECT * FROM channel WHERE supplier_id = ANY(:ids) ORDER BY supplier_id FOR UPDATE
""")
_PUT = text("""
    INSERT INTO channel (supplier_id, url, status, failures, trips, blocked_until, set_in)
    VALUES (:supplier_id, :url, :status, :failures, :trips, :blocked_until, :set_in)
    ON CONFLICT (supplier_id) DO UPDATE
       SET url = excluded.url, status = excluded.status, failures = excluded.failures,
           trips = excluded.trips, blocked_until = excluded.blocked_until,
           set_in = excluded.set_in
""")
_SAVE = text("""
    UPDATE channel AS c
       SET status = n.status, failures = n.failures, trips = n.trips,
           blocked_until = n.blocked_until
      FROM unnest(CAST(:supplier_id AS uuid[]), CAST(:status AS text[]),
                  CAST(:failures AS int[]), CAST(:trips AS int[]),
                  CAST(:blocked_until AS timestamptz[]))
        AS n (supplier_id, status, failures, trips, blocked_until)
     WHERE c.supplier_id = n.supplier_id
""")
_DELETE = text("DELETE FROM channel WHERE supplier_id = :supplier_id")
_WAKE = text("""
    UPDATE delivery SET next_attempt_at = :now, held_at = NULL
     WHERE supplier_id = :supplier_id AND acknowledged_at IS NULL AND abandoned_at IS NULL
       AND next_attempt_at IS NOT NULL AND (claimed_until IS NULL OR claimed_until <= :now)
""")
_SECRETS = text("""
    SELECT secret_id, supplier_id, sealed, expires_at FROM channel_secret
     WHERE supplier_id = ANY(:ids) AND (expires_at IS NULL OR expires_at > :now)
     ORDER BY expires_at DESC NULLS FIRST, secret_id DESC
""")
_ADD_SECRET = text("""
    INSERT INTO channel_secret (secret_id, supplier_id, sealed)
    VALUES (:secret_id, :supplier_id, :sealed)
""")
_EXPIRE = text("UPDATE channel_secret SET expires_at = :expires_at WHERE secret_id = :secret_id")
_FORGET = text("DELETE FROM channel_secret WHERE supplier_id = :supplier_id AND expires_at <= :now")


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret only the service can open; expires_at: once it was replaced."""

    secret_id: UUID
    sealed: bytes
    expires_at: datetime | None


async def lock_channel(uow: UnitOfWork, supplier_id: UUID) -> Channel | None:
    """A supplier's channel, locked; None for one that fetches."""
    rows = await uow.connection.execute(_ONE, {"supplier_id": supplier_id})
    row = rows.one_or_none()
    return None if row is None else channel_of(row)


async def need_channel(uow: UnitOfWork, supplier_id: UUID) -> Channel:
    """A supplier's channel, locked. Raises NotFound (`channel_unknown`)."""
    channel = await lock_channel(uow, supplier_id)
    if channel is None:
        raise NotFound("channel_unknown", "Dieser Lieferant hat keinen Webhook-Kanal")
    return channel


async def lock_channels(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Channel]:
    """Channels by supplier, locked; one removed meanwhile is missing."""
    rows = await uow.connection.execute(_MANY, {"ids": sorted(set(ids))})
    return {row.supplier_id: channel_of(row) for row in rows}


async def put_channel(uow: UnitOfWork, channel: Channel, now: datetime) -> None:
    """Keep a channel set anew; whatever waits for the supplier is due at once."""
    await uow.connection.execute(
        _PUT, _row(channel) | {"url": channel.url, "set_in": channel.set_in}
    )
    await uow.connection.execute(_WAKE, {"supplier_id": channel.supplier_id, "now": now})


async def save_channels(uow: UnitOfWork, channels: Sequence[Channel]) -> None:
    """Keep what calls changed of channels the caller has locked."""
    if channels:
        rows = [_row(channel) for channel in channels]
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        await uow.connection.execute(_SAVE, columns)


async def remove_channel(uow: UnitOfWork, supplier_id: UUID) -> None:
    """Forget a channel and its secrets."""
    await uow.connection.execute(_DELETE, {"supplier_id": supplier_id})


async def live_secrets(
    uow: UnitOfWork, ids: Sequence[UUID], now: datetime
) -> Mapping[UUID, list[SealedSecret]]:
    """The secrets that sign at `now`, by supplier, the newest first."""
    secrets: dict[UUID, list[SealedSecret]] = {supplier_id: [] for supplier_id in ids}
    for row in await uow.connection.execute(_SECRETS, {"ids": list(ids), "now": now}):
        secrets[row.supplier_id].append(SealedSecret(row.secret_id, row.sealed, row.expires_at))
    return secrets


async def add_secret(uow: UnitOfWork, supplier_id: UUID, secret_id: UUID, sealed: bytes) -> None:
    """Keep a new secret, sealed."""
    row = {"supplier_id": supplier_id, "secret_id": secret_id, "sealed": sealed}
    await uow.connection.execute(_ADD_SECRET, row)


async def expire_secret(uow: UnitOfWork, secret_id: UUID, expires_at: datetime) -> None:
    """Say when a secret stops signing."""
    await uow.connection.execute(_EXPIRE, {"secret_id": secret_id, "expires_at": expires_at})


async def forget_expired(uow: UnitOfWork, supplier_id: UUID, now: datetime) -> None:
    """Remove secrets that sign no more."""
    await uow.connection.execute(_FORGET, {"supplier_id": supplier_id, "now": now})


def channel_of(row: Row[Any]) -> Channel:
    """A row of `channel` as the domain knows it."""
    breaker = Breaker(row.failures, row.trips, row.blocked_until)
    return Channel(row.supplier_id, row.url, row.status, breaker, row.set_in)


def _row(channel: Channel) -> dict[str, Any]:
    return {
        "supplier_id": channel.supplier_id,
        "status": channel.status,
        "failures": channel.breaker.failures,
        "trips": channel.breaker.trips,
        "blocked_until": channel.breaker.blocked_until,
    }
