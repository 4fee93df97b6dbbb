"""Questions about the supplier register."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.supplier_gateway import SupplierAnswer
from supplier_gateway.domain.suppliers import ADMITTED
from supplier_gateway.store.tables import credential_table, supplier_table

PageSize = Annotated[int, Field(ge=1, le=500)]


@dataclass(frozen=True, slots=True)
class SellingAccount:
    """The supplier behind a token, with access to the supplier doors."""

    supplier_id: UUID


async def suppliers(
    connection: AsyncConnection, after: UUID | None, limit: int
) -> list[SupplierAnswer]:
    """A page of suppliers by id; `after` is the last id of the page before."""
    query = select(supplier_table).order_by(supplier_table.c.supplier_id).limit(limit)
    if after is not None:
        query = query.where(supplier_table.c.supplier_id > after)
    return [SupplierAnswer.model_validate(row) for row in await connection.execute(query)]


async def seller(connection: AsyncConnection, sub: str) -> SellingAccount | None:
    """Whom a token subject speaks for; None for an unknown one and for suppliers not admitted."""
    query = (
        select(supplier_table.c.supplier_id)
        .join(credential_table, credential_table.c.supplier_id == supplier_table.c.supplier_id)
        .where(credential_table.c.sub == sub, supplier_table.c.status.in_(sorted(ADMITTED)))
    )
    supplier_id = await connection.scalar(query)
    return SellingAccount(supplier_id) if supplier_id is not None else None
