"""Uploaded documents: counted, announced before they are kept, owned, and swept when nobody's."""

from datetime import datetime, time, timedelta

from marktbund.auth import Actor
from marktbund.blobs import Blobs
from marktbund.clock import BERLIN, business_date
from marktbund.unit_of_work import UnitOfWork
from orders.ordering.domain.attachments import Attachment, refuse_beyond_quota
from orders.ordering.store import attachments, documents

UNNAMED_FOR = timedelta(days=30)
"""How long a document waits for the order that names it."""
NOBODYS_FOR = timedelta(days=1)
"""How long a content that nobody owns stays: longer than any upload takes."""


async def expect_attachment(expected: Attachment, actor: Actor, uow: UnitOfWork) -> None:
    """Refuse what is beyond the day's quota; else say that the content is about to be kept."""
    await _refuse_beyond_quota(expected, actor, uow)
    await documents.touch(uow, expected.sha256)


async def keep_attachment(kept: Attachment, actor: Actor, uow: UnitOfWork) -> None:
    """The content is durable before, so that no row points at nothing."""
    await _refuse_beyond_quota(kept, actor, uow)
    await attachments.add(uow, kept, actor.person_id)


async def forget_unnamed(before: datetime, most: int, uow: UnitOfWork) -> int:
    """Forget whose the documents are that no order, draft or offer named; returns how many."""
    return await documents.forget_unnamed(uow, before, most)


async def sweep_content(sha256: str, before: datetime, blobs: Blobs, uow: UnitOfWork) -> bool:
    """Take a content away that is nobody's; False: somebody uploaded it meanwhile.

    The blob goes while its row is held: who uploads the same waits, and keeps it anew.
    """
    if not await documents.hold_orphan(uow, sha256, before):
        return False
    await blobs.forget(sha256)
    await documents.forget(uow, sha256)
    return True


async def _refuse_beyond_quota(expected: Attachment, actor: Actor, uow: UnitOfWork) -> None:
    today = business_date(uow.now)
    midnight, next_one = (
        datetime.combine(day, time.min, BERLIN) for day in (today, today + timedelta(days=1))
    )
    sofar = await documents.uploaded_since(
        uow, expected.member_id, actor.person_id, midnight, expected.sha256
    )
    refuse_beyond_quota(sofar, expected.size_bytes, next_one - uow.now)
