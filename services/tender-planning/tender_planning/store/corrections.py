"""Reviewed corrections of comparable groups as rows."""

from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert

from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.corrections import Correction
from tender_planning.store.decisions import correction_table

_NAMES = [column.name for column in correction_table.c if column.name != "published_version"]
# Two reviewers at once could each close half a circle.
_HOLD = text("LOCK TABLE group_correction IN SHARE ROW EXCLUSIVE MODE")


async def hold_corrections(uow: UnitOfWork) -> dict[str, Correction]:
    """All corrections by source, held until the commit; made by hand, there are never many."""
    await uow.connection.execute(_HOLD)
    rows = await uow.connection.execute(select(correction_table))
    return {row.source: correction_of(row) for row in rows}


async def save_correction(uow: UnitOfWork, correction: Correction) -> None:
    """Keep a correction; the feed publishes it."""
    made = insert(correction_table).values({n: getattr(correction, n) for n in _NAMES})
    changed = {name: made.excluded[name] for name in _NAMES if name != "correction_id"}
    await uow.connection.execute(
        made.on_conflict_do_update(index_elements=["correction_id"], set_=changed)
    )


def correction_of(row: Row[Any]) -> Correction:
    """A row as the correction it keeps."""
    return Correction(**{name: getattr(row, name) for name in _NAMES})
