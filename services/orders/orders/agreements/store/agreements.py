"""Agreements as rows: the terms as documents, and tables to find them by article and member."""

from datetime import date
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Select, delete, insert, select, text, update

from marktbund.contracts.agreements import (
    AGREEMENT_STATE,
    AgreementLot,
    AgreementState,
    Entitlement,
)
from marktbund.errors import Invalid, NotFound
from marktbund.feeds import StateFeed
from marktbund.statements import Answers, Value, Values
from marktbund.unit_of_work import UnitOfWork
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.changes import Change
from orders.agreements.domain.numbers import drawn_number
from orders.agreements.domain.terms import Terms
from orders.agreements.store.tables import agreement, agreement_entitlement, agreement_position

_ENTITLED = TypeAdapter(tuple[Entitlement, ...])
_LOTS = TypeAdapter(tuple[AgreementLot, ...])
_CHANGES = TypeAdapter(tuple[Change, ...])
_POSITION = {"position_no", "comparable_group", "article_id", "unit_price_net"}
_NEXT_NUMBER = text("SELECT nextval('agreement_number')")
_TAKEN = text("SELECT EXISTS (SELECT FROM agreement WHERE number = :number)")


def _state(row: Answers) -> AgreementState:
    return AgreementState(
        version=row.version,
        agreement_id=row.agreement_id,
        tender_id=row.tender_id,
        number=row.number,
        title=row.title,
        binding=row.binding,
        status=row.status,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        later_members=row.later_members,
        entitled=_ENTITLED.validate_python(row.entitled),
        lots=_LOTS.validate_python(row.lots),
    )


FEEDS = (StateFeed(agreement, "agreement_id", AGREEMENT_STATE, _state),)


async def next_number(uow: UnitOfWork, today: date) -> str:
    """A number nobody has yet: RV-2026-0017. One typed by hand in the days when that was allowed
    is passed over.
    """
    while True:
        number = drawn_number(today, await uow.connection.scalar(_NEXT_NUMBER))
        if not await uow.connection.scalar(_TAKEN, {"number": number}):
            return number


async def load(uow: UnitOfWork, agreement_id: UUID) -> Agreement:
    """An agreement as it stands, not locked. Raises NotFound (`agreement_unknown`)."""
    return await _load(uow, select(agreement).where(agreement.c.agreement_id == agreement_id))


async def load_locked(uow: UnitOfWork, agreement_id: UUID) -> Agreement:
    """An agreement to be changed. Raises NotFound (`agreement_unknown`).

    Locked without its key: a call-off that enters a member's first consumption refers to the row
    while it holds a ceiling, and must not wait for whoever wants that ceiling.
    """
    query = select(agreement).where(agreement.c.agreement_id == agreement_id)
    return await _load(uow, query.with_for_update(key_share=True))


async def _load(uow: UnitOfWork, query: Select[*tuple[Value, ...]]) -> Agreement:
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound(
            "agreement_unknown", "Diesen Rahmenvertrag gibt es nicht", field="agreement_id"
        )
    terms = Terms(
        title=row.title,
        binding=row.binding,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        later_members=row.later_members,
        entitled=_ENTITLED.validate_python(row.entitled),
        lots=_LOTS.validate_python(row.lots),
    )
    return Agreement(
        agreement_id=row.agreement_id,
        tender_id=row.tender_id,
        number=row.number,
        terms=terms,
        drafted_by=row.drafted_by,
        status=row.status,
        changes=_CHANGES.validate_python(row.changes),
        version=row.version,
        announced=row.announced,
    )


async def of_tender(uow: UnitOfWork, tender_id: UUID) -> UUID | None:
    """The agreement drafted from a tender."""
    query = select(agreement.c.agreement_id).where(agreement.c.tender_id == tender_id)
    agreement_id: UUID | None = await uow.connection.scalar(query)
    return agreement_id


async def due(uow: UnitOfWork, today: date, limit: int) -> list[UUID]:
    """Agreements that time alone changes by today, the earliest first."""
    query = select(agreement.c.agreement_id).where(agreement.c.next_due <= today)
    query = query.order_by(agreement.c.next_due, agreement.c.agreement_id).limit(limit)
    return list((await uow.connection.scalars(query)).all())


async def add(uow: UnitOfWork, made: Agreement) -> None:
    """Keep a new agreement. Raises Invalid (`agreement_number_taken`)."""
    taken = select(agreement.c.number).where(agreement.c.number == made.number)
    if await uow.connection.scalar(taken) is not None:
        raise Invalid("agreement_number_taken", "Diese Nummer ist vergeben", field="number")
    identity = {
        "agreement_id": made.agreement_id,
        "tender_id": made.tender_id,
        "number": made.number,
    }
    await uow.connection.execute(insert(agreement).values(**identity, **_moving(made)))
    await _find_again(uow, made)


async def save(uow: UnitOfWork, changed: Agreement) -> None:
    """Keep a changed agreement; its row is locked by `load_locked`."""
    same = agreement.c.agreement_id == changed.agreement_id
    await uow.connection.execute(update(agreement).where(same).values(_moving(changed)))
    for table in (agreement_position, agreement_entitlement):
        mine = table.c.agreement_id == changed.agreement_id
        await uow.connection.execute(delete(table).where(mine))
    await _find_again(uow, changed)


async def _find_again(uow: UnitOfWork, kept: Agreement) -> None:
    positions = [
        position.model_dump(include=_POSITION)
        | {"agreement_id": kept.agreement_id, "lot_no": lot.lot_no, "supplier_id": lot.supplier_id}
        for lot in kept.terms.lots
        for position in lot.positions
    ]
    entitled = [
        {"agreement_id": kept.agreement_id} | entry.model_dump(exclude={"basis"})
        for entry in kept.terms.entitled
    ]
    if positions:
        await uow.connection.execute(insert(agreement_position), positions)
    if entitled:
        await uow.connection.execute(insert(agreement_entitlement), entitled)


def _moving(kept: Agreement) -> Values:
    terms = kept.terms
    return {
        "title": terms.title,
        "binding": terms.binding,
        "status": kept.status,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "later_members": terms.later_members,
        "entitled": _ENTITLED.dump_python(terms.entitled, mode="json"),
        "lots": _LOTS.dump_python(terms.lots, mode="json"),
        "changes": _CHANGES.dump_python(kept.changes, mode="json"),
        "drafted_by": kept.drafted_by,
        "next_due": kept.next_due,
        "announced": kept.announced,
        "version": kept.version,
    }
