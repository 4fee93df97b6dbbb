"""Taking orders back over HTTP, before and after suppliers have answered."""

import pytest

from marktbund.contracts.supplier_gateway import DeliveryAcknowledged
from marktbund.ids import new_id


def cancellation(order_id: str) -> str:
    return f"/orders/{order_id}/cancellation"


async def test_before_any_answer_the_whole_order_goes(desk):
    order_id = (await desk.ordered())["order_id"]
    assert (await desk.get(f"/orders/{order_id}")).json()["cancellable"]
    answer = await desk.post(cancellation(order_id), {"reason": "ordered_by_mistake"})
    assert (answer.status_code, answer.json()["status"]) == (201, "cancelled")
    shown = (await desk.get(f"/orders/{order_id}")).json()
    assert not shown["cancellable"]
    assert {line["decision"] for line in shown["lines"]} == {"cancelled"}
    for share in shown["supplier_orders"]:
        assert (share["status"], share["cancelled_net"]) == ("cancelled", share["ordered_net"])
    assert (await desk.doors.announced())[6:] == [
        "OrderCancelled",
        "SupplierOrderCancelled",
        "SupplierOrderCancelled",
    ]


async def test_an_acknowledgement_is_no_answer_yet(desk):
    order_id = (await desk.ordered((desk.paper, "1")))["order_id"]
    (share,) = await desk.shares(order_id)
    await desk.market.tell(DeliveryAcknowledged(delivery_id=new_id(), document="order", **share))
    answer = await desk.post(cancellation(order_id), {})
    assert (answer.status_code, answer.json()["status"]) == (201, "cancelled")


async def test_what_a_supplier_has_answered_stays(desk):
    order_id = (await desk.ordered())["order_id"]
    chair, _ = await desk.shares(order_id)
    await desk.market.answer(chair, (2, "accepted", "1", "199.99"))
    assert (await desk.get(f"/orders/{order_id}")).json()["cancellable"]
    answer = await desk.post(cancellation(order_id), {"reason": "delivery_too_late"})
    assert (answer.status_code, answer.json()["status"]) == (201, "placed")
    shown = (await desk.get(f"/orders/{order_id}")).json()
    assert [line["decision"] for line in shown["lines"]] == ["cancelled", "accepted"]
    again = await desk.post(cancellation(order_id), {})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_cancel")


async def test_a_partial_answer_holds_the_whole_share(desk):
    order_id = (await desk.ordered((desk.paper, "1"), (desk.paper, "2")))["order_id"]
    (share,) = await desk.shares(order_id)
    await desk.market.answer(share, (2, "refused", "0", "0"))
    assert not (await desk.get(f"/orders/{order_id}")).json()["cancellable"]
    before = await desk.standing()
    answer = await desk.post(cancellation(order_id), {})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_cancel")
    assert answer.json()["way_out"]
    assert await desk.standing() == before


async def test_a_draft_is_discarded_without_news(desk):
    order_id = (await desk.ordered(draft=True))["order_id"]
    answer = await desk.post(cancellation(order_id), {})
    assert (answer.status_code, answer.json()["status"]) == (201, "discarded")
    assert await desk.doors.announced() == []
    sent = await desk.post(f"/orders/{order_id}/submission")
    assert (sent.status_code, sent.json()["code"]) == (409, "order_state")


async def test_a_cancelled_order_is_not_cancelled_again(desk):
    order_id = (await desk.ordered())["order_id"]
    await desk.post(cancellation(order_id), {})
    again = await desk.post(cancellation(order_id), {})
    assert (again.status_code, again.json()["code"]) == (409, "order_state")


@pytest.mark.parametrize("body", [{"reason": "bored"}, {"why": "other"}, []])
async def test_a_reason_that_is_none(desk, body: object):
    order_id = (await desk.ordered())["order_id"]
    answer = await desk.post(cancellation(order_id), body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
