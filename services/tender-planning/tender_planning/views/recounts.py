"""The live cells beside a recount from the lines they were made of."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

_AMOUNTS = ("ordered_net", "accepted_net", "refused_net", "cancelled_net", "reduced_net")
_CLASS = "CASE WHEN cpv ~ '^[0-9]{4}' THEN left(cpv, 4) || '0000' ELSE '00000000' END"
_UNIT = "CASE WHEN min(order_unit) = max(order_unit) THEN min(order_unit) END AS order_unit"
_QUANTITY = "CASE WHEN min(order_unit) = max(order_unit) THEN sum(quantity) END AS quantity"


class Difference(BaseModel):
    """A cell whose live figures are not those of its lines; a side that is missing is null."""

    model_config = ConfigDict(frozen=True)

    table: str
    key: str
    member_id: str
    month: date
    live: dict[str, Any] | None
    recounted: dict[str, Any] | None


class Recount(BaseModel):
    """What a recount found."""

    model_config = ConfigDict(frozen=True)

    lines: int
    cells: int
    group_cells: int
    differences: list[Difference]


def _compare(table: str, key: str, source: str, more: dict[str, str]) -> TextClause:
    figures = ("orders", "lines", *_AMOUNTS, *more)
    live, counted = (
        f"CASE WHEN {side}.month IS NOT NULL THEN json_build_object("
        + ", ".join(f"'{name}', CAST({side}.{name} AS text)" for name in figures)
        + ") END"
        for side in ("live", "counted")
    )
    sums = ", ".join(f"sum({name}) AS {name}" for name in _AMOUNTS)
    differ = " OR ".join(f"live.{name} IS DISTINCT FROM counted.{name}" for name in figures)
    return text(f"""
        WITH counted AS (
            SELECT {source} AS {key}, member_id, month,
                   count(DISTINCT supplier_order_id) AS orders, count(*) AS lines, {sums}
                   {"".join(f", {expression}" for expression in more.values())}
              FROM order_line GROUP BY 1, 2, 3
        )
        SELECT '{table}' AS "table", {key} AS key, CAST(member_id AS text) AS member_id, month,
               {live} AS live, {counted} AS recounted
          FROM {table} AS live FULL JOIN counted USING ({key}, member_id, month)
         WHERE {differ} ORDER BY 2, 3, 4
    """)


_CLASSES = _compare("demand", "cpv_class", _CLASS, {})
_GROUPS = _compare(
    "group_demand",
    "comparable_group",
    "comparable_group",
    {"order_unit": _UNIT, "quantity": _QUANTITY},
)
_SIZES = text("""
    SELECT (SELECT count(*) FROM order_line) AS lines, (SELECT count(*) FROM demand) AS cells,
           (SELECT count(*) FROM group_demand) AS group_cells
""")


async def recount(connection: AsyncConnection) -> Recount:
    """Every cell that is not what its lines add up to; each table in one statement, so that
    consumers at work meanwhile make no difference.
    """
    found = [
        Difference.model_validate(dict(row))
        for query in (_CLASSES, _GROUPS)
        for row in (await connection.execute(query)).mappings()
    ]
    sizes = (await connection.execute(_SIZES)).one()
    return Recount(
        lines=sizes.lines,
        cells=sizes.cells,
        group_cells=sizes.group_cells,
        differences=found,
    )
