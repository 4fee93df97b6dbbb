"""A member's needs."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.orders import NeedAnswer

_NEEDS = text("""
    SELECT * FROM need
     WHERE member_id = :member_id AND (CAST(:after AS uuid) IS NULL OR need_id < :after)
     ORDER BY need_id DESC LIMIT :limit
""")


async def needs(
    connection: AsyncConnection, member_id: UUID, after: UUID | None, limit: int
) -> list[NeedAnswer]:
    """A member's needs, newest first."""
    values = {"member_id": member_id, "after": after, "limit": limit}
    rows = await connection.execute(_NEEDS, values)
    return [NeedAnswer.model_validate(row) for row in rows]
