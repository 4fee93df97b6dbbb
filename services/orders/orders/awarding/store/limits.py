"""Pots: what a contracting authority ordered of a class, by day, and the ledger behind it.

Pots are locked in one order for everybody: needs, then pots by key, then ceilings, then budgets.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from marktbund import statements
from marktbund.contracts.routes import ClassSum, WindowSum
from marktbund.contracts.rule_sets import ContractKind
from marktbund.statements import Clause, rows_of
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.domain.limits import Need, Share, with_windows

Windows = Mapping[int, date]
"""Months -> the day after which a window of that length begins, the longest first."""

_PLACES = """
    unnest(CAST(:pots AS uuid[]), CAST(:classes AS text[]), CAST(:nets AS numeric[]))
        AS w (pot_id, cpv_class, net)
"""
_LOCK = f"""
    INSERT INTO limit_pot AS p (pot_id, contract_kind, cpv_class, position)
    SELECT w.pot_id, :kind, w.cpv_class, 0 FROM {_PLACES} WHERE {{first}}
     ORDER BY w.pot_id, w.cpv_class
    ON CONFLICT (pot_id, contract_kind, cpv_class) DO UPDATE SET position = p.position
    RETURNING 1
"""
_SUMS = f"""
    SELECT w.pot_id, w.cpv_class, coalesce(p.position, 0) AS position, p.last_order_id,
           ARRAY(SELECT coalesce(sum(d.net), 0)
                   FROM unnest(CAST(:afters AS date[])) WITH ORDINALITY AS f (after, place)
                   LEFT JOIN limit_day AS d
                     ON d.pot_id = w.pot_id AND d.contract_kind = :kind
                    AND d.cpv_class = w.cpv_class AND d.day > f.after
                  GROUP BY f.place ORDER BY f.place) AS before_nets
      FROM {_PLACES}
      LEFT JOIN limit_pot AS p
        ON p.pot_id = w.pot_id AND p.contract_kind = :kind AND p.cpv_class = w.cpv_class
     ORDER BY w.pot_id, w.cpv_class
"""
# The rows of a pot are written after its own row: what a statement's parts lock, and when, is
# fixed only by what reads what.
_POT = f"""
    INSERT INTO limit_pot AS p (pot_id, contract_kind, cpv_class, position, last_order_id)
    SELECT w.pot_id, :kind, w.cpv_class, 1, :order_id FROM {_PLACES}
     ORDER BY w.pot_id, w.cpv_class
    ON CONFLICT (pot_id, contract_kind, cpv_class) DO UPDATE
       SET position = p.position + 1, last_order_id = excluded.last_order_id
    RETURNING pot_id, cpv_class, position
"""
_MOVED = f"""
    INSERT INTO limit_movement (pot_id, contract_kind, cpv_class, position, order_id, need_id,
                                need_position, day, net)
    SELECT pot_id, :kind, cpv_class, position, :order_id, :booked_need_id, :booked_need_position,
           :day, w.net
      FROM pot JOIN {_PLACES} USING (pot_id, cpv_class)
"""
_BOOKED = f"""
    INSERT INTO limit_day AS d (pot_id, contract_kind, cpv_class, day, net)
    SELECT pot_id, :kind, cpv_class, :day, w.net FROM pot JOIN {_PLACES} USING (pot_id, cpv_class)
    ON CONFLICT (pot_id, contract_kind, cpv_class, day) DO UPDATE SET net = d.net + excluded.net
"""
_GIVEN_BACK = f"""
    UPDATE limit_day AS d SET net = d.net + w.net
      FROM pot JOIN {_PLACES} USING (pot_id, cpv_class)
     WHERE d.pot_id = pot.pot_id AND d.contract_kind = :kind AND d.cpv_class = pot.cpv_class
       AND d.day = :day
"""
_OF_ORDER = text("""
    SELECT pot_id, contract_kind, cpv_class, min(day) AS day, sum(net) AS net
      FROM limit_movement WHERE order_id = :order_id GROUP BY pot_id, contract_kind, cpv_class
    HAVING sum(net) <> 0
""")
_BOOKING = text("""
    SELECT need_id, min(day) AS day FROM limit_movement WHERE order_id = :order_id GROUP BY need_id
""")
_PLACES_OF = text("""
    SELECT line_no, pot_id, left(cpv, 4) AS cpv_class FROM order_line
     WHERE order_id = :order_id AND supplier_order_id = :supplier_order_id AND pot_id IS NOT NULL
""")
_OF_LINES = text("""
    SELECT pot_id, left(cpv, 4) AS cpv_class, sum(net_amount) AS net FROM order_line
     WHERE order_id = :order_id AND supplier_order_id = ANY(:shares) AND pot_id IS NOT NULL
     GROUP BY pot_id, left(cpv, 4)
""")
_BOUND = text("""
    SELECT EXISTS (SELECT FROM supplier_order_line JOIN supplier_order USING (supplier_order_id)
                    WHERE order_id = :order_id AND decision NOT IN ('refused', 'cancelled'))
""")
_LEDGER = text("""
    SELECT coalesce(sum(net), 0) FROM limit_movement
     WHERE pot_id = :pot_id AND contract_kind = :kind AND cpv_class = :cpv_class
       AND position <= :position AND day > :after AND order_id <> :order_id
""")
_NEED_LEDGER = text("""
    SELECT coalesce(sum(net), 0) FROM limit_movement
     WHERE need_id = :need_id AND need_position <= :position AND order_id <> :order_id
""")


async def of_ledger(
    uow: UnitOfWork, order_id: UUID, kind: ContractKind, sums: Sequence[ClassSum], windows: Windows
) -> tuple[ClassSum, ...]:
    """The same sums as the ledger has them at their positions, this order's bookings left out."""
    known = []
    for asked in sums:
        values = {
            "pot_id": asked.pot_id,
            "kind": kind,
            "cpv_class": asked.cpv_class,
            "position": asked.position,
            "order_id": order_id,
        }
        before = {
            months: await uow.connection.scalar(_LEDGER, values | {"after": after})
            for months, after in windows.items()
        }
        known.append(with_windows(asked, before))
    return tuple(known)


async def need_of_ledger(uow: UnitOfWork, order_id: UUID, need_id: UUID, position: int) -> Decimal:
    """What was ordered for a need up to a position, this order left out, net EUR."""
    values = {"need_id": need_id, "position": position, "order_id": order_id}
    ordered: Decimal = await uow.connection.scalar(_NEED_LEDGER, values)
    return ordered


def locking(kind: ContractKind, shares: Sequence[Share]) -> Clause:
    """The write that holds the pots until the commit, so that two carts never see one room."""
    return Clause("pots", _LOCK, {"kind": kind, **_places(shares)})


def asked_sums(kind: ContractKind, shares: Sequence[Share], windows: Windows) -> Clause:
    """The question for what was ordered within each window, per class and pot; later days count
    too, as the clocks of two requests may differ by one.
    """
    asked = {"kind": kind, "afters": list(windows.values()), **_places(shares)}
    return Clause("sums", rows_of(_SUMS), asked)


def sums_of(
    rows: Sequence[Sequence[Any]], shares: Sequence[Share], windows: Windows
) -> tuple[ClassSum, ...]:
    """Each share's sums."""
    by_place = {(pot_id, cpv_class): known for pot_id, cpv_class, *known in rows}
    return tuple(_sum(share, by_place[share.pot_id, share.cpv_class], windows) for share in shares)


def _sum(share: Share, known: Sequence[Any], windows: Windows) -> ClassSum:
    position, last_order_id, before_nets = known
    before = dict(zip(windows, before_nets, strict=True))
    return ClassSum(
        cpv_class=share.cpv_class,
        pot_id=share.pot_id,
        before_net=before[max(before)],
        ordered_net=share.net,
        position=position,
        last_order_id=last_order_id,
        windows=tuple(WindowSum(months=months, before_net=net) for months, net in before.items()),
    )


def booking(order_id: UUID, need: Need, day: date, shares: Sequence[Share]) -> tuple[Clause, ...]:
    """The writes that add an order's shares to their pots; `need` as it is with this order."""
    return _moving(_BOOKED, order_id, need, day, shares)


async def give_back(
    uow: UnitOfWork, order_id: UUID, need: Need, day: date, shares: Sequence[Share]
) -> None:
    """Take shares, as negative amounts, out of their pots on the day they were booked."""
    await statements.write(uow.connection, *_moving(_GIVEN_BACK, order_id, need, day, shares))


def _moving(
    days: str, order_id: UUID, need: Need, day: date, shares: Sequence[Share]
) -> tuple[Clause, ...]:
    values = {
        "kind": need.contract_kind,
        "order_id": order_id,
        "booked_need_id": need.need_id,
        "booked_need_position": need.position,
        "day": day,
        **_places(shares),
    }
    return (
        Clause("pot", _POT, values),
        Clause("moved", _MOVED, values),
        Clause("days", days, values),
    )


async def booked(uow: UnitOfWork, order_id: UUID) -> tuple[date | None, tuple[Share, ...]]:
    """What of an order stands in its pots, and on which day."""
    rows = (await uow.connection.execute(_OF_ORDER, {"order_id": order_id})).all()
    shares = tuple(Share(row.cpv_class, row.pot_id, row.net) for row in rows)
    return (rows[0].day if rows else None), shares


async def booking_of(uow: UnitOfWork, order_id: UUID) -> tuple[UUID, date] | None:
    """The need an order was booked for and the day it counts on; None where it was not."""
    row = (await uow.connection.execute(_BOOKING, {"order_id": order_id})).one_or_none()
    return (row.need_id, row.day) if row else None


async def places_of(
    uow: UnitOfWork, order_id: UUID, supplier_order_id: UUID
) -> dict[int, tuple[UUID, str]]:
    """Line number -> pot and class it counts in, of one supplier order."""
    values = {"order_id": order_id, "supplier_order_id": supplier_order_id}
    rows = await uow.connection.execute(_PLACES_OF, values)
    return {row.line_no: (row.pot_id, row.cpv_class) for row in rows}


async def any_bound(uow: UnitOfWork, order_id: UUID) -> bool:
    """Whether any line of an order may still be delivered."""
    return bool(await uow.connection.scalar(_BOUND, {"order_id": order_id}))


async def booked_of(
    uow: UnitOfWork, order_id: UUID, supplier_order_ids: Sequence[UUID]
) -> tuple[Share, ...]:
    """What of some supplier orders' lines stands in pots; side costs stay with the order."""
    values = {"order_id": order_id, "shares": list(supplier_order_ids)}
    rows = await uow.connection.execute(_OF_LINES, values)
    return tuple(Share(row.cpv_class, row.pot_id, row.net) for row in rows)


def _places(shares: Sequence[Share]) -> dict[str, list[UUID] | list[str] | list[Decimal]]:
    return {
        "pots": [share.pot_id for share in shares],
        "classes": [share.cpv_class for share in shares],
        "nets": [share.net for share in shares],
    }
