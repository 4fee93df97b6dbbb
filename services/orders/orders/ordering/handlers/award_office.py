"""The member's award office: offers it obtained, releases with reason, results of procedures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.auth import Actor
from marktbund.clock import business_date
from marktbund.contracts.orders import AwardBasis
from marktbund.contracts.routes import KeptOffer, Release
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.face import ports as awarding
from orders.awarding.face.values import Routed
from orders.ground.domain.articles import Article, require_quoted
from orders.ground.store import buyers
from orders.ordering.commands.deciding import RecordAward, RecordOffers, ReleaseOrder
from orders.ordering.domain.approvals import Progress
from orders.ordering.domain.lines import Wanted, documents_of_offers, freeze
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.handlers import placing
from orders.ordering.handlers.looking_again import judge_again
from orders.ordering.handlers.turning_down import turn_back
from orders.ordering.store import attachments, spot_orders, supplier_orders


async def record_offers(
    order_id: UUID, command: RecordOffers, actor: Actor, uow: UnitOfWork
) -> Progress:
    """Record who was asked and who answered; the order goes on, or back if what it rests on does
    not hold any more. Raises Conflict (`offers_insufficient`, `order_state`).
    """
    order = await spot_orders.load(uow, order_id, actor.member_id)
    order.after("go_on")
    decision = (await awarding.latest_decision(uow, order_id)).decision
    offers = [
        KeptOffer(kind="asked" if offer.net_total is None else "received", **offer.model_dump())
        for offer in command.offers
    ]
    require_quoted(offers, business_date(uow.business_now), "offers")
    await attachments.require(uow, order.member_id, documents_of_offers(offers, "offers"))
    gone_on, news = order.take_offers(decision, offers, actor.person_id)
    uow.announce(*news)
    before = await awarding.offers_of(uow, order_id)
    await awarding.add_offers(uow, order_id, offers, after=len(before))
    inputs = decision.inputs.model_copy(update={"offers_obtained": True})
    kept = decision.model_copy(update={"inputs": inputs})
    again, reasons = await judge_again(gone_on, kept, uow)
    if again is None or reasons:
        by = actor.person_id
        return await turn_back(order, gone_on, decision, "offers", by, reasons, uow)
    return Progress(await placing.go_on(order, gone_on, again, "offers", uow))


async def release_order(
    order_id: UUID, command: ReleaseOrder, actor: Actor, uow: UnitOfWork
) -> Progress:
    """Let a draft or an order waiting for offers go another way, with the reason for the file; the
    latter goes back if what it rests on does not hold any more.
    """
    order = await spot_orders.load(uow, order_id, actor.member_id)
    given = Release(code=command.code, reason=command.reason, released_by=actor.person_id)
    released, news = order.release_by(given)
    uow.announce(*news)
    if released.status == "draft":
        await spot_orders.save(uow, released, loaded_version=order.version)
        return Progress(released)
    decision = (await awarding.latest_decision(uow, order_id)).decision
    again, reasons = await judge_again(released, decision, uow)
    if again is None or reasons:
        by = actor.person_id
        return await turn_back(order, released, decision, "release", by, reasons, uow)
    return Progress(await placing.go_on(order, released, again, "release", uow))


async def record_award(
    order_id: UUID, command: RecordAward, actor: Actor, uow: UnitOfWork
) -> SpotOrder:
    """Place the result of a procedure as an order of its own, resting on the one handed over.

    No limit applies to it and nothing is added up: it was awarded in a procedure. Raises Conflict
    (`order_state`) unless the order is handed over, and what stands against an order today.
    """
    order = await spot_orders.load(uow, order_id, actor.member_id)
    await buyers.load(uow, order.member_id, order.terms.unit_id)
    result_id, at = new_id(), uow.business_now
    basis = AwardBasis(
        handed_over_order_id=order_id,
        procedure=command.procedure,
        file_reference=command.file_reference,
    )
    awarded, news = order.award(result_id, basis)
    today = business_date(at)
    lines = freeze(*await _awarded(order, command, today, uow), today)
    result = SpotOrder(
        order_id=result_id,
        member_id=order.member_id,
        acting_member_id=actor.acting_member_id,
        requester_id=actor.person_id,
        reference=order.reference,
        order_kind="award_result",
        terms=replace(order.terms, quotes=()),
        basis=basis,
    )
    submitted, sent = result.submit(lines, actor.person_id, at, new_id, Routed(order.need_id))
    approved, passed = submitted.approve()
    placed, shares, split = approved.place(at)
    await spot_orders.save(uow, awarded, loaded_version=order.version)
    await spot_orders.add(uow, placed)
    await supplier_orders.add(uow, shares)
    uow.announce(*news, *sent, *passed, *split)
    return placed


async def _awarded(
    order: SpotOrder, command: RecordAward, today: date, uow: UnitOfWork
) -> tuple[list[Wanted], dict[UUID, Article]]:
    before = {line.article_id: Wanted.again(line) for line in order.lines}
    wanted = [
        replace(
            before.get(line.article_id) or Wanted(line.article_id, line.quantity),
            quantity=line.quantity,
            requested_delivery_date=line.requested_delivery_date,
        )
        for line in command.lines
    ] or [_still_wanted(Wanted.again(line), today) for line in order.lines]
    current = await spot_orders.load_articles(uow, wanted)
    for line in command.lines:
        known = current.get(line.article_id)
        if known is not None and line.unit_price_net is not None:
            current[line.article_id] = _negotiated(known, line.unit_price_net)
    return wanted, current


def _negotiated(article: Article, unit_price_net: Decimal) -> Article:
    # What the procedure settled stands above the price list, its minimum and interval included.
    return replace(
        article,
        unit_price_net=unit_price_net,
        minimum_quantity=None,
        quantity_interval=None,
    )


def _still_wanted(wanted: Wanted, today: date) -> Wanted:
    # The procedure took its time: what was wanted for a day gone by is wanted at once.
    day = wanted.requested_delivery_date
    return replace(wanted, requested_delivery_date=day and max(day, today))
