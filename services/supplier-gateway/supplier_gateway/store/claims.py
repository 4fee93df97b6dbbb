"""The push queue: whose documents are due, claims by lease, what became of each call.

Every question walks suppliers with a channel and takes the head of each one's own queue, so a
dead supplier's backlog and the history cost nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.domain.breakers import CALLS_AT_ONCE
from supplier_gateway.domain.calls import DeliveryClaim, FinishedCall, HeldDocument
from supplier_gateway.domain.channels import Channel
from supplier_gateway.domain.deliveries import LIFETIME, Attempt
from supplier_gateway.store.channels import channel_of

_PENDING = "d.acknowledged_at IS NULL AND d.abandoned_at IS NULL"
_UNHELD = f"{_PENDING} AND d.held_at IS NULL AND d.attempts = 0 AND d.next_attempt_at IS NOT NULL"
_IN_FLIGHT = """(SELECT count(*) FROM delivery AS f
                  WHERE f.supplier_id = c.supplier_id AND f.claimed_until > :now)"""
_SHUT = """(c.status <> 'active' OR s.status = 'withdrawn' OR c.blocked_until > :now)"""
# LIMIT keeps the planner from joining all documents with all channels: one step into each queue.
_DUE = text(f"""
    SELECT c.supplier_id FROM channel AS c JOIN supplier AS s USING (supplier_id)
     CROSS JOIN LATERAL (
        SELECT 1 FROM delivery AS d WHERE d.supplier_id = c.supplier_id
           AND {_PENDING} AND d.next_attempt_at <= :now LIMIT 1) AS head
     WHERE NOT coalesce({_SHUT}, false) AND {_IN_FLIGHT} < {CALLS_AT_ONCE}
""")
_HELD = text(f"""
    SELECT d.supplier_order_id, d.delivery_id, c.supplier_id,
           CASE WHEN c.status = 'active' AND s.status <> 'withdrawn' THEN c.blocked_until END
               AS until
      FROM channel AS c JOIN supplier AS s USING (supplier_id)
     CROSS JOIN LATERAL (
        (SELECT d.* FROM delivery AS d WHERE d.supplier_id = c.supplier_id AND {_UNHELD}
          ORDER BY d.seq LIMIT :limit)
        UNION ALL
        (SELECT d.* FROM delivery AS d WHERE d.supplier_id = c.supplier_id AND {_PENDING}
            AND d.next_attempt_at < :overdue
          ORDER BY d.next_attempt_at, d.seq LIMIT :limit)
     ) AS d
     WHERE {_SHUT}
     ORDER BY d.seq LIMIT :limit
""")
# A channel whose row somebody holds is passed over: its outcome is being written, look again then.
_ROOMS = text("""
    SELECT * FROM channel WHERE supplier_id = ANY(:ids)
     ORDER BY supplier_id FOR UPDATE SKIP LOCKED
""")
# A statement of its own, after the lock: one statement would count by a snapshot older than it.
_CALLS = text(f"""
    SELECT c.supplier_id, {_IN_FLIGHT} AS in_flight
      FROM unnest(CAST(:ids AS uuid[])) AS c (supplier_id)
""")
# First everybody's first document, then everybody's second: nobody waits behind another's backlog.
_CLAIM = text(f"""
    WITH picked AS (
        SELECT d.delivery_id
          FROM unnest(CAST(:supplier_id AS uuid[]), CAST(:room AS int[])) AS w (supplier_id, room)
         CROSS JOIN LATERAL (
            SELECT h.*, row_number() OVER (ORDER BY h.next_attempt_at, h.seq) AS place
              FROM (SELECT d.delivery_id, d.next_attempt_at, d.seq FROM delivery AS d
                     WHERE d.supplier_id = w.supplier_id AND {_PENDING}
                       AND d.next_attempt_at <= :now
                     ORDER BY d.next_attempt_at, d.seq LIMIT w.room
                       FOR UPDATE SKIP LOCKED) AS h) AS d
         ORDER BY d.place, d.next_attempt_at LIMIT :most),
    claimed AS (
        UPDATE delivery AS d
           SET attempts = attempts + 1, claimed_until = :until, next_attempt_at = :until
          FROM picked WHERE d.delivery_id = picked.delivery_id
        RETURNING d.delivery_id, d.supplier_id, d.supplier_order_id, d.attempts, d.queued_at),
    noted AS (
        INSERT INTO attempt (delivery_id, number, begun_at)
        SELECT delivery_id, attempts, :now FROM claimed)
    SELECT * FROM claimed
""")
_FINISH = text("""
    WITH ended AS (
        SELECT * FROM unnest(
            CAST(:delivery_id AS uuid[]), CAST(:number AS int[]), CAST(:result AS text[]),
            CAST(:http_status AS int[]), CAST(:next_attempt_at AS timestamptz[]),
            CAST(:cause AS text[]))
            AS n (delivery_id, number, result, http_status, next_attempt_at, cause)),
    freed AS (
        UPDATE delivery AS d SET claimed_until = NULL FROM ended AS n
         WHERE d.delivery_id = n.delivery_id AND d.attempts = n.number)
    UPDATE attempt AS a
       SET ended_at = :now, result = n.result, http_status = n.http_status,
           next_attempt_at = n.next_attempt_at, cause = nullif(n.cause, '')
      FROM ended AS n
     WHERE a.delivery_id = n.delivery_id AND a.number = n.number AND a.ended_at IS NULL
""")
_ABANDONED = text("""
    SELECT supplier_order_id, delivery_id FROM delivery
     WHERE supplier_id = :supplier_id AND acknowledged_at IS NULL AND abandoned_at IS NOT NULL
     ORDER BY seq LIMIT :most
""")


async def due(connection: AsyncConnection, now: datetime) -> list[UUID]:
    """Suppliers with an open channel and a document to push."""
    return list((await connection.execute(_DUE, {"now": now})).scalars())


async def held(connection: AsyncConnection, now: datetime, most: int) -> list[HeldDocument]:
    """Documents behind shut channels of which nobody was told, or that waited for too long."""
    parameters = {"now": now, "overdue": now - LIFETIME, "limit": most}
    rows = await connection.execute(_HELD, parameters)
    return [HeldDocument(row.delivery_id, row.supplier_order_id, row.until) for row in rows]


async def lock_rooms(
    uow: UnitOfWork, ids: Sequence[UUID], now: datetime
) -> list[tuple[Channel, int]]:
    """Channels, locked, with the calls on their way; those locked by others are left out."""
    rows = (await uow.connection.execute(_ROOMS, {"ids": list(ids)})).mappings()
    locked = [channel_of(row) for row in rows]
    parameters = {"ids": [channel.supplier_id for channel in locked], "now": now}
    calls = {
        row.supplier_id: row.in_flight for row in await uow.connection.execute(_CALLS, parameters)
    }
    return [(channel, calls[channel.supplier_id]) for channel in locked]


async def claim(
    uow: UnitOfWork, rooms: Mapping[UUID, int], most: int, now: datetime, until: datetime
) -> list[DeliveryClaim]:
    """Take up to `room` documents of each supplier and `most` of all, fairly; notes the attempts.

    A claim nobody ends is free again at `until`: the next attempt carries the same id.
    """
    parameters = {"supplier_id": list(rooms), "room": list(rooms.values())}
    parameters |= {"most": most, "now": now, "until": until}
    return [
        DeliveryClaim(
            Attempt(row.delivery_id, row.attempts),
            row.supplier_id,
            row.supplier_order_id,
            row.queued_at,
        )
        for row in await uow.connection.execute(_CLAIM, parameters)
    ]


async def abandoned(uow: UnitOfWork, supplier_id: UUID, most: int) -> list[tuple[UUID, UUID]]:
    """(supplier order, document) of a supplier's given up documents, oldest first."""
    parameters = {"supplier_id": supplier_id, "most": most}
    rows = await uow.connection.execute(_ABANDONED, parameters)
    return [(row.supplier_order_id, row.delivery_id) for row in rows]


async def finish(uow: UnitOfWork, ended: Sequence[FinishedCall], now: datetime) -> None:
    """Note how attempts ended, with the time of the next one, and free their claims.

    A statement of its own: the claim and the document's new state are two words on one row.
    """
    columns = {
        "delivery_id": [call.attempt.delivery_id for call in ended],
        "number": [call.attempt.number for call in ended],
        "result": [call.outcome.result for call in ended],
        "http_status": [call.outcome.status for call in ended],
        "next_attempt_at": [call.next_attempt_at for call in ended],
        "cause": [call.outcome.cause for call in ended],
    }
    await uow.connection.execute(_FINISH, {**columns, "now": now})
