"""Contents that are to go, that went by a record, and that are gone without one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.disposals import Disposable
from documentation.domain.verifier import DISPOSED

# The type stands in the text, so that the partial index of migration 8 serves it.
UNRECORDED = f"""
    NOT EXISTS (SELECT 1 FROM record AS d
                 WHERE d.type = '{DISPOSED}' AND d.chain_id = r.chain_id
                   AND d.aggregate_version = r.seq AND d.seq > r.seq)
"""
"""SQL condition on a record `r` whose content is gone: no record of the chain says so."""
_DISPOSABLE = text(f"""
    SELECT r.seq, r.event_id, r.type, r.leaf, p.seq IS NOT NULL AS kept,
           EXISTS (SELECT 1 FROM record AS d
                    WHERE d.type = '{DISPOSED}' AND d.chain_id = r.chain_id
                      AND d.aggregate_version = r.seq)
        OR EXISTS (SELECT 1 FROM unsealed AS u
                    WHERE u.type = '{DISPOSED}' AND u.chain_id = r.chain_id
                      AND u.aggregate_version = r.seq) AS filed
      FROM record AS r LEFT JOIN payload AS p USING (chain_id, seq)
     WHERE r.chain_id = :chain AND r.seq = ANY(:numbers) ORDER BY r.seq
""")
_LEFT = text(f"""
    SELECT count(*) FROM (
        SELECT 1 FROM unsealed WHERE type = '{DISPOSED}'
        UNION ALL
        SELECT 1 FROM record AS d JOIN payload AS p
            ON p.chain_id = d.chain_id AND p.seq = d.aggregate_version
         WHERE d.type = '{DISPOSED}') AS waiting
""")
_FINISH = text("SELECT dispose_filed()")
_MISSING = text(f"""
    WITH page AS MATERIALIZED (
        SELECT chain_id, seq FROM record WHERE (chain_id, seq) > (:chain, :seq)
         ORDER BY chain_id, seq LIMIT :limit
    ), gone AS (
        SELECT r.chain_id, r.seq FROM page AS r LEFT JOIN payload AS p USING (chain_id, seq)
         WHERE p.seq IS NULL AND {UNRECORDED}
    )
    SELECT (SELECT count(*) FROM page) AS records, last.chain_id, last.seq,
           (SELECT array_agg(chain_id || ' ' || seq ORDER BY chain_id, seq) FROM gone) AS gone
      FROM (VALUES (1)) AS always
      LEFT JOIN (SELECT chain_id, seq FROM page ORDER BY chain_id DESC, seq DESC LIMIT 1) AS last
        ON true
""")


@dataclass(frozen=True, slots=True)
class ContentPosition:
    """Where a look at the contents ended; the next one goes on there."""

    chain: str = ""
    seq: int = 0


async def disposable(
    connection: AsyncConnection, chain: str, numbers: Sequence[int]
) -> list[Disposable]:
    """The records of these numbers, as far as there are any."""
    asked = {"chain": chain, "numbers": list(numbers)}
    return [Disposable(*row) for row in await connection.execute(_DISPOSABLE, asked)]


async def waiting(connection: AsyncConnection) -> int:
    """How many contents are on record as disposed and still there."""
    return int(await connection.scalar(_LEFT) or 0)


async def finish(connection: AsyncConnection) -> int:
    """Delete what signed records name, as the disposal role; how many contents that were."""
    return int(await connection.scalar(_FINISH) or 0)


async def missing(
    connection: AsyncConnection, after: ContentPosition, limit: int
) -> tuple[ContentPosition, Sequence[str]]:
    """Look at the next contents: where that ended, and which are gone without a record."""
    asked = {"chain": after.chain, "seq": after.seq, "limit": limit}
    row = (await connection.execute(_MISSING, asked)).one()
    end = ContentPosition(row.chain_id, row.seq) if row.records == limit else ContentPosition()
    return end, row.gone or ()
