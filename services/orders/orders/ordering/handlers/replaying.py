"""An order's decision made again."""

from uuid import UUID

from marktbund.auth import Actor
from marktbund.contracts.routes import DecisionReplayed
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.face import ports as awarding
from orders.ordering.store import spot_orders


async def replay_decision(order_id: UUID, actor: Actor, uow: UnitOfWork) -> DecisionReplayed:
    """Make an order's last decision again: the same, or a finding with its differences.

    Raises NotFound (`order_unknown`, `decision_unknown`).
    """
    order = await spot_orders.load(uow, order_id, actor.member_id)
    return await awarding.replay_decision(order_id, order.need_id, actor, uow)
