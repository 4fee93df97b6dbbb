"""Records waiting to be sealed, and the one statement that moves them into their chains."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.filing import FileEntry
from documentation.domain.records import Head, Record
from documentation.domain.sealing import SealedBatch, UnsealedEvent
from marktbund.leases import FENCE
from marktbund.unit_of_work import UnitOfWork

_COLUMNS = {
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
_WAITING = text("SELECT EXISTS (SELECT 1 FROM unsealed)")
_NEXT = text("""
    WITH next AS MATERIALIZED (
        SELECT seq, chain_id, event_id, meta_hash, leaf, traceparent FROM unsealed
         ORDER BY seq LIMIT :batch
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
    INSERT INTO chain (chain_id, head_seq, head_hash)
    SELECT * FROM unnest(CAST(:chains AS text[]), CAST(:seqs AS bigint[]),
                         CAST(:hashes AS bytea[]))
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


class Fence(TypedDict):
    """The values `FENCE` is bound to."""

    task: str
    owner: UUID


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lease: what the fence asks for."""

    task: str
    owner: UUID

    @property
    def fence(self) -> Fence:
        """What a write of the holder's is fenced with."""
        return {"task": self.task, "owner": self.owner}


async def add_entries(uow: UnitOfWork, entries: Sequence[FileEntry]) -> None:
    """Queue events for the sealer, in the order given; one round trip."""
    if not entries:
        return
    rows = [
        (
            entry.meta.chain,
            entry.event_id,
            entry.meta.type,
            entry.meta.key,
            entry.meta.aggregate_version,
            entry.meta.time,
            entry.meta.recorded_at,
            entry.meta.business_time,
            entry.meta.demo,
            entry.order_id,
            entry.record.meta_hash,
            entry.record.leaf,
            entry.content.salt,
            entry.content.payload,
            entry.traceparent,
        )
        for entry in entries
    ]
    columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    await uow.connection.execute(_ADD, columns)


async def anything_waiting(connection: AsyncConnection) -> bool:
    """Whether the sealer has work."""
    return bool(await connection.scalar(_WAITING))


async def next_waiting(uow: UnitOfWork, batch: int) -> list[UnsealedEvent]:
    """The next rows to seal, oldest first."""
    rows = await uow.connection.execute(_NEXT, {"batch": batch})
    return [
        UnsealedEvent(seq, Record(chain, str(event_id), meta_hash, leaf), known, traceparent)
        for seq, chain, event_id, meta_hash, leaf, traceparent, known in rows
    ]


async def drop_waiting(uow: UnitOfWork, repeated: Sequence[UnsealedEvent]) -> None:
    """Take repeated events out of the queue: a record is unique by its event."""
    if repeated:
        await uow.connection.execute(_DROP, {"numbers": [event.number for event in repeated]})


async def lock_heads(uow: UnitOfWork, chains: Collection[str]) -> Mapping[str, Head]:
    """The heads of the chains that exist, locked until the commit, in one order for everybody."""
    if not chains:
        return {}
    rows = await uow.connection.execute(_LOCK, {"chains": sorted(chains)})
    return {chain: Head(chain, seq, head) for chain, seq, head in rows}


async def keep_sealed(uow: UnitOfWork, holder: Holder, batch: SealedBatch) -> None:
    """Begin new chains, turn queued rows into records and payloads, and move the heads; only the
    lease's holder can.

    Raises SealerReplacedError when the lease is lost, a queued row is gone or a head moved.
    """
    if not batch.moved:
        return
    if batch.opened:
        await _open_chains(uow, batch.opened)
    columns = {
        "waiting": [number for number, _ in batch.moved],
        "seqs": [sealed.seq for _, sealed in batch.moved],
        "hashes": [sealed.hash for _, sealed in batch.moved],
    }
    if (await uow.connection.execute(_MOVE, columns)).rowcount != len(batch.moved):
        raise SealerReplacedError("another sealer has sealed these records")
    heads = {
        "chains": [after.chain for _, after in batch.moves],
        "before": [before.seq for before, _ in batch.moves],
        "seqs": [after.seq for _, after in batch.moves],
        "hashes": [after.hash for _, after in batch.moves],
    }
    done = await uow.connection.execute(_ADVANCE, {**heads, **holder.fence})
    if done.rowcount != len(batch.moves):
        raise SealerReplacedError("the lease is lost, or a head moved")


async def _open_chains(uow: UnitOfWork, heads: Sequence[Head]) -> None:
    columns = {
        "chains": [head.chain for head in heads],
        "seqs": [head.seq for head in heads],
        "hashes": [head.hash for head in heads],
    }
    await uow.connection.execute(_OPEN, columns)
