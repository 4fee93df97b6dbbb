"""An order pushed to a supplier's own system, which fails at first: the requester sees it all."""

import json

from standardwebhooks import Webhook

from marktbund.testing.receiver import Heard, Reply, listening
from tests.market import OFFICE, Market
from tests.running import Platform, eventually

SELLER = 2


async def test_a_pushed_order_is_acknowledged_and_its_trouble_seen(
    platform: Platform, market: Market
):
    me = market.requester("a")
    works = True

    async def endpoint_of_the_supplier(_: Heard) -> Reply:
        return Reply(204 if works else 503)

    channel = f"/suppliers/{market.suppliers[SELLER]}/channel"
    async with listening(endpoint_of_the_supplier) as endpoint:
        body = {"url": f"{endpoint.url}/orders"}
        put = await platform.call("PUT", "supplier-gateway", channel, sub=OFFICE, json=body)
        assert put.status_code == 200, put.text
        await eventually(lambda: _unheard(platform, market), lambda count: count == 0, 60)
        works = False
        line = {"article_id": market.articles[SELLER][0], "quantity": "1"}
        placed = await platform.call("POST", "orders", "/orders", json={"lines": [line]}, **me)
        order = placed.json()["order_id"]
        path = f"/orders/{order}"

        async def share() -> dict:
            shown = await platform.call("GET", "orders", path, **me)
            return shown.json()["supplier_orders"][0]

        seen = await eventually(share, lambda shown: shown["delivery_trouble"], 60)
        [trouble] = seen["delivery_trouble"]
        assert (seen["status"], trouble["document"]) == ("placed", "order")
        assert (trouble["state"], trouble["reason"]) == ("failing", "server_error")
        works = True
        done = await eventually(share, lambda shown: shown["status"] == "acknowledged", 60)
        assert done["delivery_trouble"] == []
    secret = put.json()["secret"]
    heard = [request for request in endpoint.heard if _order_of(request, secret) == order]
    ids = {json.loads(request.body)["data"]["delivery_id"] for request in heard}
    assert {request.headers["webhook-id"] for request in heard} == ids
    assert len(ids) == 1
    await _file_tells_it(platform, market, order)
    removed = await platform.call("DELETE", "supplier-gateway", channel, sub=OFFICE)
    assert removed.status_code == 204


async def _unheard(platform: Platform, market: Market) -> int:
    """How many documents wait for the supplier: orders of other tests are pushed as well."""
    query = "SELECT count(*) FROM delivery WHERE supplier_id = '{}' AND acknowledged_at IS NULL"
    return int(
        (await platform.rows("supplier-gateway", query.format(market.suppliers[SELLER])))[0][0]
    )


def _order_of(heard: Heard, secret: str) -> str:
    """Whose order a signed message carries: what other tests left waiting is pushed as well."""
    message = Webhook(secret).verify(heard.body, dict(heard.headers))
    return str(message["data"]["order_id"])


async def _file_tells_it(platform: Platform, market: Market, order_id: str) -> None:
    auditor = {"sub": "auditor-a", "member": market.members["a"]}

    async def types() -> list[str]:
        answer = await platform.call("GET", "documentation", f"/orders/{order_id}/file", **auditor)
        filed = answer.json().get("records", [])
        return [record["type"].split(".")[2] for record in filed]

    wanted = {"DeliveryQueued", "DeliveryFailed", "DeliveryAcknowledged"}
    await eventually(types, lambda filed: wanted <= set(filed), 60)
