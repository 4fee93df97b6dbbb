"""The day's checkpoint becomes a mail to every auditor."""

from collections.abc import Sequence

from marktbund import statements
from marktbund.contracts.documentation import CheckpointAnchored
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork
from members.domain.anchors import anchored_of, mails_of
from members.store import anchors, mails


async def note_anchors(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Keep the checkpoints heard, and the mails they become; applying: all at once."""
    events = [record.event for record in records if isinstance(record.event, CheckpointAnchored)]
    known = await statements.ask(uow.connection, anchors.asked_auditors())

    heard = {event.anchor_id: anchored_of(event) for event in events}
    noted = [mail for anchor_id in heard for mail in mails_of(anchor_id, known.auditors)]

    await uow.write(anchors.keeping(heard), *mails.noting(noted, uow.now))
