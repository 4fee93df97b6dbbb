"""Whose documents there are; their content lies in the blobs."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from marktbund.errors import Invalid
from marktbund.unit_of_work import UnitOfWork
from orders.domain.attachments import Attachment
from orders.store.tables import attachment


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


async def require(uow: UnitOfWork, member_id: UUID, documents: Mapping[str, str]) -> None:
    """All these documents (JSON path -> SHA-256) are the member's own, and named from now on:
    they are never swept.

    Raises Invalid (`document_unknown`), also for another member's.
    """
    if not documents:
        return
    named = (
        attachment.c.member_id == member_id,
        attachment.c.sha256.in_(sorted(set(documents.values()))),
    )
    # First the mark: who sweeps one of them is waited for, and then it is unknown.
    unnamed = attachment.c.named_at.is_(None)
    await uow.connection.execute(update(attachment).where(*named, unnamed).values(named_at=uow.now))
    query = select(attachment.c.sha256).where(*named)
    known = set(await uow.connection.scalars(query))
    for field, sha256 in documents.items():
        if sha256 not in known:
            raise Invalid(
                "document_unknown",
                "Dieses Dokument ist nicht hochgeladen",
                field=field,
                way_out="Bitte laden Sie das Angebot hoch, und senden Sie dann noch einmal ab.",
            )
