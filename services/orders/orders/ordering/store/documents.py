"""Contents of documents beside their owners' rows: how much was uploaded, and what may be swept.

A content is touched, by a commit of its own, before it is kept and before a row says whose it is.
Who sweeps holds its row meanwhile, so the two never pass each other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.statements import Values
from marktbund.unit_of_work import UnitOfWork
from orders.ordering.domain.attachments import Uploaded
from orders.ordering.store.tables import document_content

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:member_id AS text), 14))")
_UPLOADED = text("""
    SELECT count(*) AS documents, coalesce(sum(size_bytes), 0) AS size_bytes,
           count(*) FILTER (WHERE uploaded_by = :person_id) AS own_documents,
           coalesce(sum(size_bytes) FILTER (WHERE uploaded_by = :person_id), 0) AS own_bytes
      FROM attachment
     WHERE member_id = :member_id AND received_at >= :since AND sha256 <> :sha256
""")
_TOUCH = text("""
    INSERT INTO document_content (sha256, touched_at) VALUES (:sha256, :now)
    ON CONFLICT (sha256) DO UPDATE SET touched_at = excluded.touched_at
""")
_FORGET_UNNAMED = text("""
    DELETE FROM attachment AS a USING (
        SELECT member_id, sha256 FROM attachment
         WHERE named_at IS NULL AND received_at < :before
         ORDER BY received_at LIMIT :most FOR UPDATE SKIP LOCKED) AS old
     WHERE a.member_id = old.member_id AND a.sha256 = old.sha256
""")
_ORPHANS = text("""
    SELECT sha256 FROM document_content AS c
     WHERE touched_at < :before
       AND NOT EXISTS (SELECT 1 FROM attachment AS a WHERE a.sha256 = c.sha256)
     ORDER BY touched_at LIMIT :most
""")
_HOLD = text("""
    SELECT sha256 FROM document_content
     WHERE sha256 = :sha256 AND touched_at < :before FOR UPDATE
""")
_OWNED = text("SELECT EXISTS (SELECT 1 FROM attachment WHERE sha256 = :sha256)")


async def uploaded_since(
    uow: UnitOfWork, member_id: UUID, person_id: UUID, since: datetime, sha256: str
) -> Uploaded:
    """What a member and one of its people uploaded, this very content aside; the member's uploads
    wait for one another until the commit.
    """
    values: Values = {"member_id": member_id, "person_id": person_id, "since": since}
    await uow.connection.execute(_LOCK, {"member_id": str(member_id)})
    row = (await uow.connection.execute(_UPLOADED, {**values, "sha256": sha256})).one()
    return Uploaded(row.documents, int(row.size_bytes), row.own_documents, int(row.own_bytes))


async def touch(uow: UnitOfWork, sha256: str) -> None:
    """Say that a content is about to be kept."""
    await uow.connection.execute(_TOUCH, {"sha256": sha256, "now": uow.now})


async def forget_unnamed(uow: UnitOfWork, before: datetime, most: int) -> int:
    """Forget whose the documents are that nothing names; returns how many."""
    values = {"before": before, "most": most}
    return int((await uow.connection.execute(_FORGET_UNNAMED, values)).rowcount)


async def orphans(connection: AsyncConnection, before: datetime, most: int) -> Sequence[str]:
    """Contents nobody owns, the longest untouched first."""
    values = {"before": before, "most": most}
    return list((await connection.execute(_ORPHANS, values)).scalars())


async def hold_orphan(uow: UnitOfWork, sha256: str, before: datetime) -> bool:
    """Hold a content until the commit, if it is untouched and nobody's still."""
    values = {"sha256": sha256, "before": before}
    if (await uow.connection.execute(_HOLD, values)).one_or_none() is None:
        return False
    return not await uow.connection.scalar(_OWNED, {"sha256": sha256})


async def forget(uow: UnitOfWork, sha256: str) -> None:
    """Forget a content; its blob is gone."""
    await uow.connection.execute(
        delete(document_content).where(document_content.c.sha256 == sha256)
    )
