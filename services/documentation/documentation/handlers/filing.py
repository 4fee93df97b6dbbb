"""Events are taken in as they came and given their places in the chains."""

import os
from collections.abc import Sequence

from documentation.domain.filing import entries_of
from documentation.domain.records import SALT_BYTES
from documentation.domain.sealing import queued, sealed_batch
from documentation.store import sealing
from documentation.store.sealing import Holder
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork

BATCH = 1000


async def record_events(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take events in as they came, byte for byte, committed to with fresh salts."""
    noise = os.urandom(SALT_BYTES * len(records))
    await sealing.add_entries(uow, entries_of(records, noise, uow.now))


async def seal_batch(holder: Holder, uow: UnitOfWork) -> Sequence[str]:
    """Give the next 1,000 waiting events their places in their chains.

    Returns the traces that came with them, one entry for each such event. Raises
    SealerReplacedError when another process holds the lease by now.
    """
    queues = queued(await sealing.next_waiting(uow, BATCH))
    heads = await sealing.lock_heads(uow, queues.by_chain)
    sealed = sealed_batch(queues, heads)
    await sealing.drop_waiting(uow, queues.repeated)
    await sealing.keep_sealed(uow, holder, sealed)
    return sealed.traces
