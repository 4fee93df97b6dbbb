"""Needs as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from marktbund import statements
from marktbund.contracts.routes import Estimate
from marktbund.statements import Clause, Values, inserting, row_of
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.domain.limits import Need, require_need
from orders.awarding.store.tables import need as table
from orders.ground.store.locks import HELD

# In the order of the domain's Need.
_NEED = """
    SELECT need_id, member_id, title, contract_kind, estimate, status, ordered_net, position,
           version
      FROM need WHERE need_id = :need_id AND member_id = :member_id
"""
_SAVE = """
    UPDATE need SET status = :need_status, ordered_net = :need_ordered_net,
                    position = :need_position, version = :need_version
     WHERE need_id = :saved_need_id
"""


def asked_need(need_id: UUID, member_id: UUID) -> Clause:
    """The question for a member's need as it stands; its sum is not held."""
    return Clause("need", row_of(_NEED), {"need_id": need_id, "member_id": member_id})


def need_of(row: Sequence[Any] | None) -> Need | None:
    """A need from its columns; None where the member has none."""
    if row is None:
        return None
    need_id, member_id, title, contract_kind, estimate, *moving = row
    kept = Estimate.model_validate(estimate)
    return Need(need_id, member_id, title, contract_kind, kept, *moving)


def holding(need_id: UUID, member_id: UUID) -> Clause:
    """The lock of a member's need; shows it as it is then. Held before any pot: its sum is part of
    what is decided.
    """
    values = {"need_id": need_id, "member_id": member_id}
    shown = row_of("SELECT * FROM held_need")
    return Clause("held_need", f"{_NEED} AND {{first}} FOR UPDATE", values, shown)


async def load(uow: UnitOfWork, need_id: UUID, member_id: UUID) -> Need:
    """A member's need, locked. Raises NotFound (`need_unknown`), also for another member's."""
    held = await statements.hold(uow.connection, HELD, holding(need_id, member_id))
    return require_need(need_of(getattr(held, "held_need", None)))


def adding(need: Need, at: datetime) -> tuple[Clause, ...]:
    """The write that keeps a new need."""
    row = {
        "need_id": need.need_id,
        "member_id": need.member_id,
        "title": need.title,
        "contract_kind": need.contract_kind,
        "estimate": need.estimate.model_dump(mode="json"),
        "recorded_at": at,
        **_moving(need),
    }
    return inserting(table, [row])


def saving(need: Need) -> tuple[Clause, ...]:
    """The write that keeps a changed need; its row was locked when it was loaded."""
    values = {f"need_{name}": value for name, value in _moving(need).items()}
    return (Clause("saved_need", _SAVE, {"saved_need_id": need.need_id, **values}),)


async def add(uow: UnitOfWork, need: Need) -> None:
    """Keep a new need."""
    await statements.write(uow.connection, *adding(need, uow.business_now))


async def save(uow: UnitOfWork, need: Need) -> None:
    """Keep a changed need; its row was locked when it was loaded."""
    await statements.write(uow.connection, *saving(need))


def _moving(need: Need) -> Values:
    return {
        "status": need.status,
        "ordered_net": need.ordered_net,
        "position": need.position,
        "version": need.version,
    }
