"""Uploaded documents as their member sees them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.orders import AttachmentAnswer
from marktbund.errors import NotFound
from orders.ordering.store.tables import attachment


async def attachment_of(
    connection: AsyncConnection, sha256: str, member_id: UUID
) -> AttachmentAnswer:
    """A member's document. Raises NotFound (`document_unknown`), also for another member's."""
    query = select(attachment).where(
        attachment.c.sha256 == sha256, attachment.c.member_id == member_id
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("document_unknown", "Dieses Dokument gibt es nicht", field="sha256")
    return AttachmentAnswer.model_validate(row)
