"""The ceiling ledger as rows. Locked in one order for everybody: lot by lot, first the ceiling of
all members, then the member's; after needs and limits, before budgets.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import TextClause, text

from marktbund.contracts.agreements import CeilingEntry
from marktbund.statements import Answers, Values
from marktbund.unit_of_work import UnitOfWork
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.ceilings import Draw, Standing
from orders.agreements.domain.reasons import refused

Standings = dict[tuple[int, UUID | None], Standing]

_OF_MEMBER = text("""
    SELECT * FROM agreement_ceiling
     WHERE agreement_id = :agreement_id AND lot_no = ANY(:lots)
       AND (member_id IS NULL OR member_id = :member_id)
""")
_ALL_LOCKED = text("""
    SELECT * FROM agreement_ceiling WHERE agreement_id = :agreement_id
     ORDER BY lot_no, member_id NULLS FIRST FOR UPDATE
""")
_ONE_LOCKED = text("""
    SELECT * FROM agreement_ceiling
     WHERE agreement_id = :agreement_id AND lot_no = :lot_no
       AND member_id IS NOT DISTINCT FROM :member_id
       FOR UPDATE
""")
_LIMIT = text("""
    INSERT INTO agreement_ceiling
           (agreement_id, lot_no, member_id, limit_value_net, limit_quantity)
    VALUES (:agreement_id, :lot_no, :member_id, :limit_value_net, :limit_quantity)
    ON CONFLICT ON CONSTRAINT agreement_ceiling_place DO UPDATE
       SET limit_value_net = excluded.limit_value_net, limit_quantity = excluded.limit_quantity
""")
# Inserted only while the ceiling of all members is held: two first call-offs of one member cannot
# meet here.
_OPEN = text("""
    INSERT INTO agreement_ceiling (agreement_id, lot_no, member_id)
    VALUES (:agreement_id, :lot_no, :member_id) ON CONFLICT DO NOTHING
""")
_MOVE = """
    WITH moved AS (
        UPDATE agreement_ceiling
           SET used_value_net = used_value_net + CAST(:value_net AS numeric),
               used_quantity = used_quantity + CAST(:quantity AS numeric)
         WHERE agreement_id = :agreement_id AND lot_no = :lot_no AND {whose}
           AND used_value_net + CAST(:value_net AS numeric)
               <= coalesce(limit_value_net, 'infinity')
           AND used_quantity + CAST(:quantity AS numeric) <= coalesce(limit_quantity, 'infinity')
        RETURNING ceiling_id, used_value_net, used_quantity)
    INSERT INTO ceiling_entry (ceiling_id, order_id, value_net, quantity,
                               used_value_net, used_quantity, booked_at)
    SELECT ceiling_id, :order_id, CAST(:value_net AS numeric), CAST(:quantity AS numeric),
           used_value_net, used_quantity, :booked_at
      FROM moved
    RETURNING entry_no, value_net, quantity, used_value_net, used_quantity
"""
_MOVE_OF_ALL = text(_MOVE.format(whose="member_id IS NULL"))
_MOVE_OF_MEMBER = text(_MOVE.format(whose="member_id = :member_id"))


async def standings(
    uow: UnitOfWork, agreement_id: UUID, lots: Iterable[int], member_id: UUID
) -> Standings:
    """What is taken of a member's ceilings, whole and its own, not locked."""
    rows = await uow.connection.execute(
        _OF_MEMBER,
        {"agreement_id": agreement_id, "lots": list(set(lots)), "member_id": member_id},
    )
    return _by_place(rows)


async def lock_all(uow: UnitOfWork, agreement_id: UUID) -> Standings:
    """Every ceiling of an agreement, held until the commit: before limits change."""
    return _by_place(await uow.connection.execute(_ALL_LOCKED, {"agreement_id": agreement_id}))


async def set_limits(uow: UnitOfWork, agreement: Agreement) -> None:
    """Make the terms' ceilings those of the ledger; what was taken stays."""
    rows = [
        {
            "agreement_id": agreement.agreement_id,
            "lot_no": lot.lot_no,
            "member_id": ceiling.member_id,
            "limit_value_net": ceiling.value_net,
            "limit_quantity": ceiling.quantity,
        }
        for lot in sorted(agreement.terms.lots, key=lambda lot: lot.lot_no)
        for ceiling in sorted(lot.ceilings, key=lambda limit: str(limit.member_id or ""))
    ]
    await uow.connection.execute(_LIMIT, rows)


async def move(
    uow: UnitOfWork, agreement_id: UUID, member_id: UUID, order_id: UUID, draws: Sequence[Draw]
) -> tuple[CeilingEntry, ...]:
    """Take draws, or give back what is below 0, of the ceilings of all and of the member.

    Raises Conflict (`call_off_refused`) when one has no room; then nothing is kept.
    """
    entries = []
    for draw in sorted(draws, key=lambda draw: draw.lot_no):
        for whose, statement in ((None, _MOVE_OF_ALL), (member_id, _MOVE_OF_MEMBER)):
            values: Values = {
                "agreement_id": agreement_id,
                "lot_no": draw.lot_no,
                "member_id": whose,
                "order_id": order_id,
                "value_net": draw.value_net,
                "quantity": draw.quantity,
                "booked_at": uow.business_now,
            }
            row = await _moved(uow, statement, values, draw)
            entries.append(
                CeilingEntry(lot_no=draw.lot_no, member_id=whose, **row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
            )
    return tuple(entries)


async def release(
    uow: UnitOfWork, agreement_id: UUID, member_id: UUID, order_id: UUID, freed: Sequence[Draw]
) -> tuple[CeilingEntry, ...]:
    """Give back what draws took, in the same order of locks."""
    back = [Draw(draw.lot_no, -draw.value_net, -draw.quantity) for draw in freed]
    return await move(uow, agreement_id, member_id, order_id, back)


async def _moved(uow: UnitOfWork, statement: TextClause, values: Values, draw: Draw) -> Answers:
    row = (await uow.connection.execute(statement, values)).one_or_none()
    if row is not None:
        return row
    await uow.connection.execute(_OPEN, values)
    # Held now: where room was given back in between, the second try succeeds for sure.
    held = (await uow.connection.execute(_ONE_LOCKED, values)).one()
    reasons = _standing(held).refusals(draw)
    if reasons:
        raise refused(reasons)
    return (await uow.connection.execute(statement, values)).one()


def _by_place(rows: Iterable[Answers]) -> Standings:
    return {(row.lot_no, row.member_id): _standing(row) for row in rows}


def _standing(row: Answers) -> Standing:
    return Standing(
        row.lot_no,
        row.member_id,
        row.limit_value_net,
        row.limit_quantity,
        row.used_value_net,
        row.used_quantity,
    )
