"""Needs written down before anything is ordered for them, and their end."""

from decimal import Decimal
from uuid import UUID

from marktbund.auth import Actor
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.commands import RecordNeed
from orders.domain import Need
from orders.store import buyers, needs


async def record_need(command: RecordNeed, actor: Actor, uow: UnitOfWork) -> Need:
    """Write a need down with its estimate. Raises Invalid (`estimate_missing`)."""
    await buyers.load(uow, actor.member_id)
    terms = command.terms()
    need = Need.record(new_id(), actor.member_id, terms, Decimal(0), command.contract_kind)
    await needs.add(uow, need)
    uow.announce(need.recorded(actor.person_id, uow.business_now))
    return need


async def close_need(need_id: UUID, actor: Actor, uow: UnitOfWork) -> Need:
    """Let nothing more be ordered for a need. Raises Conflict (`need_closed`)."""
    closed, news = (await needs.load(uow, need_id, actor.member_id)).close(actor.person_id)
    await needs.save(uow, closed)
    uow.announce(*news)
    return closed
