"""How far each chain was verified, and what was found: a note, no proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.records import Head
from marktbund.unit_of_work import UnitOfWork

_OF_CHAIN = text("SELECT * FROM chain_audit WHERE chain_id = :chain")
_DUE = text("""
    SELECT c.chain_id, a.begun_at >= :before AS recent
      FROM chain AS c LEFT JOIN chain_audit AS a USING (chain_id)
     WHERE c.head_seq > 0
       AND (a.chain_id IS NULL OR a.seq <> c.head_seq OR a.begun_at < :before)
     ORDER BY a.audited_at NULLS FIRST LIMIT :limit
""")
ALTERED = "SELECT chain_id FROM chain_audit WHERE findings > 0 ORDER BY chain_id"
"""SQL: chains of which the last audit found more than declared breaks."""
_SUMMED = text("""
    SELECT coalesce(sum(findings), 0)::bigint AS findings, min(begun_at) AS oldest FROM chain_audit
""")
_KEEP = text("""
    INSERT INTO chain_audit (chain_id, audited_at, begun_at, seq, head, findings, breaks)
    VALUES (:chain_id, :audited_at, :begun_at, :seq, :head, :findings, :breaks)
    ON CONFLICT (chain_id) DO UPDATE
       SET audited_at = excluded.audited_at, begun_at = excluded.begun_at, seq = excluded.seq,
           head = excluded.head, findings = excluded.findings, breaks = excluded.breaks
""")


@dataclass(frozen=True, slots=True)
class Audited:
    """A chain verified up to `last`, begun at its first record at `begun_at` (UTC).

    findings: contradictions up to there; breaks: declared ones, which are none.
    """

    last: Head
    audited_at: datetime
    begun_at: datetime
    findings: int
    breaks: int


async def of_chain(connection: AsyncConnection, chain: str) -> Audited | None:
    """How far a chain was verified, None before the first time."""
    row = (await connection.execute(_OF_CHAIN, {"chain": chain})).one_or_none()
    if row is None:
        return None
    last = Head(row.chain_id, row.seq, row.head)
    return Audited(last, row.audited_at, row.begun_at, row.findings, row.breaks)


async def due(
    connection: AsyncConnection, before: datetime, limit: int
) -> Sequence[tuple[str, bool]]:
    """Chains that have grown since, or were begun before a moment; those that waited longest first.

    With each, whether it is enough to go on where the last audit ended.
    """
    rows = await connection.execute(_DUE, {"before": before, "limit": limit})
    return [(row.chain_id, bool(row.recent)) for row in rows]


@dataclass(frozen=True, slots=True)
class AuditSums:
    """Contradictions in all chains, and when the audit begun longest ago began; None: no chain."""

    findings: int
    oldest: datetime | None


async def summed(connection: AsyncConnection) -> AuditSums:
    """What is known of all chains together."""
    row = (await connection.execute(_SUMMED)).one()
    return AuditSums(row.findings, row.oldest)


async def keep(uow: UnitOfWork, audited: Audited) -> None:
    """Note how far a chain is verified."""
    columns = {
        "chain_id": audited.last.chain,
        "audited_at": audited.audited_at,
        "begun_at": audited.begun_at,
        "seq": audited.last.seq,
        "head": audited.last.hash,
        "findings": audited.findings,
        "breaks": audited.breaks,
    }
    await uow.connection.execute(_KEEP, columns)
