"""Where the file stands in the log, and where an event of the log stands in the file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.verifier import DISPOSED, RESTORED
from marktbund.published import LogPartition

_HEARD = text("""
    SELECT topic, partition, next_offset FROM consumer_offset WHERE consumer = :consumer
""")
_FILED = text("""
    SELECT r.event_id, r.leaf, p.salt, r.chain_id, r.seq
      FROM record AS r LEFT JOIN payload AS p USING (chain_id, seq) WHERE r.event_id = ANY(:ids)
    UNION ALL
    SELECT event_id, leaf, salt, chain_id, 0 FROM unsealed WHERE event_id = ANY(:ids)
""")
_PARKED = text("""
    SELECT topic, partition, record_offset FROM dead_letter
     WHERE consumer = :consumer AND status IN ('parked', 'discarded')
       AND topic = ANY(:topics) AND record_offset = ANY(:offsets)
""")
_HEADS = text("SELECT chain_id, head_seq FROM chain")
_FOREIGN = text("""
    SELECT seq FROM record WHERE chain_id = :chain AND seq = ANY(:seqs) AND type <> ALL(:own)
""")
_CHECKPOINTS = text("""
    SELECT number, root, signature FROM checkpoint WHERE number = ANY(:numbers)
""")


@dataclass(frozen=True, slots=True)
class FiledEvent:
    """An event in the file; seq 0: not sealed yet. salt: None once its content was disposed of."""

    event_id: UUID
    leaf: bytes
    salt: bytes | None
    chain: str
    seq: int


async def heard(connection: AsyncConnection, consumer: str, prefix: str) -> dict[LogPartition, int]:
    """Up to where events were taken in, by topic without prefix."""
    rows = await connection.execute(_HEARD, {"consumer": consumer})
    return {(row.topic.removeprefix(prefix), row.partition): row.next_offset for row in rows}


async def filed(connection: AsyncConnection, event_ids: Collection[UUID]) -> dict[UUID, FiledEvent]:
    """Those of these events that the file has."""
    rows = await connection.execute(_FILED, {"ids": list(event_ids)})
    return {row.event_id: FiledEvent(*row) for row in rows}


async def parked(
    connection: AsyncConnection,
    consumer: str,
    prefix: str,
    places: Collection[tuple[LogPartition, int]],
) -> set[tuple[LogPartition, int]]:
    """Which of these records were put aside or discarded: operators have them in hand."""
    asked = {
        "consumer": consumer,
        "topics": sorted({prefix + partition[0] for partition, _ in places}),
        "offsets": sorted({offset for _, offset in places}),
    }
    rows = await connection.execute(_PARKED, asked)
    return {((r.topic.removeprefix(prefix), r.partition), r.record_offset) for r in rows}


async def heads(connection: AsyncConnection) -> Mapping[str, int]:
    """Chain -> how many records it has."""
    return {row.chain_id: row.head_seq for row in await connection.execute(_HEADS)}


async def foreign(connection: AsyncConnection, chain: str, seqs: Sequence[int]) -> list[int]:
    """Which of these records came from the log; the file's own declarations did not."""
    asked = {"chain": chain, "seqs": list(seqs), "own": [DISPOSED, RESTORED]}
    return sorted((await connection.execute(_FOREIGN, asked)).scalars())


async def checkpoints(
    connection: AsyncConnection, numbers: Collection[int]
) -> Mapping[int, tuple[bytes, bytes]]:
    """Number -> root and signature, as the database has them."""
    rows = await connection.execute(_CHECKPOINTS, {"numbers": list(numbers)})
    return {row.number: (row.root, row.signature) for row in rows}
