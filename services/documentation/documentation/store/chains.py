"""The list of chains, and the records of one order across them."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.audit import StoredRecord
from documentation.domain.filing import COOPERATIVE
from documentation.domain.records import Head, empty_head
from documentation.store.disposals import UNRECORDED
from documentation.store.pages import PAGE_ROWS, filed
from marktbund.unit_of_work import Database

_NAMES = text("SELECT chain_id FROM chain")
# The cooperative's chain stands in every file, even where nothing was filed in it yet.
_HEADS = text("""
    SELECT chain_id, head_seq, head_hash FROM chain
    UNION ALL
    SELECT DISTINCT chain_id, 0, NULL::bytea FROM (
        SELECT chain_id FROM unsealed UNION ALL SELECT CAST(:cooperative AS text)) AS u
     WHERE NOT EXISTS (SELECT 1 FROM chain AS c WHERE c.chain_id = u.chain_id)
""")
_LIST = text("""
    SELECT c.chain_id, c.head_seq AS records, encode(c.head_hash, 'hex') AS head,
           coalesce(h.seq, 0) AS covered
      FROM chain AS c
      LEFT JOIN LATERAL (SELECT seq FROM checkpoint_head AS h WHERE h.chain_id = c.chain_id
                          ORDER BY number DESC LIMIT 1) AS h ON true
     WHERE c.chain_id > :after ORDER BY c.chain_id LIMIT :limit
""")
_ORDER = text("""
    SELECT r.chain_id, r.seq, r.hash, r.event_id, r.type, r.key, r.aggregate_version, r.time,
           r.recorded_at, r.business_time, r.demo, p.payload,
           r.seq <= coalesce((SELECT max(seq) FROM checkpoint_head AS h
                               WHERE h.chain_id = r.chain_id), 0) AS covered
      FROM record AS r LEFT JOIN payload AS p USING (chain_id, seq)
     WHERE r.order_id = :order_id AND r.seq > :after
       AND (CAST(:tenant AS text) IS NULL OR r.chain_id = :tenant)
     ORDER BY r.seq LIMIT :limit
""")
_LINKED = text(f"""
    SELECT r.seq, r.hash, r.leaf, r.event_id, r.type, r.key, r.aggregate_version, r.time,
           r.recorded_at, r.business_time, r.demo, r.order_id, h.head, p.salt, p.payload,
           CASE WHEN p.seq IS NULL THEN {UNRECORDED} ELSE false END AS unrecorded,
           b.hash AS before
      FROM (SELECT * FROM record
             WHERE order_id = :order_id AND chain_id = :chain AND seq > :after
             ORDER BY seq LIMIT :rows) AS r
      LEFT JOIN record AS b ON b.chain_id = r.chain_id AND b.seq = r.seq - 1
      LEFT JOIN payload AS p ON p.chain_id = r.chain_id AND p.seq = r.seq
      LEFT JOIN checkpoint_head AS h ON h.chain_id = r.chain_id AND h.seq = r.seq
     ORDER BY r.seq
""")


async def names(connection: AsyncConnection) -> list[str]:
    """The ids of all chains."""
    return list((await connection.execute(_NAMES)).scalars())


async def heads_with_waiting(connection: AsyncConnection) -> list[Head]:
    """Where every chain stands, those included that events still wait to begin."""
    rows = await connection.execute(_HEADS, {"cooperative": COOPERATIVE})
    return [empty_head(chain) if seq == 0 else Head(chain, seq, head) for chain, seq, head in rows]


async def listed(connection: AsyncConnection, after: str, limit: int) -> Sequence[RowMapping]:
    """A page of chains by id, each with how far checkpoints cover it."""
    rows = await connection.execute(_LIST, {"after": after, "limit": limit})
    return rows.mappings().all()


async def of_order(
    connection: AsyncConnection, order_id: UUID, tenant: str | None, after: int, limit: int
) -> Sequence[RowMapping]:
    """A page of an order's records by number; tenant None: of any chain."""
    parameters = {"order_id": order_id, "tenant": tenant, "after": after, "limit": limit}
    return (await connection.execute(_ORDER, parameters)).mappings().all()


async def linked_records(
    database: Database, chain: str, order_id: UUID
) -> AsyncIterator[list[tuple[bytes | None, StoredRecord]]]:
    """An order's records in pages, each with the hash of the record before it in the chain."""
    parameters = {"chain": chain, "order_id": order_id, "after": 0, "rows": PAGE_ROWS}
    while True:
        async with database.reading() as connection:
            rows = (await connection.execute(_LINKED, parameters)).all()
        yield [(row.before, filed(chain, row[:-1])) for row in rows]
        if len(rows) < PAGE_ROWS:
            return
        parameters["after"] = rows[-1].seq
