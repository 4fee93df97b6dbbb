"""A chain read page by page: bounded by rows and by bytes, each page a connection of its own.

Records are never changed, so pages read one after the other show what one long read would, and a
slow reader holds no connection and no snapshot.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.audit import StoredRecord
from documentation.domain.exports import Content, ExportedRecord
from documentation.domain.records import Head, Meta, empty_head
from documentation.store.disposals import UNRECORDED
from marktbund.unit_of_work import Database

PAGE_ROWS = 1000
PAGE_BYTES = 8_000_000

_END = text("""
    SELECT c.head_seq, c.head_hash,
           coalesce((SELECT max(seq) FROM record WHERE chain_id = asked.chain_id), 0) AS last
      FROM (VALUES (CAST(:chain AS text))) AS asked (chain_id)
      LEFT JOIN chain AS c USING (chain_id)
     WHERE c.chain_id IS NOT NULL
        OR EXISTS (SELECT 1 FROM checkpoint_head AS h WHERE h.chain_id = asked.chain_id)
""")
_PAGE = text(f"""
    SELECT seq, hash, leaf, event_id, type, key, aggregate_version, time, recorded_at,
           business_time, demo, order_id, head, salt, payload,
           unrecorded FROM (
        SELECT r.seq, r.hash, r.leaf, r.event_id, r.type, r.key, r.aggregate_version, r.time,
               r.recorded_at, r.business_time, r.demo, r.order_id, h.head, p.salt, p.payload,
               CASE WHEN p.seq IS NULL THEN {UNRECORDED} ELSE false END AS unrecorded,
               sum(octet_length(p.payload)) OVER (ORDER BY r.seq)
                   - coalesce(octet_length(p.payload), 0) AS bytes_before
          FROM (SELECT * FROM record
                 WHERE chain_id = :chain AND seq > :after AND seq <= :last
                 ORDER BY seq LIMIT :rows) AS r
          LEFT JOIN payload AS p ON p.chain_id = r.chain_id AND p.seq = r.seq
          LEFT JOIN checkpoint_head AS h ON h.chain_id = r.chain_id AND h.seq = r.seq
    ) AS page
     WHERE coalesce(bytes_before, 0) <= :bytes ORDER BY seq
""")


RecordRow: TypeAlias = tuple[
    *tuple[int, bytes, bytes, UUID, str, str, int | None, str, str, str | None, bool],
    *tuple[UUID | None, bytes | None, bytes | None, bytes | None, bool],
]
"""The columns of a page, in their order."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ends: by the sealer's word, and by the last record there is."""

    head: Head
    last: int


async def end_of(connection: AsyncConnection, chain: str) -> End | None:
    """Where a chain ends at this moment, None for an unknown chain.

    A chain that a checkpoint knows stays known when its row is gone: it ends at 0 then.
    """
    row = (await connection.execute(_END, {"chain": chain})).one_or_none()
    if row is None:
        return None
    head = empty_head(chain) if row.head_seq is None else Head(chain, row.head_seq, row.head_hash)
    return End(head, row.last)


async def pages(
    database: Database, chain: str, last: int, after: int = 0
) -> AsyncIterator[list[StoredRecord]]:
    """The records after one number up to another, ascending, in pages of at most 1,000."""
    while after < last:
        async with database.reading() as connection:
            rows = await connection.execute(
                _PAGE,
                {
                    "chain": chain,
                    "after": after,
                    "last": last,
                    "rows": PAGE_ROWS,
                    "bytes": PAGE_BYTES,
                },
            )
            page = [filed(chain, row) for row in rows]
        if not page:
            return
        after = page[-1].record.seq
        yield page


def filed(chain: str, values: RecordRow) -> StoredRecord:
    """A row in the order of the columns above."""
    # Unpacked at once: attribute by attribute costs as much as the hashing that follows.
    seq, link, leaf, event_id, kind, key, version, time, recorded_at, business, demo, *_ = values
    order_id, head, salt, payload, unrecorded = values[11:]
    meta = Meta(chain, str(event_id), kind, key, version, time, recorded_at, business, demo)
    content = None if payload is None or salt is None else Content(salt, payload)
    return StoredRecord(ExportedRecord(seq, meta, leaf, link, content), order_id, head, unrecorded)
