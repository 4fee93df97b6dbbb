"""Spot orders as rows, and the articles their lines name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue, TypeAdapter
from sqlalchemy import delete, select, update

from marktbund import statements
from marktbund.contracts.base import Part
from marktbund.contracts.order_details import AccountAssignment
from marktbund.contracts.orders import AwardBasis, OrderLine
from marktbund.contracts.routes import Release
from marktbund.errors import Conflict, NotFound
from marktbund.statements import Answers, Clause, Values, inserting, rows_of
from marktbund.unit_of_work import UnitOfWork
from orders.ground.domain.articles import Article
from orders.ground.store.replicas import ARTICLES
from orders.ordering.domain.lines import FreeText, Wanted
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.terms import OrderTerms
from orders.ordering.store.tables import order_line, spot_order, wanted_line

_TERMS = TypeAdapter(OrderTerms)
_FREE_TEXT = TypeAdapter(FreeText)


async def load(uow: UnitOfWork, order_id: UUID, member_id: UUID) -> SpotOrder:
    """A member's order, locked. Raises NotFound (`order_unknown`), also for another member's."""
    query = (
        select(spot_order)
        .where(spot_order.c.order_id == order_id, spot_order.c.member_id == member_id)
        .with_for_update()
    )
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("order_unknown", "Diese Bestellung gibt es nicht", field="order_id")
    lines, shares = await _lines(uow, order_id)
    return SpotOrder(
        order_id=row.order_id,
        member_id=row.member_id,
        acting_member_id=row.acting_member_id,
        requester_id=row.requester_id,
        reference=row.reference,
        status=row.status,
        wanted=await _wanted(uow, order_id),
        lines=lines,
        supplier_order_ids=shares,
        version=row.version,
        submitted_at=row.submitted_at,
        placed_at=row.placed_at,
        order_kind=row.order_kind,
        agreement_id=row.agreement_id,
        need_id=row.need_id,
        terms=_TERMS.validate_python(row.terms),
        release=Release.model_validate(row.release) if row.release else None,
        basis=AwardBasis.model_validate(row.basis) if row.basis else None,
    )


async def _wanted(uow: UnitOfWork, order_id: UUID) -> tuple[Wanted, ...]:
    query = select(wanted_line).where(wanted_line.c.order_id == order_id)
    rows = await uow.connection.execute(query.order_by(wanted_line.c.line_no))
    return tuple(
        Wanted(
            row.article_id,
            row.quantity,
            row.requested_delivery_date,
            _FREE_TEXT.validate_python(row.free_text) if row.free_text else None,
            AccountAssignment.model_validate(row.account) if row.account else None,
        )
        for row in rows
    )


async def lines_of(uow: UnitOfWork, order_id: UUID) -> tuple[OrderLine, ...]:
    """An order's lines as sent off."""
    return (await _lines(uow, order_id))[0]


async def _lines(
    uow: UnitOfWork, order_id: UUID
) -> tuple[tuple[OrderLine, ...], tuple[tuple[UUID, UUID], ...]]:
    query = select(order_line).where(order_line.c.order_id == order_id)
    rows = (await uow.connection.execute(query.order_by(order_line.c.line_no))).all()
    lines = tuple(OrderLine.model_validate(row, from_attributes=True) for row in rows)
    shares = dict.fromkeys((row.supplier_id, row.supplier_order_id) for row in rows)
    return lines, tuple(shares)


def adding(
    order: SpotOrder, at: datetime, pots: Mapping[int, UUID] | None = None
) -> tuple[Clause, ...]:
    """The writes that keep a new order, whatever state it has reached; `pots`: line number ->
    where it counts.
    """
    row = {
        "order_id": order.order_id,
        "member_id": order.member_id,
        "acting_member_id": order.acting_member_id,
        "created_at": at,
        "order_kind": order.order_kind,
        "agreement_id": order.agreement_id,
        "basis": order.basis.model_dump(mode="json") if order.basis else None,
        **_written(order),
        **_moving(order),
    }
    wanted = [
        {
            "order_id": order.order_id,
            "line_no": position,
            "article_id": wanted.article_id,
            "quantity": wanted.quantity,
            "requested_delivery_date": wanted.requested_delivery_date,
            "free_text": _FREE_TEXT.dump_python(wanted.free_text, mode="json")
            if wanted.free_text
            else None,
            "account": _json(wanted.account),
        }
        for position, wanted in enumerate(order.wanted, start=1)
    ]
    return (
        *inserting(spot_order, [row]),
        *inserting(wanted_line, wanted),
        *inserting(order_line, _line_rows(order, pots or {})),
    )


async def add(uow: UnitOfWork, order: SpotOrder, pots: Mapping[int, UUID] | None = None) -> None:
    """Keep a new order, whatever state it has reached; `pots`: line number -> where it counts."""
    await statements.write(uow.connection, *adding(order, uow.business_now, pots))


async def save(
    uow: UnitOfWork,
    order: SpotOrder,
    *,
    loaded_version: int,
    pots: Mapping[int, UUID] | None = None,
) -> None:
    """Keep a changed order. Raises Conflict (`changed_meanwhile`)."""
    condition = spot_order.c.order_id == order.order_id
    before = spot_order.c.version == loaded_version
    values = {**_moving(order), **(_written(order) if loaded_version == 0 else {})}
    result = await uow.connection.execute(
        update(spot_order).where(condition, before).values(values)
    )
    if result.rowcount != 1:
        raise Conflict("changed_meanwhile", "Inzwischen geändert", way_out="Bitte neu laden.")
    if loaded_version == 0 and order.lines:
        await uow.connection.execute(
            delete(wanted_line).where(wanted_line.c.order_id == order.order_id)
        )
        lines = inserting(order_line, _line_rows(order, pots or {}))
        await statements.write(uow.connection, *lines)


def _line_rows(order: SpotOrder, pots: Mapping[int, UUID]) -> Sequence[Values]:
    shares = dict(order.supplier_order_ids)
    return [
        line.model_dump()
        | {
            "order_id": order.order_id,
            "supplier_order_id": shares[line.supplier_id],
            "pot_id": pots.get(line.line_no),
            "quote": _json(line.quote),
            "account": _json(line.account),
        }
        for line in order.lines
    ]


def _written(order: SpotOrder) -> Values:
    return {
        "requester_id": order.requester_id,
        "reference": order.reference,
        "terms": _TERMS.dump_python(order.terms, mode="json", exclude_defaults=True),
    }


def _json(part: Part | None) -> JsonValue:
    return part.model_dump(mode="json") if part else None


def _moving(order: SpotOrder) -> Values:
    return {
        "status": order.status,
        "version": order.version,
        "net_total": order.net_total,
        "submitted_at": order.submitted_at,
        "placed_at": order.placed_at,
        "need_id": order.need_id,
        "release": order.release.model_dump(mode="json") if order.release else None,
    }


_QUOTING = """
    SELECT supplier_id, name, status = 'active' AS sells FROM supplier
     WHERE supplier_id = ANY(:quoting_ids)
"""


def asked_articles(wanted: Iterable[Wanted]) -> tuple[Clause, ...]:
    """The questions for what is wanted: articles, and suppliers of what is quoted in words."""
    described = [line.free_text.supplier_id for line in wanted if line.free_text is not None]
    ids = sorted({line.article_id for line in wanted if line.free_text is None})
    articles = Clause("articles", rows_of(ARTICLES), {"article_ids": ids})
    if not described:
        return (articles,)
    ids = sorted(set(described))
    return articles, Clause("quoting", rows_of(_QUOTING), {"quoting_ids": ids})


def articles_of(row: Answers, wanted: Iterable[Wanted]) -> dict[UUID, Article]:
    """The known ones of these articles; withdrawn ones and silent suppliers' not orderable. Free
    text is an article of its own, orderable while its supplier may sell.
    """
    known = {columns[0]: Article(*columns) for columns in row.articles}
    sells = {supplier_id: sells for supplier_id, _, sells in getattr(row, "quoting", ())}
    described = {
        line.article_id: line.free_text.article(
            line.article_id, orderable=sells.get(line.free_text.supplier_id, False)
        )
        for line in wanted
        if line.free_text is not None
    }
    return known | described


def names_of(row: Answers) -> dict[UUID, str]:
    """Names of the suppliers of what is quoted in words."""
    return {supplier_id: name for supplier_id, name, _ in getattr(row, "quoting", ())}


async def load_articles(uow: UnitOfWork, wanted: Sequence[Wanted]) -> dict[UUID, Article]:
    """What `articles_of` knows, asked for alone."""
    row = await statements.ask(uow.connection, *asked_articles(wanted))
    return articles_of(row, wanted)
