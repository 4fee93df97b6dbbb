"""The cores of all classes, read from the cells of one window: never from the lines themselves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from tender_planning.domain.assortments import CORE_MEMBERS, CORE_MONTHS, LARGEST_CORE
from tender_planning.domain.demand import NO_AGREEMENT
from tender_planning.domain.evidence import CoreGroup, DemandShare, Evidence, MonthDemand, Window
from tender_planning.domain.prices import Paid, PriceSpread, spread

_SPAN = text("SELECT min(month) AS first, max(month) AS last FROM group_supply")
# Groups that are out to tender, or under an agreement, belong to no proposal.
_CORE = """
    WITH cell AS MATERIALIZED (
        SELECT *, ordered_net - refused_net - cancelled_net - reduced_net AS wanted
          FROM group_supply
         WHERE month BETWEEN :first AND :last AND agreement_id = :free
    ), taken AS (
        SELECT comparable_group FROM tender_group JOIN tender USING (tender_id)
          LEFT JOIN agreement USING (tender_id)
         WHERE tender.status = 'open'
            OR (tender.status = 'awarded' AND tender.ends_on >= :last
                AND agreement.status IS DISTINCT FROM 'ended')
        UNION
        SELECT unnest(comparable_groups) FROM agreement
         WHERE status IN ('confirmed', 'in_force')
    ), wanted AS (
        SELECT cpv_class, comparable_group, sum(wanted) AS net,
               count(DISTINCT member_id) AS members, count(DISTINCT month) AS months,
               count(DISTINCT supplier_id) AS suppliers
          FROM cell WHERE wanted > 0 AND comparable_group NOT IN (SELECT * FROM taken)
         GROUP BY 1, 2 HAVING count(DISTINCT member_id) >= :core_members
                          AND count(DISTINCT month) >= :core_months
    ), core AS (
        SELECT * FROM (
            SELECT *, row_number() OVER (PARTITION BY cpv_class
                                         ORDER BY net DESC, comparable_group) AS place
              FROM wanted) AS placed
         WHERE place <= :largest_core
    )
"""
_SHARES = text(f"""
    {_CORE}
    SELECT cpv_class, member_id, supplier_id, month, sum(wanted) AS net
      FROM cell JOIN core USING (cpv_class, comparable_group)
     GROUP BY GROUPING SETS ((cpv_class, member_id), (cpv_class, supplier_id), (cpv_class, month))
    HAVING sum(wanted) > 0
     ORDER BY cpv_class, net DESC, member_id, supplier_id, month
""")
_GROUPS = text(f"""
    {_CORE}, counted AS (
        SELECT cpv_class, comparable_group, place, net, members, months, suppliers,
               sum(lines) AS lines,
               CASE WHEN count(order_unit) = count(*) AND min(order_unit) = max(order_unit)
                    THEN min(order_unit) END AS order_unit,
               coalesce(sum(quantity) FILTER (WHERE month < :middle), 0) AS before,
               coalesce(sum(quantity) FILTER (WHERE month >= :middle), 0) AS lately
          FROM cell JOIN core USING (cpv_class, comparable_group)
         GROUP BY cpv_class, comparable_group, place, net, members, months, suppliers
    )
    SELECT counted.*, named.name, named.cpv
      FROM counted CROSS JOIN LATERAL (
           SELECT name, cpv FROM group_demand AS g
            WHERE g.comparable_group = counted.comparable_group
            ORDER BY (left(g.cpv, 4) || '0000' = counted.cpv_class) DESC, month DESC, member_id
            LIMIT 1) AS named
     ORDER BY cpv_class, place
""")
_PRICES = text("""
    SELECT comparable_group, order_unit, unit_price_net, supplier_id, month, lines
      FROM group_price
     WHERE month BETWEEN :first AND :last AND comparable_group = ANY(CAST(:groups AS text[]))
""")
_CLASSES = text("""
    SELECT cpv_class, sum(ordered_net - refused_net - cancelled_net - reduced_net) AS net
      FROM group_supply
     WHERE month BETWEEN :first AND :last AND agreement_id = :free
     GROUP BY cpv_class
""")


async def newest_window(connection: AsyncConnection) -> Window | None:
    """The months to look at, up to the last with any demand; None before the first order."""
    row = (await connection.execute(_SPAN)).one()
    return None if row.last is None else Window.until(row.first, row.last)


async def cores(connection: AsyncConnection, window: Window) -> list[Evidence]:
    """Every class that has a core within the window, by class."""
    months = {"first": window.first, "last": window.last, "free": NO_AGREEMENT}
    chosen = {
        **months,
        "core_members": CORE_MEMBERS,
        "core_months": CORE_MONTHS,
        "largest_core": LARGEST_CORE,
    }
    parameters = {**chosen, "middle": window.middle}
    groups = (await connection.execute(_GROUPS, parameters)).mappings().all()
    names = sorted({row["comparable_group"] for row in groups})
    prices = await spreads(connection, names, window)
    shares = (await connection.execute(_SHARES, chosen)).mappings().all()
    whole = {row.cpv_class: row.net for row in await connection.execute(_CLASSES, months)}
    return _assembled(window, groups, shares, prices, whole)


async def spreads(
    connection: AsyncConnection, groups: list[str], window: Window
) -> Mapping[str, PriceSpread]:
    """Comparable group -> the spread of the prices paid in a window, for those that have any."""
    months = {"first": window.first, "last": window.last}
    rows = await connection.execute(_PRICES, {"groups": groups, **months})
    paid: dict[str, list[Paid]] = defaultdict(list)
    for row in rows:
        price = Paid(row.order_unit, row.unit_price_net, row.supplier_id, row.month, row.lines)
        paid[row.comparable_group].append(price)
    spread_by_group = {group: spread(prices) for group, prices in paid.items()}
    return {group: prices for group, prices in spread_by_group.items() if prices is not None}


def _assembled(
    window: Window,
    groups: Sequence[RowMapping],
    shares: Sequence[RowMapping],
    prices: Mapping[str, PriceSpread],
    whole: Mapping[str, Decimal],
) -> list[Evidence]:
    core: dict[str, list[CoreGroup]] = defaultdict(list)
    for row in groups:
        core[row["cpv_class"]].append(_group(row, prices.get(row["comparable_group"])))
    members: dict[str, list[DemandShare]] = defaultdict(list)
    suppliers: dict[str, list[DemandShare]] = defaultdict(list)
    months: dict[str, list[MonthDemand]] = defaultdict(list)
    for row in shares:
        of_class, net = row["cpv_class"], row["net"]
        if row["member_id"] is not None:
            members[of_class].append(DemandShare(row["member_id"], net))
        elif row["supplier_id"] is not None:
            suppliers[of_class].append(DemandShare(row["supplier_id"], net))
        else:
            months[of_class].append(MonthDemand(row["month"], net))
    return [
        Evidence(
            cpv_class=cpv_class,
            window=window,
            members=members[cpv_class],
            suppliers=suppliers[cpv_class],
            months=sorted(months[cpv_class], key=lambda demand: demand.month),
            groups=core[cpv_class],
            class_net=whole[cpv_class],
        )
        for cpv_class in sorted(core)
    ]


def _group(row: RowMapping, prices: PriceSpread | None) -> CoreGroup:
    measured = row["order_unit"] is not None
    return CoreGroup(
        comparable_group=row["comparable_group"],
        name=row["name"],
        cpv=row["cpv"],
        members=row["members"],
        months=row["months"],
        suppliers=row["suppliers"],
        lines=int(row["lines"]),
        demand_net=row["net"],
        order_unit=row["order_unit"],
        quantity_before=row["before"] if measured else None,
        quantity_lately=row["lately"] if measured else None,
        prices=prices,
    )
