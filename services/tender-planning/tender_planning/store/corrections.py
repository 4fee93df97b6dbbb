"""Reviewed corrections of comparable groups as rows."""

from collections.abc import Mapping

from sqlalchemy import select, text

from marktbund.statements import Clause
from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.corrections import Correction
from tender_planning.store.decisions import correction_table

# Two reviewers at once could each close half a circle.
_HOLD = text("LOCK TABLE group_correction IN SHARE ROW EXCLUSIVE MODE")
_SAVE = """
    INSERT INTO group_correction AS known
        (correction_id, source, to_group, reason, reviewed_by, reviewed_at, status, version)
    VALUES (:correction_id, :correction_source, :correction_group, :correction_reason,
            :correction_by, :correction_at, :correction_status, :correction_version)
    ON CONFLICT (correction_id) DO UPDATE
       SET source = excluded.source, to_group = excluded.to_group, reason = excluded.reason,
           reviewed_by = excluded.reviewed_by, reviewed_at = excluded.reviewed_at,
           status = excluded.status, version = excluded.version
"""


async def hold_corrections(uow: UnitOfWork) -> Mapping[str, Correction]:
    """All corrections by source, held until the commit; made by hand, there are never many."""
    await uow.connection.execute(_HOLD)
    rows = await uow.connection.execute(select(correction_table))
    return {
        row.source: Correction(
            correction_id=row.correction_id,
            source=row.source,
            to_group=row.to_group,
            reason=row.reason,
            reviewed_by=row.reviewed_by,
            reviewed_at=row.reviewed_at,
            status=row.status,
            version=row.version,
        )
        for row in rows
    }


def saving(correction: Correction) -> tuple[Clause, ...]:
    """The write that keeps a correction; the feed publishes it."""
    values = {
        "correction_id": correction.correction_id,
        "correction_source": correction.source,
        "correction_group": correction.to_group,
        "correction_reason": correction.reason,
        "correction_by": correction.reviewed_by,
        "correction_at": correction.reviewed_at,
        "correction_status": correction.status,
        "correction_version": correction.version,
    }
    return (Clause("saved_correction", _SAVE, values),)
