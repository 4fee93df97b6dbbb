"""A supplier's price lists."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.catalogues import PriceList
from catalog.store import price_list_of, price_list_table, supplier_table
from marktbund.contracts.http.catalog import PriceListAnswer
from marktbund.errors import NotFound

PageSize = Annotated[int, Field(ge=1, le=500)]


def price_list_answer(price_list: PriceList) -> PriceListAnswer:
    """The answer for a price list."""
    difference = price_list.difference
    return PriceListAnswer(
        supplier_id=price_list.supplier_id,
        number=price_list.number,
        status=price_list.status,
        content_sha256=price_list.content_sha256,
        articles=price_list.articles,
        added=difference.added,
        changed=difference.changed,
        unchanged=difference.unchanged,
        withdrawn=difference.withdrawn,
        staged_by=price_list.staged_by,
        staged_at=price_list.staged_at,
        published_by=price_list.published_by,
        published_at=price_list.published_at,
    )


async def price_lists(
    connection: AsyncConnection, supplier_id: UUID, before: int | None, limit: int
) -> list[PriceListAnswer]:
    """A page of a supplier's price lists, newest first; `before` is the last number seen.

    Raises NotFound (`supplier_unknown`).
    """
    known = select(supplier_table).where(supplier_table.c.supplier_id == supplier_id)
    if (await connection.execute(known)).one_or_none() is None:
        raise NotFound("supplier_unknown", "Diesen Lieferanten gibt es nicht", field="supplier_id")
    lists = price_list_table.c
    query = select(price_list_table).where(lists.supplier_id == supplier_id)
    if before is not None:
        query = query.where(lists.number < before)
    rows = await connection.execute(query.order_by(lists.number.desc()).limit(limit))
    return [price_list_answer(price_list_of(row)) for row in rows.mappings()]
