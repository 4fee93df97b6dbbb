"""Whose documents there are; their content lies in the blobs."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marktbund.errors import Invalid
from marktbund.unit_of_work import UnitOfWork
from orders.domain.attachments import Attachment
from orders.store.tables import attachment


async def add(uow: UnitOfWork, kept: Attachment, uploaded_by: UUID) -> None:
    """Keep whose document it is; who uploaded it first stays."""
    row = {
        "member_id": kept.member_id,
        "sha256": kept.sha256,
        "media_type": kept.media_type,
        "size_bytes": kept.size_bytes,
        "uploaded_by": uploaded_by,
        "uploaded_at": uow.business_now,
    }
    made = insert(attachment).values(row).on_conflict_do_nothing()
    await uow.connection.execute(made)


async def require(uow: UnitOfWork, member_id: UUID, documents: Mapping[str, str]) -> None:
    """All these documents (JSON path -> SHA-256) are the member's own.

    Raises Invalid (`document_unknown`), also for another member's.
    """
    if not documents:
        return
    query = select(attachment.c.sha256).where(
        attachment.c.member_id == member_id, attachment.c.sha256.in_(set(documents.values()))
    )
    known = set(await uow.connection.scalars(query))
    for field, sha256 in documents.items():
        if sha256 not in known:
            raise Invalid(
                "document_unknown",
                "Dieses Dokument ist nicht hochgeladen",
                field=field,
                way_out="Bitte laden Sie das Angebot hoch, und senden Sie dann noch einmal ab.",
            )
