"""The live cells beside a recount from the lines they were made of."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from tender_planning.domain.demand import NO_AGREEMENT

_AMOUNTS = ("ordered_net", "accepted_net", "refused_net", "cancelled_net", "reduced_net")
_CLASS = "CASE WHEN cpv ~ '^[0-9]{4}' THEN left(cpv, 4) || '0000' ELSE '00000000' END"
_ONE_UNIT = "CASE WHEN min(order_unit) = max(order_unit) THEN"
_COUNTED = {
    "orders": "count(DISTINCT supplier_order_id)",
    "lines": "count(*)",
    **{name: f"sum({name})" for name in _AMOUNTS},
}
_MEASURED = {
    **_COUNTED,
    "order_unit": f"{_ONE_UNIT} min(order_unit) END",
    "quantity": f"{_ONE_UNIT} sum(quantity) END",
}


class CellDifference(BaseModel):
    """A cell whose live figures are not those of its lines; a side that is missing is null."""

    model_config = ConfigDict(frozen=True)

    table: str
    cell: dict[str, str]
    live: dict[str, str | None] | None
    recounted: dict[str, str | None] | None


class Recount(BaseModel):
    """What a recount found. Cells: by class; by group; by group and supplier; prices paid."""

    model_config = ConfigDict(frozen=True)

    lines: int
    cells: int
    group_cells: int
    supply_cells: int
    price_cells: int
    differences: list[CellDifference]


def _compare(
    table: str, key: Mapping[str, str], figures: Mapping[str, str], only: str = "true"
) -> TextClause:
    """key, figures: column of the table -> how the lines give it. only: which lines count."""
    live, counted = (
        f"CASE WHEN {side}.month IS NOT NULL THEN json_build_object("
        + ", ".join(f"'{name}', CAST({side}.{name} AS text)" for name in figures)
        + ") END"
        for side in ("live", "counted")
    )
    differ = " OR ".join(f"live.{name} IS DISTINCT FROM counted.{name}" for name in figures)
    places = ", ".join(f"'{name}', CAST({name} AS text)" for name in key)
    columns = {**key, **figures}
    return text(f"""
        WITH counted AS (
            SELECT {", ".join(f"{source} AS {name}" for name, source in columns.items())}
              FROM order_line WHERE {only}
             GROUP BY {", ".join(str(column_no) for column_no in range(1, len(key) + 1))}
        )
        SELECT '{table}' AS "table", json_build_object({places}) AS cell,
               {live} AS live, {counted} AS recounted
          FROM {table} AS live FULL JOIN counted USING ({", ".join(key)})
         WHERE {differ} ORDER BY {", ".join(key)}
    """)


_OF_GROUP = {"comparable_group": "comparable_group"}
_MEMBER_MONTH = {"member_id": "member_id", "month": "month"}
_SUPPLIER = {"supplier_id": "supplier_id"}
_COMPARISONS = (
    _compare("demand", {"cpv_class": _CLASS, **_MEMBER_MONTH}, _COUNTED),
    _compare("group_demand", {**_OF_GROUP, **_MEMBER_MONTH}, _MEASURED),
    _compare(
        "group_supply",
        {
            **_OF_GROUP,
            "cpv_class": _CLASS,
            **_MEMBER_MONTH,
            **_SUPPLIER,
            "agreement_id": "agreement_id",
        },
        _MEASURED,
    ),
    _compare(
        "group_price",
        {
            **_OF_GROUP,
            "order_unit": "order_unit",
            "unit_price_net": "unit_price_net",
            **_SUPPLIER,
            "month": "month",
        },
        {"lines": "count(*)", "quantity": "sum(quantity)"},
        f"agreement_id = '{NO_AGREEMENT}'",
    ),
)
_SIZES = text("""
    SELECT (SELECT count(*) FROM order_line) AS lines, (SELECT count(*) FROM demand) AS cells,
           (SELECT count(*) FROM group_demand) AS group_cells,
           (SELECT count(*) FROM group_supply) AS supply_cells,
           (SELECT count(*) FROM group_price) AS price_cells
""")


async def recount(connection: AsyncConnection) -> Recount:
    """Every cell that is not what its lines add up to; each table in one statement, so that
    consumers at work meanwhile make no difference.
    """
    differences = [
        CellDifference.model_validate(dict(row))
        for query in _COMPARISONS
        for row in (await connection.execute(query)).mappings()
    ]
    sizes = (await connection.execute(_SIZES)).one()
    return Recount.model_validate({**sizes._mapping, "differences": differences})  # noqa: SLF001 - public
