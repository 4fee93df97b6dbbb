"""Which orders can be taken back, as whoever looks at one is told beforehand."""

from collections.abc import Collection

from orders.ordering.domain.spot_orders import TRANSITIONS, Status


def is_cancellable(status: Status, unanswered: Collection[bool]) -> bool:
    """Whether `SpotOrder.cancel` takes back at least a part of an order.

    unanswered: of each of its supplier orders, whether that could be cancelled; none before the
    order was placed.
    """
    return "cancel" in TRANSITIONS[status] and (not unanswered or any(unanswered))
