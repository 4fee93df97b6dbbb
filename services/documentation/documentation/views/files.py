"""The list of chains, and the file of one order as people read it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.filing import readable
from documentation.store import chains
from marktbund.contracts.http.documentation import ChainAnswer, FiledRecord, OrderFileAnswer
from marktbund.errors import NotFound

PageSize = Annotated[int, Field(ge=1, le=500)]


async def all_chains(connection: AsyncConnection, after: str, limit: int) -> list[ChainAnswer]:
    """A page of chains by id; `after` is the last id of the page before."""
    rows = await chains.listed(connection, after, limit)
    return [ChainAnswer.model_validate({**row}) for row in rows]


async def order_file(
    connection: AsyncConnection, order_id: UUID, tenant: UUID | None, after: int, limit: int
) -> OrderFileAnswer:
    """An order's file, for one member or (tenant None) for the cooperative.

    Raises NotFound (`order_file_unknown`), also for an order of another member.
    """
    chain = None if tenant is None else str(tenant)
    rows = await chains.of_order(connection, order_id, chain, after, limit + 1)
    # Behind the last record there is nothing more of a file that there is.
    known = rows or await chains.of_order(connection, order_id, chain, 0, 1)
    if not known:
        raise NotFound("order_file_unknown", "Zu diesem Auftrag gibt es keine Akte")
    return OrderFileAnswer(
        order_id=order_id,
        chain_id=known[0]["chain_id"],
        records=[_filed(row) for row in rows[:limit]],
        next_after=rows[limit - 1]["seq"] if len(rows) > limit else None,
    )


async def order_chain(connection: AsyncConnection, order_id: UUID, tenant: UUID | None) -> str:
    """The chain an order's records are in. Raises as `order_file` does."""
    return (await order_file(connection, order_id, tenant, 0, 1)).chain_id


def _filed(row: RowMapping) -> FiledRecord:
    payload = row["payload"]
    return FiledRecord.model_validate(
        {
            **row,
            "hash": row["hash"].hex(),
            "disposed": payload is None,
            "payload": None if payload is None else readable(payload),
        }
    )
