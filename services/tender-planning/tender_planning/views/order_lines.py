"""The very orders behind a figure."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.tender_planning import OrderLineAnswer
from marktbund.errors import NotFound
from tender_planning.commands.demand import ListOrderLines
from tender_planning.domain.demand import NO_AGREEMENT, UNCLASSIFIED
from tender_planning.domain.evidence import Window
from tender_planning.store.tables import member_name_table, order_line_table, supplier_name_table

_LINE = order_line_table.c


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
    lines = await _page(connection, question, _LINE.comparable_group == comparable_group)
    if not lines and not await _known(connection, comparable_group):
        raise NotFound("group_unknown", "Diese Vergleichsgruppe gibt es nicht")
    return lines


async def of_assortment(
    connection: AsyncConnection,
    groups: Sequence[str],
    cpv_class: str,
    window: Window,
    question: ListOrderLines,
) -> list[OrderLineAnswer]:
    """A page of the lines that were bought freely of some groups of a class within a window."""
    digits = cpv_class[:4]
    of_class = (
        _LINE.cpv.op("!~")("^[0-9]{4}")
        if cpv_class == UNCLASSIFIED
        else func.left(_LINE.cpv, 4) == digits
    )
    return await _page(
        connection,
        question,
        _LINE.comparable_group.in_(groups),
        _LINE.month.between(window.first, window.last),
        _LINE.agreement_id == NO_AGREEMENT,
        of_class,
    )


async def _page(
    connection: AsyncConnection, question: ListOrderLines, *chosen: ColumnElement[bool]
) -> list[OrderLineAnswer]:
    query = _LINES.where(*chosen).limit(question.limit)
    if question.after is not None:
        supplier_order_id, line_no = question.after.split(":")
        last = tuple_(UUID(supplier_order_id), int(line_no))
        query = query.where(tuple_(_LINE.supplier_order_id, _LINE.line_no) > last)
    return [OrderLineAnswer.model_validate(row) for row in await connection.execute(query)]


async def _known(connection: AsyncConnection, comparable_group: str) -> bool:
    there = select(_LINE.line_no).where(_LINE.comparable_group == comparable_group).exists()
    return bool(await connection.scalar(select(there)))
