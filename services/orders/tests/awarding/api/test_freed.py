"""What a supplier refuses or cuts leaves need and pots, so that others may order for it."""

from decimal import Decimal
from typing import Any

import pytest

from marktbund.contracts.rule_sets import RouteLimit


async def sums(desk) -> tuple[Decimal, Decimal]:
    """What stands in all pots, and in all needs."""
    query = "SELECT (SELECT sum(net) FROM limit_day), (SELECT sum(ordered_net) FROM need)"
    row = (await desk.uow.connection.exec_driver_sql(query)).one()
    return row[0], row[1]


@pytest.fixture
async def shared(desk) -> list[dict[str, Any]]:
    """1 chair (199.99) and 10 packs (12.50) of two suppliers, freight 20.00; direct to 400."""
    await desk.market.rules(desk.member_id, RouteLimit(route="direct", up_to_net=400))
    await desk.market.rules(
        desk.member_id, RouteLimit(route="direct", up_to_net=400), version=2, approval_above=1000
    )
    order = await desk.ordered((desk.chair, "1"), (desk.paper, "10"), side_costs_net="20.00")
    assert await sums(desk) == (Decimal("344.99"), Decimal("344.99"))
    return await desk.shares(order["order_id"])


@pytest.mark.parametrize(
    ("word", "left"),
    [
        ((2, "refused", "0", "0"), "219.99"),
        ((2, "changed", "4", "12.50"), "269.99"),
        ((2, "accepted", "10", "12.50"), "344.99"),
    ],
)
async def test_what_is_refused_or_cut_is_free_again(
    desk, shared, word: tuple[int, str, str, str], left: str
):
    await desk.market.answer(shared[1], word)
    assert await sums(desk) == (Decimal(left), Decimal(left))


async def test_with_the_last_line_the_freight_is_free_too(desk, shared):
    await desk.market.answer(shared[0], (1, "refused", "0", "0"))
    assert await sums(desk) == (Decimal("145.00"), Decimal("145.00"))
    await desk.market.answer(shared[1], (2, "refused", "0", "0"))
    assert await sums(desk) == (Decimal(0), Decimal(0))


async def test_one_refused_and_the_rest_cancelled_leaves_nothing(desk, shared):
    await desk.market.answer(shared[0], (1, "refused", "0", "0"))
    await desk.post(f"/orders/{shared[0]['order_id']}/cancellation", {"reason": "other"})
    assert await sums(desk) == (Decimal(0), Decimal(0))


async def test_the_room_is_there_for_the_next_order(desk, shared):
    paper = desk.basket((desk.paper, "10"))
    assert (await desk.post("/route-checks", paper)).json()["outcome"] == "hand_over"
    await desk.market.answer(shared[1], (2, "refused", "0", "0"))
    assert (await desk.post("/route-checks", paper)).json()["outcome"] == "direct"
