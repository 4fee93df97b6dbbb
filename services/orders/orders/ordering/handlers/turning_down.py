"""An order that ends before it was placed: refused, or sent back as a draft of its lines."""

from collections.abc import Sequence
from uuid import UUID

from marktbund.contracts.notices import OrderNotice
from marktbund.contracts.order_steps import Occasion
from marktbund.contracts.routes import RouteDecision
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.face import ports as awarding
from orders.awarding.face.values import Decided
from orders.ground.domain.reasons import Reason
from orders.ordering.domain import approvals
from orders.ordering.domain.approvals import Progress
from orders.ordering.domain.content import content_of, content_sha256
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.handlers import giving_back, notices
from orders.ordering.store import spot_orders


async def turn_back(
    before: SpotOrder,
    now: SpotOrder,
    decision: RouteDecision,
    occasion: Occasion,
    by: UUID,
    reasons: Sequence[Reason],
    uow: UnitOfWork,
) -> Progress:
    """Give an order back that cannot be placed any more; `before` is the order as it was loaded."""
    seen = content_sha256(content_of(now, decision))
    decided = approvals.hindered(now, by, seen, occasion, reasons)
    return await turn_down(before, now, decided, uow)


async def turn_down(
    before: SpotOrder, now: SpotOrder, decided: Decided, uow: UnitOfWork
) -> Progress:
    """End an order as decided; what it took of need, pots and ceilings is free again."""
    draft_id = None
    if decided.verdict == "refuse":
        changed, news = now.refuse(decided)
    else:
        draft_id = new_id()
        changed, draft, news = now.send_back(decided, draft_id)
        await spot_orders.add(uow, draft)
    await awarding.add_approval(uow, now.order_id, decided, draft_id)
    await spot_orders.save(uow, changed, loaded_version=before.version)
    await awarding.release(now.order_id, now.member_id, uow)
    released = await giving_back.whole_order(now, uow)
    uow.announce(*(giving_back.with_released(event, released) for event in news))
    kind: OrderNotice = "order_refused" if decided.verdict == "refuse" else "order_sent_back"
    await notices.tell_requester(kind, now, uow)
    return Progress(changed, decided.hindrances, draft_id)
