"""Channels as rows, their sealed secrets beside them; a new channel makes what waits due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, text

from marktbund import statements
from marktbund.contracts.supplier_gateway import ChannelStatus
from marktbund.errors import NotFound
from marktbund.statements import Clause, rows_of
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.domain.breakers import Breaker
from supplier_gateway.domain.channels import Channel
from supplier_gateway.domain.suppliers import Supplier
from supplier_gateway.store import suppliers
from supplier_gateway.store.locks import HELD
from supplier_gateway.store.statements import WAKE_DELIVERIES

ChannelRow = tuple[UUID, str, ChannelStatus, int, int, datetime | None, int]
"""Supplier, address, status, failures, trips, blocked until, set in which version."""

_HELD = """
    SELECT supplier_id, url, status, failures, trips, blocked_until, set_in FROM channel
     WHERE supplier_id = ANY(CAST(:held_channel_ids AS uuid[])) AND {first}
     ORDER BY supplier_id FOR UPDATE
"""
_PUT = """
    INSERT INTO channel (supplier_id, url, status, failures, trips, blocked_until, set_in)
    VALUES (:put_supplier_id, :put_url, :put_status, :put_failures, :put_trips,
            :put_blocked_until, :put_set_in)
    ON CONFLICT (supplier_id) DO UPDATE
       SET url = excluded.url, status = excluded.status, failures = excluded.failures,
           trips = excluded.trips, blocked_until = excluded.blocked_until,
           set_in = excluded.set_in
"""
_SAVE = """
    UPDATE channel AS c
       SET status = n.status, failures = n.failures, trips = n.trips,
           blocked_until = n.blocked_until
      FROM unnest(CAST(:channel_ids AS uuid[]), CAST(:channel_statuses AS text[]),
                  CAST(:channel_failures AS int[]), CAST(:channel_trips AS int[]),
                  CAST(:channel_blocked AS timestamptz[]))
        AS n (supplier_id, status, failures, trips, blocked_until)
     WHERE c.supplier_id = n.supplier_id
"""
_DELETE = "DELETE FROM channel WHERE supplier_id = :removed_supplier_id"
_SECRETS = text("""
    SELECT secret_id, supplier_id, sealed, expires_at FROM channel_secret
     WHERE supplier_id = ANY(:ids) AND (expires_at IS NULL OR expires_at > :now)
     ORDER BY expires_at DESC NULLS FIRST, secret_id DESC
""")
_SEALED = """
    INSERT INTO channel_secret (secret_id, supplier_id, sealed)
    VALUES (:new_secret_id, :new_secret_supplier_id, :new_sealed)
"""
_EXPIRE = """
    UPDATE channel_secret AS s SET expires_at = n.expires_at
      FROM unnest(CAST(:expiring_ids AS uuid[]), CAST(:expiring_at AS timestamptz[]))
        AS n (secret_id, expires_at)
     WHERE s.secret_id = n.secret_id
"""
_FORGET = """
    DELETE FROM channel_secret
     WHERE supplier_id = :forgetting_supplier_id AND expires_at <= :forgotten_at
"""


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret only the service can open; expires_at: once it was replaced."""

    secret_id: UUID
    sealed: bytes
    expires_at: datetime | None


def holding(ids: Sequence[UUID]) -> Clause:
    """The lock of suppliers' channels; shows those there are."""
    shown = rows_of("SELECT * FROM held_channels")
    return Clause("held_channels", _HELD, {"held_channel_ids": sorted(set(ids))}, shown)


def channels_of(rows: Iterable[ChannelRow]) -> Mapping[UUID, Channel]:
    """Channels by supplier, of what `holding` shows; one removed meanwhile is missing."""
    return {
        supplier_id: Channel(supplier_id, url, status, Breaker(failures, trips, until), set_in)
        for supplier_id, url, status, failures, trips, until, set_in in rows
    }


async def hold(uow: UnitOfWork, supplier_id: UUID) -> tuple[Supplier, Channel | None]:
    """A supplier and its channel, held until the commit; None for one that fetches.

    Raises NotFound (`supplier_unknown`).
    """
    ids = [supplier_id]
    held = await statements.hold(uow.connection, HELD, suppliers.holding(ids), holding(ids))
    if held is None:
        raise RuntimeError("locks were asked for")
    supplier = suppliers.require(suppliers.suppliers_of(held.held_suppliers), supplier_id)
    return supplier, channels_of(held.held_channels).get(supplier_id)


def unknown_channel() -> NotFound:
    """The refusal for a supplier that fetches its documents."""
    return NotFound("channel_unknown", "Dieser Lieferant hat keinen Webhook-Kanal")


def putting(channel: Channel, now: datetime) -> tuple[Clause, ...]:
    """The write that keeps a channel set anew; whatever waits for the supplier is due at once."""
    values = {
        "put_supplier_id": channel.supplier_id,
        "put_url": channel.url,
        "put_status": channel.status,
        "put_failures": channel.breaker.failures,
        "put_trips": channel.breaker.trips,
        "put_blocked_until": channel.breaker.blocked_until,
        "put_set_in": channel.set_in,
    }
    woken = {"woken_supplier_id": channel.supplier_id, "woken_at": now}
    return Clause("put_channel", _PUT, values), Clause("woken_deliveries", WAKE_DELIVERIES, woken)


def saving(channels: Sequence[Channel]) -> tuple[Clause, ...]:
    """The write that keeps what calls changed of channels that were held when they were loaded."""
    if not channels:
        return ()
    values = {
        "channel_ids": [channel.supplier_id for channel in channels],
        "channel_statuses": [channel.status for channel in channels],
        "channel_failures": [channel.breaker.failures for channel in channels],
        "channel_trips": [channel.breaker.trips for channel in channels],
        "channel_blocked": [channel.breaker.blocked_until for channel in channels],
    }
    return (Clause("saved_channels", _SAVE, values),)


def removing(supplier_id: UUID) -> tuple[Clause, ...]:
    """The write that forgets a channel and its secrets."""
    return (Clause("removed_channel", _DELETE, {"removed_supplier_id": supplier_id}),)


async def live_secrets(
    uow: UnitOfWork, ids: Sequence[UUID], now: datetime
) -> Mapping[UUID, Sequence[SealedSecret]]:
    """The secrets that sign at `now`, by supplier, the newest first."""
    secrets: dict[UUID, list[SealedSecret]] = {supplier_id: [] for supplier_id in ids}
    for row in await uow.connection.execute(_SECRETS, {"ids": list(ids), "now": now}):
        secrets[row.supplier_id].append(SealedSecret(row.secret_id, row.sealed, row.expires_at))
    return secrets


def adding_secret(supplier_id: UUID, secret_id: UUID, sealed: bytes) -> tuple[Clause, ...]:
    """The write that keeps a new secret, sealed."""
    values = {
        "new_secret_id": secret_id,
        "new_secret_supplier_id": supplier_id,
        "new_sealed": sealed,
    }
    return (Clause("added_secret", _SEALED, values),)


def expiring(
    supplier_id: UUID, ends: Sequence[tuple[UUID, datetime]], now: datetime
) -> tuple[Clause, ...]:
    """The write that says when secrets stop signing, and removes those that sign no more."""
    forgotten = {"forgetting_supplier_id": supplier_id, "forgotten_at": now}
    expired = {
        "expiring_ids": [secret_id for secret_id, _ in ends],
        "expiring_at": [at for _, at in ends],
    }
    return (
        Clause("forgotten_secrets", _FORGET, forgotten),
        Clause("expiring_secrets", _EXPIRE, expired),
    )


def channel_of(row: RowMapping) -> Channel:
    """A row of `channel` as the domain knows it."""
    breaker = Breaker(row["failures"], row["trips"], row["blocked_until"])
    return Channel(row["supplier_id"], row["url"], row["status"], breaker, row["set_in"])
