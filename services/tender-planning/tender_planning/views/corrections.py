"""Reviewed corrections of comparable groups."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tender_planning.commands.questions import ListCorrections
from tender_planning.store.decisions import correction_table


class CorrectionAnswer(BaseModel):
    """A correction as it stands. source: a comparable group or `article:<article_id>`."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    correction_id: UUID
    source: str
    to_group: str
    reason: str
    reviewed_by: UUID
    reviewed_at: datetime
    status: Literal["active", "withdrawn"]
    version: int


async def corrections(
    connection: AsyncConnection, question: ListCorrections
) -> list[CorrectionAnswer]:
    """A page of corrections by source, withdrawn ones too."""
    source = correction_table.c.source
    query = select(correction_table).where(source > question.after).order_by(source)
    rows = await connection.execute(query.limit(question.limit))
    return [CorrectionAnswer.model_validate(row) for row in rows]
