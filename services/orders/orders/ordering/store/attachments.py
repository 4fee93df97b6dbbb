"""Whose documents there are; their content lies in the blobs."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from marktbund import statements
from marktbund.statements import Clause, Values
from marktbund.unit_of_work import UnitOfWork
from orders.ground.store.locks import HELD
from orders.ordering.domain.attachments import Attachment
from orders.ordering.domain.lines import require_known
from orders.ordering.store.tables import attachment


async def add(uow: UnitOfWork, kept: Attachment, uploaded_by: UUID) -> None:
    """Keep whose document it is; who uploaded it first stays. Nothing names it yet."""
    row = {
        "member_id": kept.member_id,
        "sha256": kept.sha256,
        "media_type": kept.media_type,
        "size_bytes": kept.size_bytes,
        "uploaded_by": uploaded_by,
        "uploaded_at": uow.business_now,
        "received_at": uow.now,
        "named_at": None,
    }
    made = insert(attachment).values(row)
    again = made.on_conflict_do_update(
        index_elements=["member_id", "sha256"], set_={"received_at": uow.now}
    )
    await uow.connection.execute(again)


_KNOWN = """
    ARRAY(SELECT sha256 FROM attachment
           WHERE member_id = :member_id AND sha256 = ANY(CAST(:documents AS text[])))
"""
_MARK = """
    UPDATE attachment SET named_at = :named_at
     WHERE member_id = :member_id AND sha256 = ANY(CAST(:documents AS text[]))
       AND named_at IS NULL AND {first} RETURNING 1
"""


def asked_documents(member_id: UUID, documents: Mapping[str, str]) -> Clause:
    """The question which of these documents (JSON path -> SHA-256) are the member's own."""
    return Clause("documents", _KNOWN, _named(member_id, documents))


def marking(member_id: UUID, documents: Mapping[str, str], at: datetime) -> Clause:
    """The write that names them: who sweeps one of them is waited for, and then it is unknown."""
    return Clause("marked", _MARK, {"named_at": at, **_named(member_id, documents)})


def _named(member_id: UUID, documents: Mapping[str, str]) -> Values:
    return {"member_id": member_id, "documents": sorted(set(documents.values()))}


async def require(uow: UnitOfWork, member_id: UUID, documents: Mapping[str, str]) -> None:
    """All these documents (JSON path -> SHA-256) are the member's own, and named from now on:
    they are never swept.

    Raises Invalid (`document_unknown`), also for another member's.
    """
    if not documents:
        return
    marks = marking(member_id, documents, uow.now)
    await statements.hold(uow.connection, HELD, marks)
    row = await statements.ask(uow.connection, asked_documents(member_id, documents))
    require_known(documents, row.documents)
