"""Decisions and the offers kept with an order, as rows; never changed."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from marktbund import statements
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import KeptOffer, RouteDecision
from marktbund.errors import NotFound
from marktbund.money import net_amount
from marktbund.statements import Clause, Values, inserting, rows_of
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.domain.outcomes import Comparables, Decided, KeptDecision
from orders.awarding.store.tables import approval, kept_offer, route_decision

_COMPARABLE = """
    SELECT w.line_no, w.quantity, o.supplier_id, o.name, o.article_id, o.unit_price_net, o.offers
      FROM unnest(CAST(:line_nos AS int[]), CAST(:groups AS text[]), CAST(:units AS text[]),
                  CAST(:quantities AS numeric[]))
        AS w (line_no, comparable_group, order_unit, quantity)
     CROSS JOIN LATERAL (
        SELECT c.*, count(*) OVER () AS offers
          FROM (SELECT DISTINCT ON (a.supplier_id)
                       a.supplier_id, s.name, a.article_id, a.unit_price_net
                  FROM article AS a JOIN supplier AS s USING (supplier_id)
                 WHERE a.active AND s.status = 'active'
                   AND a.comparable_group = w.comparable_group AND a.order_unit = w.order_unit
                 ORDER BY a.supplier_id, a.unit_price_net, a.article_id) AS c
         ORDER BY c.unit_price_net, c.supplier_id LIMIT :kept) AS o
     ORDER BY w.line_no, o.unit_price_net, o.supplier_id
"""
KEPT_PER_LINE = 5
"""So many of the cheapest are kept with a line; all are counted."""


def asked_comparable(lines: Sequence[OrderLine]) -> Clause:
    """The question for comparable offers, one per active supplier and in the same order unit, the
    order's own among them: the cheapest of each line at the prices of now, and how many there are.
    """
    values: Values = {
        "line_nos": [line.line_no for line in lines],
        "groups": [line.comparable_group for line in lines],
        "units": [line.order_unit for line in lines],
        "quantities": [line.quantity for line in lines],
        "kept": KEPT_PER_LINE,
    }
    return Clause("comparable", rows_of(_COMPARABLE), values)


def comparable_of(
    rows: Sequence[Sequence[Any]], lines: Sequence[OrderLine], names: Mapping[UUID, str]
) -> Comparables:
    """The fewest offers any line has, and those kept. The own offer of free text is its quote;
    names: of the suppliers of these.
    """
    quoted = _quoted(lines, names)
    counts = dict.fromkeys((line.line_no for line in lines), 0)
    counts |= {offer.line_no: 1 for offer in quoted if offer.line_no is not None}
    kept = list(quoted)
    for line_no, quantity, supplier_id, name, article_id, price, offers in rows:
        counts[line_no] = offers
        kept.append(
            KeptOffer(
                kind="catalog",
                line_no=line_no,
                supplier_id=supplier_id,
                supplier_name=name,
                article_id=article_id,
                net_total=net_amount(quantity, price),
            )
        )
    return Comparables(min(counts.values()), tuple(kept))


def _quoted(lines: Sequence[OrderLine], names: Mapping[UUID, str]) -> list[KeptOffer]:
    return [
        KeptOffer(
            kind="external",
            line_no=line.line_no,
            supplier_id=line.supplier_id,
            supplier_name=names[line.supplier_id],
            net_total=line.net_amount,
            quoted_on=line.quote.quoted_on,
            document_sha256=line.quote.document_sha256,
        )
        for line in lines
        if line.quote is not None
    ]


def adding(
    order_id: UUID,
    decision: RouteDecision,
    content: bytes,
    at: datetime,
    number: int = 1,
    occasion: str = "submission",
) -> tuple[Clause, ...]:
    """The write that keeps a decision as the order's `number`-th, with what it was made for."""
    row: Values = {
        "order_id": order_id,
        "decision_no": number,
        "occasion": occasion,
        "decided_at": at,
        "outcome": decision.outcome,
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "content": content,
        "body": decision.model_dump(mode="json"),
    }
    return inserting(route_decision, [row])


async def add(
    uow: UnitOfWork,
    order_id: UUID,
    decision: RouteDecision,
    content: bytes,
    number: int = 1,
    occasion: str = "submission",
) -> None:
    """Keep a decision as the order's `number`-th, with what it was made for."""
    parts = adding(order_id, decision, content, uow.business_now, number, occasion)
    await statements.write(uow.connection, *parts)


async def latest(uow: UnitOfWork, order_id: UUID) -> KeptDecision:
    """An order's last decision. Raises LookupError without any."""
    query = select(route_decision).where(route_decision.c.order_id == order_id)
    query = query.order_by(route_decision.c.decision_no.desc()).limit(1)
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise LookupError(f"order {order_id} has no decision")
    decision = RouteDecision.model_validate(row.body)
    return KeptDecision(row.decision_no, decision, row.content_sha256, row.content)


async def require(uow: UnitOfWork, order_id: UUID) -> KeptDecision:
    """As `latest`. Raises NotFound (`decision_unknown`)."""
    try:
        return await latest(uow, order_id)
    except LookupError:
        raise NotFound(
            "decision_unknown", "Zu dieser Bestellung gibt es keine Wertgrenzenprüfung"
        ) from None


async def add_approval(
    uow: UnitOfWork, order_id: UUID, decided: Decided, draft_order_id: UUID | None = None
) -> None:
    """Keep what an approver decided on which content, and the draft it goes on as, if any."""
    row = {
        "order_id": order_id,
        "content_sha256": decided.seen_sha256,
        "verdict": decided.verdict,
        "decided_by": decided.by,
        "comment": decided.comment,
        "decided_at": uow.business_now,
        "draft_order_id": draft_order_id,
        "occasion": decided.occasion,
        "hindrances": [hindrance.model_dump(mode="json") for hindrance in decided.hindrances],
    }
    await uow.connection.execute(insert(approval), row)


def adding_offers(
    order_id: UUID, offers: Sequence[KeptOffer], *, after: int = 0
) -> tuple[Clause, ...]:
    """The write that keeps offers with an order, numbered from `after` + 1."""
    rows = [
        offer.model_dump() | {"order_id": order_id, "offer_no": number}
        for number, offer in enumerate(offers, start=after + 1)
    ]
    return inserting(kept_offer, rows)


async def add_offers(
    uow: UnitOfWork, order_id: UUID, offers: Sequence[KeptOffer], *, after: int = 0
) -> None:
    """Keep offers with an order, numbered from `after` + 1."""
    if offers:
        await statements.write(uow.connection, *adding_offers(order_id, offers, after=after))


async def offers_of(uow: UnitOfWork, order_id: UUID) -> tuple[KeptOffer, ...]:
    """The offers kept with an order, in their order."""
    query = select(kept_offer).where(kept_offer.c.order_id == order_id)
    rows = await uow.connection.execute(query.order_by(kept_offer.c.offer_no))
    return tuple(KeptOffer.model_validate(row, from_attributes=True) for row in rows)
