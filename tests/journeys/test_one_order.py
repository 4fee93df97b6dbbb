"""One spot order through all six services: search to demand, through the public APIs alone."""

from datetime import timedelta
from decimal import Decimal

from marktbund.clock import business_date, now
from tests.failures.load import Log
from tests.failures.rest import at_rest
from tests.market import Market, price
from tests.running import Platform, eventually

PROMISED = (business_date(now()) + timedelta(days=30)).isoformat()


async def _open_deliveries(platform: Platform, seller: str, order_id: str) -> list[dict]:
    answer = await platform.call("GET", "supplier-gateway", "/deliveries", sub=seller)
    assert answer.status_code == 200, answer.text
    return [delivery for delivery in answer.json() if delivery["order_id"] == order_id]


async def test_an_order_of_two_suppliers_from_search_to_demand(platform: Platform, market: Market):
    me = market.requester("a")
    assert "Kopierpapier 5" in await _names(platform, me["sub"], "Kopierpapier 5")
    await at_rest(platform, Log())  # orders of earlier tests are counted by now
    before = await _totals(platform)
    lines = [
        {"article_id": market.articles[0][0], "quantity": "10"},
        {"article_id": market.articles[0][1], "quantity": "3"},
        {"article_id": market.articles[1][0], "quantity": "4"},
    ]
    placed = await platform.call("POST", "orders", "/orders", json={"lines": lines}, **me)
    assert placed.status_code == 201, placed.text
    order = placed.json()
    total = 10 * price(0, 1) + 3 * price(0, 2) + 4 * price(1, 1)
    assert (order["status"], Decimal(order["net_total"])) == ("placed", round(total, 2))
    assert len(order["supplier_order_ids"]) == 2

    for seller, numbers in ((0, [1, 2]), (1, [3])):
        own = await eventually(
            lambda seller=seller: _open_deliveries(
                platform, market.seller(seller), order["order_id"]
            ),
            lambda deliveries: len(deliveries) == 1,
        )
        assert [line["line_no"] for line in own[0]["lines"]] == numbers
        await _answer(platform, market.seller(seller), own[0], numbers)
    assert await _open_deliveries(platform, market.seller(2), order["order_id"]) == []

    shown = await eventually(
        lambda: _order(platform, me, order["order_id"]),
        lambda shown: all(line["decision"] != "open" for line in shown["lines"]),
    )
    decisions = [line["decision"] for line in shown["lines"]]
    assert decisions == ["accepted", "changed", "refused"]
    await _file_is_complete(platform, market, order["order_id"])
    after = await eventually(
        lambda: _totals(platform), lambda sums: sums["open_net"] == before["open_net"]
    )
    ordered = Decimal(after["ordered_net"]) - Decimal(before["ordered_net"])
    assert ordered == Decimal(order["net_total"])


async def _names(platform: Platform, sub: str, words: str) -> list[str]:
    """What a search finds."""
    answer = await platform.call("GET", "catalog", f"/articles?q={words}", sub=sub)
    assert answer.status_code == 200, answer.text
    return [article["name"] for article in answer.json()["articles"]]


async def _answer(platform: Platform, seller: str, delivery: dict, numbers: list[int]) -> None:
    words = {
        1: {"decision": "accepted"},
        2: {"decision": "changed", "quantity": "2", "promised_date": PROMISED},
        3: {"decision": "refused"},
    }
    path = f"/supplier-orders/{delivery['supplier_order_id']}/responses"
    body = {"lines": [{"line_no": number} | words[number] for number in numbers]}
    answer = await platform.call("POST", "supplier-gateway", path, sub=seller, json=body)
    assert answer.status_code == 201, answer.text


async def _order(platform: Platform, me: dict[str, str], order_id: str) -> dict:
    answer = await platform.call("GET", "orders", f"/orders/{order_id}", **me)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _totals(platform: Platform) -> dict:
    answer = await platform.call("GET", "tender-planning", "/demand/totals", sub="procurement-1")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _file_is_complete(platform: Platform, market: Market, order_id: str) -> None:
    """The auditor of the member sees every step, sealed, and the chain verifies."""
    auditor = {"sub": "auditor-a", "member": market.members["a"]}

    async def types() -> list[str]:
        answer = await platform.call("GET", "documentation", f"/orders/{order_id}/file", **auditor)
        if answer.status_code != 200:
            return []
        return [record["type"].split(".")[2] for record in answer.json()["records"]]

    wanted = {"OrderSubmitted": 1, "OrderPlaced": 1, "SupplierOrderPlaced": 2}
    wanted |= {"OrderResponseReceived": 2, "SupplierOrderAnswered": 2}

    def complete(filed: list[str]) -> bool:
        return all(filed.count(name) == count for name, count in wanted.items())

    await eventually(types, complete, 60)

    async def verified() -> dict:
        answer = await platform.call("GET", "documentation", "/member/verification", **auditor)
        return answer.json()

    report = await eventually(
        verified, lambda report: bool(report.get("covered")) and not report["not_yet_covered"], 60
    )
    assert (report["unchanged"], report["findings"]) == (True, [])


async def test_another_members_order_is_not_there(platform: Platform, market: Market):
    line = {"article_id": market.articles[0][0], "quantity": "1"}
    placed = await platform.call(
        "POST", "orders", "/orders", json={"lines": [line]}, **market.requester("a")
    )
    path = f"/orders/{placed.json()['order_id']}"
    for method, where in (("GET", path), ("POST", f"{path}/cancellation")):
        body = {} if method == "GET" else {"json": {}}
        answer = await platform.call(method, "orders", where, **body, **market.requester("b"))
        assert (answer.status_code, answer.json()["code"]) == (404, "order_unknown")
    file = f"/orders/{placed.json()['order_id']}/file"
    stranger = {"sub": "auditor-b", "member": market.members["b"]}
    assert (await platform.call("GET", "documentation", file, **stranger)).status_code == 404


async def test_orders_of_one_and_of_four_hundred_lines_both_pass(
    platform: Platform, market: Market
):
    every = [article for articles in market.articles for article in articles]
    for count in (1, 400):
        lines = [{"article_id": article, "quantity": "1"} for article in every[:count]]
        answer = await platform.call(
            "POST", "orders", "/orders", json={"lines": lines}, **market.requester("b")
        )
        assert answer.status_code == 201, answer.text
        order_id = answer.json()["order_id"]

        async def delivered(order_id: str = order_id) -> int:
            arrived = 0
            for index in range(3):
                mine = await _open_deliveries(platform, market.seller(index), order_id)
                arrived += sum(len(delivery["lines"]) for delivery in mine)
            return arrived

        await eventually(delivered, lambda arrived, count=count: arrived == count)
