"""Needs as rows."""

from uuid import UUID

from sqlalchemy import insert, select, update

from marktbund.contracts.routes import Estimate
from marktbund.errors import NotFound
from marktbund.unit_of_work import UnitOfWork
from orders.domain import Need
from orders.store.tables import need as table


async def load(uow: UnitOfWork, need_id: UUID, member_id: UUID, *, lock: bool = True) -> Need:
    """A member's need. Raises NotFound (`need_unknown`), also for another member's.

    Locked before any pot: its sum is part of what is decided.
    """
    query = select(table).where(table.c.need_id == need_id, table.c.member_id == member_id)
    if lock:
        query = query.with_for_update()
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("need_unknown", "Diesen Bedarf gibt es nicht", field="need_id")
    return Need(
        need_id=row.need_id,
        member_id=row.member_id,
        title=row.title,
        contract_kind=row.contract_kind,
        estimate=Estimate.model_validate(row.estimate),
        status=row.status,
        ordered_net=row.ordered_net,
        position=row.position,
        version=row.version,
    )


async def add(uow: UnitOfWork, need: Need) -> None:
    """Keep a new need."""
    row = {
        "need_id": need.need_id,
        "member_id": need.member_id,
        "title": need.title,
        "contract_kind": need.contract_kind,
        "estimate": need.estimate.model_dump(mode="json"),
        "recorded_at": uow.business_now,
        **_moving(need),
    }
    await uow.connection.execute(insert(table), row)


async def save(uow: UnitOfWork, need: Need) -> None:
    """Keep a changed need; its row was locked when it was loaded."""
    statement = update(table).where(table.c.need_id == need.need_id).values(_moving(need))
    await uow.connection.execute(statement)


def _moving(need: Need) -> dict[str, object]:
    return {
        "status": need.status,
        "ordered_net": need.ordered_net,
        "position": need.position,
        "version": need.version,
    }
