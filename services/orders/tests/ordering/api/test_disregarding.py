"""A supplier's word that cannot be changes nothing, says so in an event, and parks nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from marktbund.clock import business_date, now
from marktbund.contracts.supplier_gateway import (
    DespatchAdvised,
    DespatchLine,
    OrderResponseReceived,
    ResponseLine,
)
from marktbund.ids import new_id

_LAST = text("""
    SELECT type, convert_from(payload, 'UTF8')::jsonb AS event FROM outbox
     WHERE aggregatetype = 'supplier-order' ORDER BY seq DESC LIMIT 1
""")


@pytest.fixture
async def shared(desk) -> dict[str, Any]:
    """A supplier order of 10 packs at 12.50, placed today, as news about it share it."""
    order = await desk.ordered((desk.paper, "10"))
    (share,) = await desk.shares(order["order_id"])
    return share


async def last_news(desk) -> tuple[str, dict[str, Any]]:
    await desk.doors.database.flush(desk.uow)
    row = (await desk.uow.connection.execute(_LAST)).one()
    return row.type.split(".")[-2], row.event


async def standing(desk, shared: dict[str, Any]) -> tuple[str, list[Any]]:
    shown = (await desk.get(f"/orders/{shared['order_id']}")).json()
    (share,) = shown["supplier_orders"]
    return share["status"], [(line["decision"], line["promised_date"]) for line in shown["lines"]]


@pytest.mark.parametrize("days", [-1, 1])
async def test_goods_sent_before_the_order_or_in_the_future(desk, shared, days: int):
    on = business_date(now()) + timedelta(days=days)
    lines = (DespatchLine(line_no=1, quantity=5),)
    advised = DespatchAdvised(despatch_id=new_id(), despatched_on=on, lines=lines, **shared)
    await desk.market.tell(advised)
    kind, event = await last_news(desk)
    assert (kind, event["document"]) == ("AnswerDisregarded", "despatch")
    assert (event["reason"], event["version"]) == ("day_out_of_bounds", 2)
    assert event["response_id"] == str(advised.despatch_id)
    assert await standing(desk, shared) == ("placed", [("open", None)])


@pytest.mark.parametrize(
    ("quantity", "days", "reason"),
    [("10", -1, "day_out_of_bounds"), ("9.5", 0, "quantity_not_whole")],
)
async def test_an_answer_that_cannot_be(desk, shared, quantity: str, days: int, reason: str):
    line = ResponseLine(
        line_no=1,
        decision="changed",
        quantity=quantity,
        unit_price_net="12.50",
        promised_date=business_date(now()) + timedelta(days=days),
    )
    await desk.market.tell(OrderResponseReceived(response_id=new_id(), lines=(line,), **shared))
    kind, event = await last_news(desk)
    assert (kind, event["document"], event["reason"]) == ("AnswerDisregarded", "answer", reason)
    assert await standing(desk, shared) == ("placed", [("open", None)])
    await desk.market.answer(shared, (1, "accepted", "10", "12.50"))
    kind, event = await last_news(desk)
    assert (kind, event["version"]) == ("SupplierOrderAnswered", 3)
