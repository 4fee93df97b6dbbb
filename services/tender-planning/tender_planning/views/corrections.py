"""Reviewed corrections of comparable groups."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.tender_planning import CorrectionAnswer
from tender_planning.commands.questions import ListCorrections
from tender_planning.store.decisions import correction_table


async def corrections(
    connection: AsyncConnection, question: ListCorrections
) -> list[CorrectionAnswer]:
    """A page of corrections by source, withdrawn ones too."""
    source = correction_table.c.source
    query = select(correction_table).where(source > question.after).order_by(source)
    rows = await connection.execute(query.limit(question.limit))
    return [CorrectionAnswer.model_validate(row) for row in rows]
