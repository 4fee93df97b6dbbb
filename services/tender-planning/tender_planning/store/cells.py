"""Cells of the demand as rows: what a batch gains is added in two round trips per table.

First the cells that are new are made, empty, then all are locked and added to, both in key
order. Made first, because a row that only takes away would not pass the cell's own checks as the
proposed row of an upsert. Consumers of other partitions meet in the same cells; they cannot
deadlock: new cells are waited for in key order and before anything is locked, locks are taken in
key order, and the demand table is done with before the group table is begun.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import TextClause, text

from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain import ClassCell, Gain, GroupCell, GroupGain

_GAIN = """
    CAST(:member_id AS uuid[]), CAST(:month AS date[]), CAST(:orders AS bigint[]),
    CAST(:lines AS bigint[]), CAST(:ordered AS numeric[]), CAST(:accepted AS numeric[]),
    CAST(:refused AS numeric[]), CAST(:cancelled AS numeric[]), CAST(:reduced AS numeric[])
"""
_GAIN_NAMES = "member_id, month, orders, lines, ordered, accepted, refused, cancelled, reduced"
_ADDED = """
    orders = cell.orders + gain.orders, lines = cell.lines + gain.lines,
    ordered_net = cell.ordered_net + gain.ordered,
    accepted_net = cell.accepted_net + gain.accepted,
    refused_net = cell.refused_net + gain.refused,
    cancelled_net = cell.cancelled_net + gain.cancelled,
    reduced_net = cell.reduced_net + gain.reduced
"""
_MAKE_DEMAND = text("""
    INSERT INTO demand (cpv_class, member_id, month)
    SELECT * FROM unnest(CAST(:cpv_class AS text[]), CAST(:member_id AS uuid[]),
                         CAST(:month AS date[]))
    ON CONFLICT DO NOTHING
""")
_ADD_DEMAND = text(f"""
    WITH gain AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:cpv_class AS text[]), {_GAIN}) AS g(cpv_class, {_GAIN_NAMES})
    ), held AS MATERIALIZED (
        SELECT gain.* FROM gain JOIN demand AS cell USING (cpv_class, member_id, month)
         ORDER BY cpv_class, member_id, month FOR UPDATE OF cell
    )
    UPDATE demand AS cell SET {_ADDED}
      FROM held AS gain
     WHERE cell.cpv_class = gain.cpv_class AND cell.member_id = gain.member_id
       AND cell.month = gain.month
""")
_MAKE_GROUPS = text("""
    INSERT INTO group_demand
        (comparable_group, member_id, month, name, cpv, order_unit, quantity)
    SELECT grp, member_id, month, name, cpv, order_unit,
           CASE WHEN order_unit IS NOT NULL THEN 0 END
      FROM unnest(CAST(:comparable_group AS text[]), CAST(:member_id AS uuid[]),
                  CAST(:month AS date[]), CAST(:name AS text[]), CAST(:cpv AS text[]),
                  CAST(:order_unit AS text[])) AS g(grp, member_id, month, name, cpv, order_unit)
    ON CONFLICT DO NOTHING
""")
# Outcomes alone (lines = 0) say nothing about name, unit and quantity.
_ADD_GROUPS = text(f"""
    WITH gain AS MATERIALIZED (
        SELECT * FROM unnest(
            CAST(:comparable_group AS text[]), {_GAIN}, CAST(:name AS text[]),
            CAST(:cpv AS text[]), CAST(:order_unit AS text[]), CAST(:quantity AS numeric[]))
            AS g(comparable_group, {_GAIN_NAMES}, name, cpv, order_unit, quantity)
    ), held AS MATERIALIZED (
        SELECT gain.* FROM gain JOIN group_demand AS cell USING (comparable_group, member_id, month)
         ORDER BY comparable_group, member_id, month FOR UPDATE OF cell
    )
    UPDATE group_demand AS cell SET {_ADDED},
           name = CASE WHEN gain.lines = 0 THEN cell.name ELSE gain.name END,
           cpv = CASE WHEN gain.lines = 0 THEN cell.cpv ELSE gain.cpv END,
           order_unit = CASE WHEN gain.lines = 0 OR cell.order_unit = gain.order_unit
                             THEN cell.order_unit END,
           quantity = CASE WHEN gain.lines = 0 THEN cell.quantity
                           WHEN cell.order_unit = gain.order_unit
                           THEN cell.quantity + gain.quantity END
      FROM held AS gain
     WHERE cell.comparable_group = gain.comparable_group AND cell.member_id = gain.member_id
       AND cell.month = gain.month
""")


async def add_to_classes(uow: UnitOfWork, gains: Mapping[ClassCell, Gain]) -> None:
    """Add a batch to the demand by CPV class, member and month."""
    await _add(uow, "cpv_class", gains, (_MAKE_DEMAND, _ADD_DEMAND), ())


async def add_to_groups(uow: UnitOfWork, gains: Mapping[GroupCell, GroupGain]) -> None:
    """Add a batch to the demand by comparable group, member and month."""
    names = ("name", "cpv", "order_unit", "quantity")
    await _add(uow, "comparable_group", gains, (_MAKE_GROUPS, _ADD_GROUPS), names)


async def _add(
    uow: UnitOfWork,
    first_key: str,
    gains: Mapping[tuple[Any, ...], Gain],
    statements: tuple[TextClause, TextClause],
    more: tuple[str, ...],
) -> None:
    make, add = statements
    ordered = sorted(gains.items())
    placed = [(cell, gain) for cell, gain in ordered if gain.lines]
    if placed:
        names = tuple(name for name in more if name != "quantity")
        await uow.connection.execute(make, _columns(placed, first_key, names))
    if ordered:
        columns = _columns(ordered, first_key, ("orders", "lines", *more)) | {
            name: [getattr(gain.sums, name) for _, gain in ordered]
            for name in ("ordered", "accepted", "refused", "cancelled", "reduced")
        }
        if (await uow.connection.execute(add, columns)).rowcount != len(ordered):
            raise ValueError("a cell that was to change is not there")


def _columns(
    gains: list[tuple[tuple[Any, ...], Gain]], first_key: str, names: tuple[str, ...]
) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        name: [cell[position] for cell, _ in gains]
        for position, name in enumerate((first_key, "member_id", "month"))
    }
    return columns | {name: [getattr(gain, name) for _, gain in gains] for name in names}
