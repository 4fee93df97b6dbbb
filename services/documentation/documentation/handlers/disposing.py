"""Disposals are filed: one record per content, before anything is deleted."""

import os

from documentation.commands import DisposeContents
from documentation.domain.disposals import Disposal, refuse_undisposable
from documentation.domain.filing import utc_text
from documentation.domain.records import SALT_BYTES
from documentation.store import disposals, sealing
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork


async def file_disposal(command: DisposeContents, uow: UnitOfWork) -> int:
    """Put a record per content on its way into the chain; how many. Nothing is deleted yet.

    Raises NotFound and Conflict as `refuse_undisposable` does.
    """
    numbers = sorted(set(command.numbers))
    records = await disposals.disposable(uow.connection, command.chain, numbers)
    refuse_undisposable(numbers, records)
    disposal = Disposal(
        chain=command.chain,
        by=command.by,
        reason=command.reason,
        law=command.law,
        time=utc_text(uow.now),
        demo=uow.origin.demo,
    )
    entries = disposal.filed(records, new_id, lambda: os.urandom(SALT_BYTES))
    await sealing.add_entries(uow, entries)
    return len(entries)
