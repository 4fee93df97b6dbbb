"""A file put back to an earlier point: what was published comes back, the break is declared."""

import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain.checkpoints import StoredCheckpoint, signed_of
from documentation.domain.filing import utc_text
from documentation.domain.records import SALT_BYTES
from documentation.domain.restorations import restoration_of
from documentation.store import chains, checkpoints, ground, sealing
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
    known = await ground.of_signing(uow.connection, 0)
    heads = await chains.heads_with_waiting(uow.connection)
    time, demo = utc_text(uow.now), uow.origin.demo
    restoration = restoration_of(known.ledger_id, known.last, known.provable, time, demo=demo)
    if restoration is not None:
        entries = restoration.declared(heads, key, new_id, lambda: os.urandom(SALT_BYTES))
        await sealing.add_entries(uow, entries)
