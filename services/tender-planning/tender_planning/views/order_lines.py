"""The very orders behind a figure."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.errors import NotFound
from tender_planning.commands import ListOrderLines
from tender_planning.domain.demand import Outcome
from tender_planning.store.tables import member_name_table, order_line_table, supplier_name_table

_LINE = order_line_table.c


class OrderLineAnswer(BaseModel):
    """One order line with what became of it, net EUR; `line` is for paging.

    quantity: in the article's order unit. Names are empty until their owners have told them.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    line: str
    supplier_order_id: UUID
    line_no: int
    order_id: UUID
    member_id: UUID
    member_name: str
    supplier_id: UUID
    supplier_name: str
    article_id: UUID
    cpv: str
    comparable_group: str
    name: str
    quantity: Decimal
    order_unit: str
    month: date
    outcome: Outcome
    ordered_net: Decimal
    accepted_net: Decimal
    refused_net: Decimal
    cancelled_net: Decimal
    reduced_net: Decimal
    open_net: Decimal


_LINES = (
    select(
        order_line_table,
        func.concat(_LINE.supplier_order_id, ":", _LINE.line_no).label("line"),
        func.coalesce(member_name_table.c.name, "").label("member_name"),
        func.coalesce(supplier_name_table.c.name, "").label("supplier_name"),
        (
            _LINE.ordered_net
            - _LINE.accepted_net
            - _LINE.refused_net
            - _LINE.cancelled_net
            - _LINE.reduced_net
        ).label("open_net"),
    )
    .outerjoin(member_name_table, member_name_table.c.member_id == _LINE.member_id)
    .outerjoin(supplier_name_table, supplier_name_table.c.supplier_id == _LINE.supplier_id)
    .order_by(_LINE.supplier_order_id, _LINE.line_no)
)


async def of_group(
    connection: AsyncConnection, comparable_group: str, question: ListOrderLines
) -> list[OrderLineAnswer]:
    """A page of the lines of a comparable group. Raises NotFound (`group_unknown`)."""
    query = _LINES.where(_LINE.comparable_group == comparable_group).limit(question.limit)
    if question.after is not None:
        supplier_order_id, line_no = question.after.split(":")
        last = tuple_(UUID(supplier_order_id), int(line_no))
        query = query.where(tuple_(_LINE.supplier_order_id, _LINE.line_no) > last)
    rows = (await connection.execute(query)).all()
    if not rows and not await _known(connection, comparable_group):
        raise NotFound("group_unknown", "Diese Vergleichsgruppe gibt es nicht")
    return [OrderLineAnswer.model_validate(row) for row in rows]


async def _known(connection: AsyncConnection, comparable_group: str) -> bool:
    there = select(_LINE.line_no).where(_LINE.comparable_group == comparable_group).exists()
    return bool(await connection.scalar(select(there)))
