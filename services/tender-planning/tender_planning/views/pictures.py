"""The demand as pages draw it: heat map, Pareto, months, price spread; from cells alone."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.tender_planning import (
    HeatCellAnswer,
    HeatMapAnswer,
    MonthAnswer,
    ParetoAnswer,
    PriceAnswer,
    PriceSpreadAnswer,
)
from marktbund.errors import NotFound
from tender_planning.commands.demand import Months
from tender_planning.commands.questions import DrawHeatMap, DrawMonths, DrawPareto, DrawPrices
from tender_planning.domain.demand import NO_AGREEMENT
from tender_planning.domain.prices import Paid, spread
from tender_planning.views.demand import month_of

_WANTED = "ordered_net - refused_net - cancelled_net - reduced_net"
_WITHIN = """
    month BETWEEN coalesce(CAST(:first AS date), '-infinity')
              AND coalesce(CAST(:last AS date), 'infinity')
"""


_HEAT = text(f"""
    WITH cell AS (
        SELECT member_id, cpv_class, sum({_WANTED}) AS net FROM demand
         WHERE {_WITHIN} GROUP BY 1, 2
    ), member AS (
        SELECT member_id, row_number() OVER (ORDER BY sum(net) DESC, member_id) AS row
          FROM cell GROUP BY 1 HAVING sum(net) > 0 ORDER BY row LIMIT :members
    ), class AS (
        SELECT cpv_class, row_number() OVER (ORDER BY sum(net) DESC, cpv_class) AS col
          FROM cell GROUP BY 1 HAVING sum(net) > 0 ORDER BY col LIMIT :classes
    )
    SELECT member_id, cpv_class, net AS demand_net, row, col,
           coalesce(n.name, '') AS member_name, (SELECT sum(net) FROM cell) AS total_net
      FROM cell JOIN member USING (member_id) JOIN class USING (cpv_class)
      LEFT JOIN member_name AS n USING (member_id)
     WHERE net > 0 ORDER BY row, col
""")


async def heat_map(connection: AsyncConnection, question: DrawHeatMap) -> HeatMapAnswer:
    """Members x classes, the largest of both."""
    chosen = {
        **_months(question),
        "members": question.members,
        "classes": question.classes,
    }
    rows = (await connection.execute(_HEAT, chosen)).all()
    return HeatMapAnswer(
        members=list(dict.fromkeys(row.member_id for row in rows)),
        classes=[name for _, name in sorted({(row.col, row.cpv_class) for row in rows})],
        cells=[HeatCellAnswer.model_validate(row) for row in rows],
        shown_net=sum((row.demand_net for row in rows), Decimal("0.00")),
        total_net=rows[0].total_net if rows else Decimal("0.00"),
    )


_PARTS = {
    "classes": ("cpv_class", "''"),
    "articles": (
        "comparable_group",
        """(SELECT g.name FROM group_demand AS g WHERE g.comparable_group = part.key
             ORDER BY month DESC, member_id LIMIT 1)""",
    ),
    "members": (
        "CAST(member_id AS text)",
        "(SELECT n.name FROM member_name AS n WHERE CAST(n.member_id AS text) = part.key)",
    ),
    "suppliers": (
        "CAST(supplier_id AS text)",
        "(SELECT n.name FROM supplier_name AS n WHERE CAST(n.supplier_id AS text) = part.key)",
    ),
}
_PARETO = {
    of: text(f"""
        WITH part AS (
            SELECT {key} AS key, sum({_WANTED}) AS net FROM group_supply
             WHERE {_WITHIN}
               AND (CAST(:cpv_class AS text) IS NULL OR cpv_class = :cpv_class)
               AND (CAST(:member_id AS uuid) IS NULL OR member_id = :member_id)
             GROUP BY 1 HAVING sum({_WANTED}) > 0
        ), ranked AS (
            SELECT *, row_number() OVER largest AS rank, net / sum(net) OVER () AS share,
                   sum(net) OVER largest / sum(net) OVER () AS running
              FROM part WINDOW largest AS (ORDER BY net DESC, key ROWS UNBOUNDED PRECEDING)
        )
        SELECT rank, key, coalesce({name}, '') AS name, net AS demand_net,
               round(share, 4) AS share, round(running, 4) AS running_share
          FROM ranked AS part ORDER BY rank LIMIT :limit
    """)
    for of, (key, name) in _PARTS.items()
}


async def pareto(connection: AsyncConnection, question: DrawPareto) -> list[ParetoAnswer]:
    """The parts of the demand, largest first."""
    chosen = {
        **_months(question),
        "cpv_class": question.cpv_class,
        "member_id": question.member_id,
        "limit": question.limit,
    }
    rows = await connection.execute(_PARETO[question.of], chosen)
    return [ParetoAnswer.model_validate(row) for row in rows]


_MONTHS = text(f"""
    SELECT month, sum({_WANTED}) AS demand_net,
           coalesce(sum({_WANTED}) FILTER (WHERE agreement_id = :free), 0.00) AS free_net,
           coalesce(sum({_WANTED}) FILTER (WHERE agreement_id <> :free), 0.00) AS called_off_net,
           sum(orders) AS orders, sum(lines) AS lines
      FROM group_supply
     WHERE {_WITHIN}
       AND (CAST(:cpv_class AS text) IS NULL OR cpv_class = :cpv_class)
       AND (CAST(:member_id AS uuid) IS NULL OR member_id = :member_id)
       AND (CAST(:supplier_id AS uuid) IS NULL OR supplier_id = :supplier_id)
       AND (CAST(:grp AS text) IS NULL OR comparable_group = :grp)
     GROUP BY month ORDER BY month
""")


async def months(connection: AsyncConnection, question: DrawMonths) -> list[MonthAnswer]:
    """Demand over time. orders: supplier orders per group, so one with two groups counts twice."""
    chosen = {
        **_months(question),
        "cpv_class": question.cpv_class,
        "member_id": question.member_id,
        "supplier_id": question.supplier_id,
        "grp": question.group,
        "free": NO_AGREEMENT,
    }
    return [MonthAnswer.model_validate(row) for row in await connection.execute(_MONTHS, chosen)]


_PRICES = text(f"""
    SELECT order_unit, unit_price_net, supplier_id, month, lines, coalesce(n.name, '') AS name
      FROM group_price LEFT JOIN supplier_name AS n USING (supplier_id)
     WHERE comparable_group = :comparable_group AND {_WITHIN}
""")


async def prices(
    connection: AsyncConnection, comparable_group: str, question: DrawPrices
) -> list[PriceAnswer]:
    """The spread of the prices a group was ordered at, first of all, then of each supplier.

    Raises NotFound (`group_without_prices`).
    """
    chosen = {**_months(question), "comparable_group": comparable_group}
    rows = (await connection.execute(_PRICES, chosen)).all()
    if not rows:
        raise NotFound("group_without_prices", "Für diese Gruppe wurde kein Preis bezahlt")
    names = {row.supplier_id: row.name for row in rows}
    paid = [
        Paid(row.order_unit, row.unit_price_net, row.supplier_id, row.month, row.lines)
        for row in rows
    ]
    sellers = sorted(names, key=lambda supplier: (names[supplier], supplier))
    of_all = [_price(paid, None, "")]
    return of_all + [
        _price([price for price in paid if price.supplier_id == seller], seller, names[seller])
        for seller in sellers
    ]


def _price(paid: list[Paid], supplier_id: UUID | None, name: str) -> PriceAnswer:
    figures = PriceSpreadAnswer.model_validate(spread(paid))
    return PriceAnswer(supplier_id=supplier_id, supplier_name=name, **dict(figures))


def _months(question: Months) -> Mapping[str, date | None]:
    first, last = question.first, question.last
    return {"first": month_of(first) if first else None, "last": month_of(last) if last else None}
