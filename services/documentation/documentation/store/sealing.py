"""Records waiting to be sealed, and the one statement that moves them into their chains."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.exports import Content
from documentation.domain.records import Head, Meta, Record, Sealed
from marktbund.ids import shard_of
from marktbund.leases import FENCE
from marktbund.unit_of_work import UnitOfWork

_COLUMNS = {
    "shard": "smallint",
    "chain_id": "text",
    "event_id": "uuid",
    "type": "text",
    "key": "text",
    "aggregate_version": "bigint",
    "time": "text",
    "recorded_at": "text",
    "business_time": "text",
    "demo": "boolean",
    "order_id": "uuid",
    "meta_hash": "bytea",
    "leaf": "bytea",
    "salt": "bytea",
    "payload": "bytea",
    "traceparent": "text",
}
_ADD = text(
    f"INSERT INTO unsealed ({', '.join(_COLUMNS)}) SELECT * FROM unnest("
    + ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _COLUMNS.items())
    + ")"
)
_WAITING = text("SELECT EXISTS (SELECT 1 FROM unsealed WHERE shard = ANY(:shards))")
_NEXT = text("""
    WITH next AS MATERIALIZED (
        SELECT seq, chain_id, event_id, meta_hash, leaf, traceparent FROM unsealed
         WHERE shard = ANY(:shards) ORDER BY seq LIMIT :batch
    )
    SELECT next.*, coalesce(known.known, false) AS known
      FROM next LEFT JOIN LATERAL (
               SELECT true AS known FROM record AS r WHERE r.event_id = next.event_id LIMIT 1
           ) AS known ON true
     ORDER BY seq
""")
_DROP = text("DELETE FROM unsealed WHERE seq = ANY(:numbers)")
_LOCK = text("""
    SELECT chain_id, head_seq, head_hash FROM chain
     WHERE chain_id = ANY(:chains) ORDER BY chain_id FOR UPDATE
""")
_OPEN = text("""
    INSERT INTO chain (chain_id, shard, head_seq, head_hash)
    SELECT * FROM unnest(CAST(:chains AS text[]), CAST(:shards AS smallint[]),
                         CAST(:seqs AS bigint[]), CAST(:hashes AS bytea[]))
    ON CONFLICT DO NOTHING
""")
_MOVE = text("""
    WITH given AS (
        SELECT * FROM unnest(CAST(:waiting AS bigint[]), CAST(:seqs AS bigint[]),
                             CAST(:hashes AS bytea[])) AS g (waiting, seq, hash)
    ), taken AS (
        DELETE FROM unsealed AS u USING given AS g WHERE u.seq = g.waiting
        RETURNING u.chain_id, g.seq, g.hash, u.leaf, u.event_id, u.type, u.key,
                  u.aggregate_version, u.time, u.recorded_at, u.business_time, u.demo,
                  u.order_id, u.salt, u.payload
    ), kept AS (
        INSERT INTO payload (chain_id, seq, salt, payload)
        SELECT chain_id, seq, salt, payload FROM taken
    )
    INSERT INTO record (chain_id, seq, hash, leaf, event_id, type, key, aggregate_version, time,
                        recorded_at, business_time, demo, order_id)
    SELECT chain_id, seq, hash, leaf, event_id, type, key, aggregate_version, time,
           recorded_at, business_time, demo, order_id
      FROM taken ORDER BY chain_id, seq
""")
_ADVANCE = text(f"""
    UPDATE chain AS c SET head_seq = n.seq, head_hash = n.hash
      FROM unnest(CAST(:chains AS text[]), CAST(:before AS bigint[]), CAST(:seqs AS bigint[]),
                  CAST(:hashes AS bytea[])) AS n (chain_id, before, seq, hash)
     WHERE c.chain_id = n.chain_id AND c.head_seq = n.before AND {FENCE}
""")


class SealerReplacedError(Exception):
    """Another process took over the lease; what this one did must not be kept."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lease, and which shards: what the fence asks for."""

    task: str
    owner: UUID
    shards: Sequence[int]

    @property
    def fence(self) -> dict[str, object]:
        """The values `FENCE` is bound to."""
        return {"task": self.task, "owner": self.owner}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """An event on its way into the file, commitments already made."""

    meta: Meta
    record: Record
    content: Content
    event_id: UUID
    order_id: UUID | None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class UnsealedEvent:
    """An unsealed row as far as the sealer needs it; `number` is its place in the queue.

    known: the event is in its chain already, redelivered after the inbox forgot it. traceparent:
    the trace the event came with; it is no part of the record.
    """

    number: int
    record: Record
    known: bool
    traceparent: str | None


async def add_entries(uow: UnitOfWork, entries: Sequence[FileEntry]) -> None:
    """Queue events for the sealer, in the order given; one round trip."""
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    appends = [column.append for column in columns.values()]
    for entry in entries:
        meta = entry.meta
        values = (
            shard_of(meta.chain.encode()),
            meta.chain,
            entry.event_id,
            meta.type,
            meta.key,
            meta.aggregate_version,
            meta.time,
            meta.recorded_at,
            meta.business_time,
            meta.demo,
            entry.order_id,
            entry.record.meta_hash,
            entry.record.leaf,
            entry.content.salt,
            entry.content.payload,
            entry.traceparent,
        )
        for append, value in zip(appends, values, strict=True):
            append(value)
    await uow.connection.execute(_ADD, columns)


async def anything_waiting(connection: AsyncConnection, shards: Sequence[int]) -> bool:
    """Whether the sealer of these shards has work."""
    return bool(await connection.scalar(_WAITING, {"shards": list(shards)}))


async def next_waiting(uow: UnitOfWork, shards: Sequence[int], batch: int) -> list[UnsealedEvent]:
    """The next rows to seal, oldest first."""
    rows = await uow.connection.execute(_NEXT, {"shards": list(shards), "batch": batch})
    return [
        UnsealedEvent(seq, Record(chain, str(event_id), meta_hash, leaf), known, traceparent)
        for seq, chain, event_id, meta_hash, leaf, traceparent, known in rows
    ]


async def drop_waiting(uow: UnitOfWork, repeated: Sequence[UnsealedEvent]) -> None:
    """Take repeated events out of the queue: a record is unique by its event."""
    if repeated:
        await uow.connection.execute(_DROP, {"numbers": [event.number for event in repeated]})


async def lock_heads(uow: UnitOfWork, chains: Iterable[str]) -> dict[str, Head]:
    """The heads of the chains that exist, locked until the commit, in one order for everybody."""
    rows = await uow.connection.execute(_LOCK, {"chains": sorted(chains)})
    return {chain: Head(chain, seq, head) for chain, seq, head in rows}


async def open_chains(uow: UnitOfWork, heads: Sequence[Head]) -> None:
    """Begin chains that do not exist yet."""
    if heads:
        columns = {
            "chains": [head.chain for head in heads],
            "shards": [shard_of(head.chain.encode()) for head in heads],
            "seqs": [head.seq for head in heads],
            "hashes": [head.hash for head in heads],
        }
        await uow.connection.execute(_OPEN, columns)


async def move_into_chains(uow: UnitOfWork, moved: Sequence[tuple[int, Sealed]]) -> None:
    """Turn queued rows into records and payloads. Raises SealerReplacedError if one is gone."""
    columns = {
        "waiting": [number for number, _ in moved],
        "seqs": [sealed.seq for _, sealed in moved],
        "hashes": [sealed.hash for _, sealed in moved],
    }
    if (await uow.connection.execute(_MOVE, columns)).rowcount != len(moved):
        raise SealerReplacedError("another sealer has sealed these records")


async def advance_heads(
    uow: UnitOfWork, holder: Holder, moves: Sequence[tuple[Head, Head]]
) -> None:
    """Move heads from their first to their second value; only the lease's holder can.

    Raises SealerReplacedError when the lease is lost or a head is not what it was.
    """
    columns: dict[str, object] = {
        "chains": [after.chain for _, after in moves],
        "before": [before.seq for before, _ in moves],
        "seqs": [after.seq for _, after in moves],
        "hashes": [after.hash for _, after in moves],
    }
    done = await uow.connection.execute(_ADVANCE, columns | holder.fence)
    if done.rowcount != len(moves):
        raise SealerReplacedError("the lease is lost, or a head moved")
