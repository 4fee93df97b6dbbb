"""What a person said beside the lines of the last order for a member."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.unit_of_work import UnitOfWork
from portal.store.carts import Owner
from portal.store.tables import last_details_table

_ROW = last_details_table.c


async def of(connection: AsyncConnection, owner: Owner) -> Mapping[str, str]:
    """Field -> what was said last; empty before the first order."""
    query = select(_ROW.said).where(_ROW.sub == owner.sub, _ROW.member_id == owner.member_id)
    return await connection.scalar(query) or {}


async def keep(uow: UnitOfWork, owner: Owner, typed: Mapping[str, str]) -> None:
    """Remember what was said with this order."""
    values = {"sub": owner.sub, "member_id": owner.member_id, "said": dict(typed)}
    made = insert(last_details_table).values(**values)
    await uow.connection.execute(
        made.on_conflict_do_update(
            index_elements=["sub", "member_id"], set_={"said": made.excluded.said}
        )
    )
