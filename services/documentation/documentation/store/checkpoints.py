"""Signed checkpoints, and the heads they cover: stored only where they moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.checkpoints import (
    Checkpoint,
    SignedCheckpoint,
    StoredCheckpoint,
    canonical_bytes,
)
from documentation.domain.footing import ChainStanding
from documentation.domain.records import Head
from documentation.store.sealing import Holder, SealerReplacedError
from marktbund.leases import FENCE
from marktbund.unit_of_work import UnitOfWork

_LATEST = text("SELECT * FROM checkpoint ORDER BY number DESC LIMIT 1")
_PROVABLE = text("SELECT * FROM checkpoint WHERE NOT taken_over ORDER BY number DESC LIMIT 1")
_TAKE_BACK = text("""
    INSERT INTO checkpoint (number, time, root, previous, signature, key_id, canonical, chains,
                            records, taken_over)
    VALUES (:number, :time, :root, :previous, :signature, :key_id, :canonical, :chains, :records,
            true)
""")
_BY_NUMBER = text("SELECT * FROM checkpoint WHERE number = :number")
_AFTER = text("SELECT * FROM checkpoint WHERE number > :after ORDER BY number LIMIT :limit")
_PROGRESS = text("""
    SELECT (SELECT coalesce(sum(head_seq), 0)::bigint FROM chain) AS records,
           latest.records AS covered, latest.time
      FROM (VALUES (1)) AS one
      LEFT JOIN (SELECT records, time FROM checkpoint ORDER BY number DESC LIMIT 1) AS latest
        ON true
""")
_HEADS_NOW = text("""
    SELECT c.chain_id, c.head_seq, c.head_hash, l.hash AS stored,
           h.seq AS covered, h.head AS covered_head, r.hash AS stored_at_covered
      FROM chain AS c
      LEFT JOIN LATERAL (SELECT seq, head FROM checkpoint_head AS h WHERE h.chain_id = c.chain_id
                          ORDER BY number DESC LIMIT 1) AS h ON true
      LEFT JOIN record AS r ON r.chain_id = c.chain_id AND r.seq = h.seq
      LEFT JOIN record AS l ON l.chain_id = c.chain_id AND l.seq = c.head_seq
     WHERE c.head_seq > 0 OR h.seq IS NOT NULL
""")
HEADS_AT = """
    SELECT c.chain_id, h.seq, h.head
      FROM chain AS c
      JOIN LATERAL (SELECT seq, head FROM checkpoint_head AS h
                     WHERE h.chain_id = c.chain_id AND h.number <= {number}
                     ORDER BY number DESC LIMIT 1) AS h ON true
"""
"""SQL: all heads as the checkpoint of a number saw them."""
_HEADS_AT = text(HEADS_AT.format(number=":number"))
_HEADS_OF = text("""
    SELECT number, chain_id, seq, head FROM checkpoint_head
     WHERE number BETWEEN :first AND :last ORDER BY number
""")
_ADD = text(f"""
    INSERT INTO checkpoint (number, time, root, previous, signature, key_id, canonical, chains,
                            records)
    SELECT CAST(:number AS bigint), CAST(:time AS text), CAST(:root AS bytea),
           CAST(:previous AS bytea), CAST(:signature AS bytea), CAST(:key_id AS text),
           CAST(:canonical AS bytea), CAST(:chains AS bigint), CAST(:records AS bigint)
     WHERE {FENCE}
""")
_ADD_HEADS = text("""
    INSERT INTO checkpoint_head (chain_id, number, seq, head)
    SELECT chain_id, :number, seq, head
      FROM unnest(CAST(:chains AS text[]), CAST(:seqs AS bigint[]), CAST(:heads AS bytea[]))
           AS h (chain_id, seq, head)
""")
NUMBER_OF_LEDGER = """
    SELECT ledger_id::text AS key, coalesce((SELECT max(number) FROM checkpoint), 0) AS version
      FROM ledger WHERE ledger_id = ANY(CAST(:keys AS uuid[]))
"""
"""The ledger as key of its checkpoints, and the highest number there is."""
_FIRST_TIME = text("SELECT time FROM checkpoint ORDER BY number LIMIT 1")


@dataclass(frozen=True, slots=True)
class SealingProgress:
    """How many records are sealed, how many the last checkpoint covered, and its time if any."""

    records: int
    covered: int
    last_time: str | None


async def latest(connection: AsyncConnection, *, provable: bool = False) -> StoredCheckpoint | None:
    """The checkpoint with the highest number; provable: of those whose heads are known."""
    statement = _PROVABLE if provable else _LATEST
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else stored_of(row)


async def by_number(connection: AsyncConnection, number: int) -> StoredCheckpoint | None:
    """One checkpoint."""
    row = (await connection.execute(_BY_NUMBER, {"number": number})).mappings().one_or_none()
    return None if row is None else stored_of(row)


async def following(connection: AsyncConnection, after: int, limit: int) -> list[StoredCheckpoint]:
    """The checkpoints after a number, ascending."""
    rows = await connection.execute(_AFTER, {"after": after, "limit": limit})
    return [stored_of(row) for row in rows.mappings()]


async def progress(connection: AsyncConnection) -> SealingProgress:
    """What has happened since the last checkpoint; cheap enough to ask after every commit."""
    row = (await connection.execute(_PROGRESS)).one()
    return SealingProgress(row.records, row.covered or 0, row.time)


async def heads_now(connection: AsyncConnection) -> list[ChainStanding]:
    """All heads, of one moment: a single statement sees a single state of the table."""
    rows = await connection.execute(_HEADS_NOW)
    return [
        ChainStanding(
            Head(row.chain_id, row.head_seq, row.head_hash),
            row.stored,
            None if row.covered is None else Head(row.chain_id, row.covered, row.covered_head),
            row.stored_at_covered,
        )
        for row in rows
    ]


async def heads_at(connection: AsyncConnection, number: int) -> list[Head]:
    """All heads as checkpoint `number` saw them."""
    rows = await connection.execute(_HEADS_AT, {"number": number})
    return [Head(chain, seq, head) for chain, seq, head in rows]


async def heads_of(connection: AsyncConnection, first: int, last: int) -> list[tuple[int, Head]]:
    """The heads that moved at checkpoints `first` to `last`, with the checkpoint's number."""
    rows = await connection.execute(_HEADS_OF, {"first": first, "last": last})
    return [(number, Head(chain, seq, head)) for number, chain, seq, head in rows]


async def first_time(connection: AsyncConnection) -> datetime | None:
    """When the first checkpoint there is was signed, None without any."""
    time = await connection.scalar(_FIRST_TIME)
    return None if time is None else datetime.fromisoformat(time)


async def add_checkpoint(
    uow: UnitOfWork, stored: StoredCheckpoint, moved: Sequence[Head], holder: Holder
) -> None:
    """Keep a checkpoint and the heads that moved. Raises SealerReplacedError without the lease."""
    if (await uow.connection.execute(_ADD, {**_row(stored), **holder.fence})).rowcount != 1:
        raise SealerReplacedError("the lease for checkpoints is lost")
    columns = {
        "number": stored.signed.checkpoint.number,
        "chains": [head.chain for head in moved],
        "seqs": [head.seq for head in moved],
        "heads": [head.hash for head in moved],
    }
    await uow.connection.execute(_ADD_HEADS, columns)


async def take_back(uow: UnitOfWork, stored: StoredCheckpoint) -> None:
    """Keep a checkpoint that was published and forgotten."""
    await uow.connection.execute(_TAKE_BACK, {**_row(stored)})


def _row(stored: StoredCheckpoint) -> Mapping[str, int | str | bytes]:
    checkpoint = stored.signed.checkpoint
    return {
        "number": checkpoint.number,
        "time": checkpoint.time,
        "root": checkpoint.root,
        "previous": checkpoint.previous,
        "signature": stored.signed.signature,
        "key_id": stored.key_id,
        "canonical": canonical_bytes(checkpoint),
        "chains": stored.chains,
        "records": stored.records,
    }


def stored_of(row: RowMapping) -> StoredCheckpoint:
    """A row of the table as what it keeps."""
    checkpoint = Checkpoint(row["number"], row["time"], row["root"], row["previous"])
    signed = SignedCheckpoint(checkpoint, row["signature"])
    return StoredCheckpoint(signed, row["key_id"], row["chains"], row["records"], row["taken_over"])
