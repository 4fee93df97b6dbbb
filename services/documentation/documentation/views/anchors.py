"""The anchor of a day as it went outside, and the time stamp on it."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.store import anchors
from marktbund.errors import NotFound


async def document(connection: AsyncConnection, day: date) -> bytes:
    """The checkpoint document. Raises NotFound (`anchor_unknown`)."""
    kept = await anchors.of_day(connection, day)
    if kept is None:
        raise NotFound("anchor_unknown", "Für diesen Tag gibt es keinen Anker", field="day")
    return kept[0].document


async def time_stamp(connection: AsyncConnection, day: date) -> bytes:
    """The authority's answer over the document. Raises NotFound (`time_stamp_unknown`)."""
    kept = await anchors.of_day(connection, day)
    if kept is None or kept[1] is None:
        raise NotFound("time_stamp_unknown", "Für diesen Tag gibt es keinen Zeitstempel")
    return kept[1]
