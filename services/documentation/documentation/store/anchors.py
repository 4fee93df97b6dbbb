"""The anchors of the days, and where each still has to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.anchors import AnchoredCheckpoint, AnchorOutcome, Channel
from marktbund.unit_of_work import UnitOfWork

CLAIM = timedelta(minutes=2)
"""How long a delivery belongs to the process that took it; after that it is tried again."""

_OF_DAY = text("SELECT EXISTS (SELECT 1 FROM anchor WHERE day = :day)")
_ADD = text("""
    INSERT INTO anchor (day, anchor_id, version, number, document, made_at)
    VALUES (:day, :anchor_id, :version, :number, :document, :now)
    ON CONFLICT (day) DO NOTHING
""")
_ADD_DELIVERIES = text("""
    INSERT INTO anchor_delivery (day, channel, next_attempt_at)
    SELECT :day, channel, :now FROM unnest(CAST(:channels AS text[])) AS channel
""")
_DUE = text("""
    SELECT EXISTS (SELECT 1 FROM anchor_delivery
                    WHERE state = 'waiting' AND next_attempt_at <= :now
                      AND channel = ANY(:channels))
""")
_CLAIM = text("""
    UPDATE anchor_delivery AS d SET attempts = attempts + 1, next_attempt_at = :until
      FROM (SELECT day, channel FROM anchor_delivery
             WHERE state = 'waiting' AND next_attempt_at <= :now AND channel = ANY(:channels)
             ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED) AS due,
           anchor AS a
     WHERE d.day = due.day AND d.channel = due.channel AND a.day = d.day
    RETURNING d.day, d.channel, d.attempts, a.number, a.document
""")
_END = text("""
    UPDATE anchor_delivery
       SET state = CASE WHEN :delivered THEN 'delivered' ELSE 'waiting' END, reason = :reason,
           next_attempt_at = CAST(:again AS timestamptz),
           delivered_at = CASE WHEN :delivered THEN CAST(:now AS timestamptz) END,
           receipt = CAST(:receipt AS bytea)
     WHERE day = :day AND channel = :channel AND attempts = :attempts AND state = 'waiting'
""")
_STANDING = text("""
    SELECT (SELECT max(made_at) FROM anchor) AS last,
           (SELECT min(a.made_at) FROM anchor_delivery AS d JOIN anchor AS a USING (day)
             WHERE d.state = 'waiting') AS waiting
""")
_RECEIPT = text("""
    SELECT a.number, a.document, d.receipt FROM anchor AS a
      LEFT JOIN anchor_delivery AS d ON d.day = a.day AND d.channel = 'stamp'
     WHERE a.day = :day
""")
VERSION_OF_LEDGER = """
    SELECT ledger_id::text AS key, coalesce((SELECT max(version) FROM anchor), 0) AS version
      FROM ledger WHERE ledger_id = ANY(CAST(:keys AS uuid[]))
"""
"""The ledger as key of its anchors, and how many there are."""


@dataclass(frozen=True, slots=True)
class AnchorClaim:
    """A delivery this process may carry out until its claim ends."""

    anchored: AnchoredCheckpoint
    channel: Channel
    attempts: int


@dataclass(frozen=True, slots=True)
class AnchorStanding:
    """When the last anchor was made, and the oldest of those that still wait to be delivered."""

    last: datetime | None
    waiting: datetime | None


async def is_made(connection: AsyncConnection, day: date) -> bool:
    """Whether the day has its anchor."""
    return bool(await connection.scalar(_OF_DAY, {"day": day}))


async def add(
    uow: UnitOfWork,
    anchored: AnchoredCheckpoint,
    anchor_id: UUID,
    version: int,
    now: datetime,
    channels: Sequence[Channel] = (),
) -> bool:
    """Keep a day's anchor, and where it has to go; False when the day has one already."""
    row = {
        "day": anchored.day,
        "anchor_id": anchor_id,
        "version": version,
        "number": anchored.number,
        "document": anchored.document,
    }
    if (await uow.connection.execute(_ADD, row | {"now": now})).rowcount != 1:
        return False
    deliveries = {"day": anchored.day, "now": now, "channels": list(channels)}
    await uow.connection.execute(_ADD_DELIVERIES, deliveries)
    return True


async def due(connection: AsyncConnection, now: datetime, channels: Sequence[Channel]) -> bool:
    """Whether anything is to be delivered by now."""
    asked = {"now": now, "channels": list(channels)}
    return bool(await connection.scalar(_DUE, asked))


async def claim(uow: UnitOfWork, now: datetime, channels: Sequence[Channel]) -> AnchorClaim | None:
    """Take the delivery that is due longest; it counts as an attempt."""
    asked = {"now": now, "until": now + CLAIM, "channels": list(channels)}
    row = (await uow.connection.execute(_CLAIM, asked)).one_or_none()
    if row is None:
        return None
    return AnchorClaim(
        AnchoredCheckpoint(row.day, row.number, row.document), row.channel, row.attempts
    )


async def end(
    uow: UnitOfWork, claimed: AnchorClaim, outcome: AnchorOutcome, now: datetime, again: datetime
) -> None:
    """Note how an attempt ended; again: when the next one is due unless it was delivered."""
    row = {
        "day": claimed.anchored.day,
        "channel": claimed.channel,
        "attempts": claimed.attempts,
        "delivered": outcome.delivered,
        "reason": outcome.reason,
        "again": None if outcome.delivered else again,
        "now": now,
        "receipt": outcome.receipt,
    }
    await uow.connection.execute(_END, row)


async def standing(connection: AsyncConnection) -> AnchorStanding:
    """How the anchors stand."""
    row = (await connection.execute(_STANDING)).one()
    return AnchorStanding(row.last, row.waiting)


async def of_day(
    connection: AsyncConnection, day: date
) -> tuple[AnchoredCheckpoint, bytes | None] | None:
    """A day's anchor and the time stamp on it, if there are any."""
    row = (await connection.execute(_RECEIPT, {"day": day})).one_or_none()
    if row is None:
        return None
    return AnchoredCheckpoint(day, row.number, row.document), row.receipt
