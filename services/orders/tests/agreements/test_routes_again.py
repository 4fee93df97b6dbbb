"""An order that waited is judged again: a route that refuses sends it back, nothing stays stuck."""

from typing import Any

import pytest

from marktbund.contracts.rule_sets import RouteLimit
from marktbund.ids import new_id

NOON = "2026-05-04T12:00:00+02:00"
OFFERS = [
    {"supplier_name": "Papier Nord GmbH"},
    {"supplier_name": "Papier Süd GmbH", "net_total": "700.00"},
]
RELEASE = {"code": "urgency", "reason": "Hochwasser"}
WAYS = {
    "approval": ("approver", "20", "submitted"),
    "offers": ("award_office", "60", "awaiting_offers"),
    "release": ("award_office", "60", "awaiting_offers"),
}


async def _waiting(desk: Any, quantity: str) -> dict[str, Any]:
    await desk.market.rules(
        desk.member_id,
        RouteLimit(route="direct", up_to_net=500),
        RouteLimit(route="request", up_to_net=5000, offers_asked=2, offers_received=1),
    )
    body = desk.basket((desk.paper, quantity))
    answer = await desk.post("/orders", body, Business_Time=NOON)
    order: dict[str, Any] = answer.json()
    return order


async def _let_go_on(desk: Any, order_id: str, way: str) -> Any:
    seen = (await desk.get(f"/orders/{order_id}")).json()["content_sha256"]
    bodies = {
        "approval": {"verdict": "approve", "content_sha256": seen},
        "offers": {"offers": OFFERS},
        "release": RELEASE,
    }
    headers = dict(await desk.doors.account((WAYS[way][0], desk.member_id)))
    headers |= {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    headers |= {"Business-Time": NOON}
    path = f"/orders/{order_id}/{way}"
    return await desk.doors.client.post(path, json=bodies[way], headers=headers)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("binding", "code"), [("exclusive", "use_agreement"), ("open", "reason_missing")]
)
async def test_an_agreement_that_came_meanwhile_sends_the_order_back_with_the_reason(
    desk, office, way, binding, code
):
    _, quantity, status = WAYS[way]
    order = await _waiting(desk, quantity)
    assert order["status"] == status
    await office.in_force(binding=binding)
    answer = await _let_go_on(desk, order["order_id"], way)
    assert (answer.status_code, answer.json()["status"]) == (201, "sent_back"), answer.text
    (against,) = answer.json()["hindrances"]
    assert against["code"] == code
    assert "Rahmenvertrag" in against["detail"]
    assert against["way_out"]
    known = (await desk.get(f"/orders/{answer.json()['draft_order_id']}/circumstances")).json()
    assert known["returned"]["hindrances"] == [against]
    assert against["way_out"] in known["returned"]["comment"]
    sums = "SELECT (SELECT sum(net) FROM limit_day), (SELECT sum(ordered_net) FROM need)"
    assert tuple((await desk.uow.connection.exec_driver_sql(sums)).one()) == (0, 0)
    repeated = await _let_go_on(desk, order["order_id"], way)
    assert repeated.json()["code"] in {"order_state", "content_changed"}


async def test_its_draft_goes_on_once_the_reason_is_given(desk, office):
    order = await _waiting(desk, "20")
    await office.in_force(binding="open")
    back = (await _let_go_on(desk, order["order_id"], "approval")).json()
    path = f"/orders/{back['draft_order_id']}/submission"
    body = desk.basket((desk.paper, "20"), reason_beside_agreement="Farbe fehlt im Vertrag")
    sent = await desk.post(path, body, Business_Time=NOON)
    assert (sent.status_code, sent.json()["status"]) == (201, "submitted"), sent.text
    assert (await _let_go_on(desk, back["draft_order_id"], "approval")).json()["status"] == "placed"
