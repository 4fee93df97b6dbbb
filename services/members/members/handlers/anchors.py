"""The day's checkpoint becomes a mail to every auditor."""

from collections.abc import Sequence

from marktbund.contracts.documentation import CheckpointAnchored
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork
from members.domain.anchors import Anchored
from members.store import anchors


async def note_anchors(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Keep the checkpoints heard, and the mails they become."""
    for record in records:
        event = record.event
        if not isinstance(event, CheckpointAnchored):
            continue
        anchored = Anchored(
            day=event.day,
            number=event.number,
            time=event.time.isoformat().replace("+00:00", "Z"),
            root=event.root,
            previous=event.previous,
            signature=event.signature,
            key_id=event.key_id,
        )
        await anchors.keep(uow, event.anchor_id, anchored)
