"""Free text on its way: limits, comparison, approval, sending back, award; as any other line."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import text

from marktbund.clock import business_date, now
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.ids import new_id
from marktbund.testing.documents import pdf

PDF = pdf("Angebot 4711")
QUOTED_ON = business_date(now()).isoformat()
SHA256 = hashlib.sha256(PDF).hexdigest()
OTHERS = [
    {"supplier_name": name, "net_total": "950.00", "quoted_on": QUOTED_ON}
    for name in ("Pumpen Nord", "Pumpen Süd")
]
ROUTES = {
    "direct": RouteLimit(route="direct", up_to_net=500),
    "compare": RouteLimit(route="compare", up_to_net=5000, offers_asked=3, offers_received=3),
}


class Buyer:
    """The desk's member under rules, its award office, and a pump at 450.00 in words."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.shop = ""

    async def ruled(self, *limits: RouteLimit, approval_above: int = 100_000) -> None:
        known = self.desk.member_id
        await self.desk.market.rules(known, *limits, approval_above=approval_above)
        self.shop = str(await self.desk.market.supplier(name="Pumpen Voss"))
        headers = self.desk.headers()
        await self.desk.doors.client.post("/attachments", content=PDF, headers=headers)

    def body(self, quantity: str = "2", **more: Any) -> dict[str, Any]:
        quote = {
            "supplier_id": self.shop,
            "description": "Umwälzpumpe 20 m³/h, Bronze",
            "cpv": "42122000",
            "order_unit": "H87",
            "unit_price_net": "450.00",
            "vat_rate": "19",
            "document_sha256": SHA256,
            "quoted_on": QUOTED_ON,
        }
        return {"lines": [{"quantity": quantity, "free_text": quote}], **more}

    async def act(self, role: str, path: str, body: Any) -> Any:
        account = await self.desk.doors.account((role, self.desk.member_id))
        headers = account | {"Member": str(self.desk.member_id), "Idempotency-Key": str(new_id())}
        return await self.desk.doors.client.post(path, json=body, headers=headers)


@pytest.fixture
async def buyer(desk) -> Buyer:
    return Buyer(desk)


async def test_its_own_quote_is_one_of_the_offers_compared(buyer):
    await buyer.ruled(*ROUTES.values())
    alone = await buyer.desk.post("/route-checks", buyer.body())
    assert alone.json()["refusal"] == "comparison_insufficient"
    assert alone.json()["inputs"]["offers"] == 1
    three = await buyer.desk.post("/orders", buyer.body(quotes=OTHERS))
    assert (three.status_code, three.json()["status"]) == (201, "placed"), three.text
    shown = (await buyer.desk.get(f"/orders/{three.json()['order_id']}")).json()
    offers = [(offer["kind"], offer["supplier_name"]) for offer in shown["offers"]]
    assert offers == [
        ("external", "Pumpen Voss"),
        ("external", "Pumpen Nord"),
        ("external", "Pumpen Süd"),
    ]
    assert shown["offers"][0]["document_sha256"] == SHA256


async def test_what_was_ordered_in_words_counts_against_the_limit_of_its_class(buyer):
    await buyer.ruled(ROUTES["direct"])
    first = await buyer.desk.post("/orders", buyer.body("1"))
    assert first.json()["status"] == "placed"
    second = await buyer.desk.post("/orders", buyer.body("1"))
    assert second.json()["status"] == "handed_over"


async def test_an_approver_approves_what_the_order_says(buyer):
    await buyer.ruled(RouteLimit(route="direct", up_to_net=5000), approval_above=100)
    waiting = (await buyer.desk.post("/orders", buyer.body(purpose="Freibad"))).json()
    path = f"/orders/{waiting['order_id']}"
    seen = (await buyer.desk.get(path)).json()["content_sha256"]
    terms = 'UPDATE spot_order SET terms = terms || \'{"purpose": "Hallenbad"}\''
    savepoint = await buyer.desk.uow.connection.begin_nested()
    await buyer.desk.uow.connection.execute(text(terms))
    body = {"verdict": "approve", "content_sha256": seen, "comment": ""}
    changed = await buyer.act("approver", f"{path}/approval", body)
    assert (changed.status_code, changed.json()["code"]) == (409, "content_changed")
    await savepoint.rollback()
    approved = await buyer.act("approver", f"{path}/approval", body)
    assert (approved.status_code, approved.json()["status"]) == (201, "placed"), approved.text


async def test_sent_back_it_is_a_draft_of_the_same_words(buyer):
    await buyer.ruled(RouteLimit(route="direct", up_to_net=5000), approval_above=100)
    waiting = (await buyer.desk.post("/orders", buyer.body(purpose="Freibad"))).json()
    path = f"/orders/{waiting['order_id']}"
    seen = (await buyer.desk.get(path)).json()
    body = {"verdict": "send_back", "content_sha256": seen["content_sha256"], "comment": "später"}
    await buyer.act("approver", f"{path}/approval", body)
    (draft,) = [
        order
        for order in (await buyer.desk.get("/orders")).json()
        if order["order_id"] != waiting["order_id"]
    ]
    sent = await buyer.desk.post(f"/orders/{draft['order_id']}/submission")
    assert (sent.status_code, sent.json()["net_total"]) == (201, "900.00"), sent.text
    shown = (await buyer.desk.get(f"/orders/{draft['order_id']}")).json()
    assert shown["purpose"] == "Freibad"
    assert shown["lines"][0]["quote"] == seen["lines"][0]["quote"]


@pytest.mark.parametrize("price", [None, "400.00"])
async def test_handed_over_it_comes_back_awarded(buyer, price: str | None):
    await buyer.ruled(ROUTES["direct"])
    order = (await buyer.desk.post("/orders", buyer.body())).json()
    path = f"/orders/{order['order_id']}"
    article_id = (await buyer.desk.get(path)).json()["lines"][0]["article_id"]
    line = {"article_id": article_id, "quantity": "2", "unit_price_net": price}
    body = {"procedure": "direct_urgent", "file_reference": "VS-7"}
    body |= {"lines": [line]} if price else {}
    result = await buyer.act("award_office", f"{path}/award", body)
    assert result.status_code == 201, result.text
    assert result.json()["net_total"] == ("800.00" if price else "900.00")
    shown = (await buyer.desk.get(f"/orders/{result.json()['order_id']}")).json()
    assert shown["lines"][0]["quote"]["document_sha256"] == SHA256
