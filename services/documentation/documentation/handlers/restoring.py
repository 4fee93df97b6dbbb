"""A file put back to an earlier point: what was published comes back, the break is declared."""

import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain.filing import utc_text
from documentation.domain.records import SALT_BYTES
from documentation.domain.restorations import Restoration
from documentation.handlers.signing import signed_of
from documentation.store import chains, checkpoints, sealing
from documentation.store.checkpoints import StoredCheckpoint
from documentation.store.sealing import FileEntry
from marktbund.contracts.documentation import CheckpointSigned
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork


async def take_back_checkpoint(event: CheckpointSigned, uow: UnitOfWork) -> None:
    """A checkpoint that was published, into a ledger that forgot it: its number is given."""
    stored = StoredCheckpoint(signed_of(event), event.key_id, event.chains, event.records)
    await checkpoints.take_back(uow, stored)


async def declare_restoration(key: Ed25519PrivateKey, uow: UnitOfWork) -> None:
    """Say in every chain, signed, that the file was put back and what had been published by then.

    Behind all events heard again, which wait to be sealed; nothing where no checkpoint is gone.
    """
    published = await checkpoints.latest(uow.connection)
    kept = await checkpoints.latest(uow.connection, provable=True)
    if published is None or not published.taken_over:
        return
    restoration = Restoration(
        ledger=await checkpoints.ledger_id(uow.connection),
        kept=kept.signed.checkpoint.number if kept else 0,
        published=published.signed,
        time=utc_text(uow.now),
        demo=uow.origin.demo,
    )
    entries = []
    for head in await chains.heads_with_waiting(uow.connection):
        event_id = new_id()
        declared = restoration.declared_in(head, event_id, os.urandom(SALT_BYTES), key)
        entries.append(FileEntry(*declared, event_id=event_id, order_id=None))
    await sealing.add_entries(uow, entries)
