"""Note whose an uploaded document is."""

from marktbund.auth import Actor
from marktbund.unit_of_work import UnitOfWork
from orders.domain.attachments import Attachment
from orders.store import attachments


async def keep_attachment(kept: Attachment, actor: Actor, uow: UnitOfWork) -> None:
    """The content is durable before, so that no row points at nothing."""
    await attachments.add(uow, kept, actor.person_id)
