"""Where demand is strongest: by how many members share it, how regular it is, what it is worth.

score = 100 x (0.4 x members / all members with demand
             + 0.3 x months with demand / months of the window
             + 0.3 x ln(1 + demand) / ln(1 + the largest demand))

The window runs from the first to the last month with any demand within the months asked for, so
that a single order is not "regular". Value counts by its logarithm: else one large purchase would
push everything else to zero. The weights stand in the domain.
"""

from collections.abc import Sequence

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.tender_planning import StrongArticleAnswer, StrongClassAnswer
from tender_planning.commands.demand import FindStrongest, Strength
from tender_planning.domain.demand import MEMBER_WEIGHT, REGULARITY_WEIGHT, VALUE_WEIGHT
from tender_planning.views.demand import month_of

_NAMED = """,
    (array_agg(name ORDER BY month DESC, member_id))[1] AS name,
    (array_agg(cpv ORDER BY month DESC, member_id))[1] AS cpv,
    CASE WHEN count(order_unit) = count(*) AND min(order_unit) = max(order_unit)
         THEN min(order_unit) END AS order_unit,
    CASE WHEN count(order_unit) = count(*) AND min(order_unit) = max(order_unit)
         THEN sum(quantity) END AS quantity
"""
_ORDER = {
    "score": "scored.score DESC, scored.demand_net DESC",
    "members": "scored.members DESC, scored.demand_net DESC",
    "regularity": "scored.regularity DESC, scored.demand_net DESC",
    "value": "scored.demand_net DESC",
}


def _query(table: str, key: str, by: Strength, more: str) -> TextClause:
    order = f"{_ORDER[by]}, scored.{key}"
    return text(f"""
        WITH cell AS (
            SELECT *, ordered_net - refused_net - cancelled_net - reduced_net AS wanted
              FROM {table}
             WHERE month BETWEEN coalesce(CAST(:first AS date), '-infinity')
                             AND coalesce(CAST(:last AS date), 'infinity')
        ), span AS (
            SELECT count(DISTINCT member_id) AS members_total,
                   CAST(12 * (extract(year FROM max(month)) - extract(year FROM min(month)))
                        + extract(month FROM max(month)) - extract(month FROM min(month)) + 1
                        AS int) AS months_total
              FROM cell WHERE wanted > 0
        ), strength AS (
            SELECT {key}, count(DISTINCT member_id) FILTER (WHERE wanted > 0) AS members,
                   count(DISTINCT month) FILTER (WHERE wanted > 0) AS months,
                   min(month) FILTER (WHERE wanted > 0) AS first_month,
                   max(month) FILTER (WHERE wanted > 0) AS last_month,
                   CAST(sum(orders) AS bigint) AS orders, CAST(sum(lines) AS bigint) AS lines,
                   sum(ordered_net) AS ordered_net, sum(wanted) AS demand_net {more}
              FROM cell GROUP BY {key} HAVING sum(wanted) > 0
        ), share AS (
            SELECT *, members::numeric / members_total AS member_share,
                   months::numeric / months_total AS regularity,
                   ln(1 + demand_net) / ln(1 + max(demand_net) OVER ()) AS value_share
              FROM strength CROSS JOIN span
        ), scored AS (
            SELECT *, round(100 * (:member_weight * member_share
                + :regularity_weight * regularity + :value_weight * value_share), 1) AS score
              FROM share
        )
        SELECT *, round(member_share, 4) AS member_share, round(regularity, 4) AS regularity,
               round(value_share, 4) AS value_share, row_number() OVER (ORDER BY {order}) AS rank
          FROM scored ORDER BY {order} LIMIT :limit
    """)


async def _strongest(
    connection: AsyncConnection, question: FindStrongest, table: str, key: str, more: str = ""
) -> Sequence[RowMapping]:
    rows = await connection.execute(
        _query(table, key, question.by, more),
        {
            "first": month_of(question.first) if question.first else None,
            "last": month_of(question.last) if question.last else None,
            "limit": question.limit,
            "member_weight": MEMBER_WEIGHT,
            "regularity_weight": REGULARITY_WEIGHT,
            "value_weight": VALUE_WEIGHT,
        },
    )
    return rows.mappings().all()


async def classes(connection: AsyncConnection, question: FindStrongest) -> list[StrongClassAnswer]:
    """The strongest CPV classes."""
    rows = await _strongest(connection, question, "demand", "cpv_class")
    return [StrongClassAnswer.model_validate(dict(row)) for row in rows]


async def articles(
    connection: AsyncConnection, question: FindStrongest
) -> list[StrongArticleAnswer]:
    """The strongest comparable groups."""
    rows = await _strongest(connection, question, "group_demand", "comparable_group", _NAMED)
    return [StrongArticleAnswer.model_validate(dict(row)) for row in rows]
