"""Call-offs through the doors: placed like any order, ceilings taken and given back to the cent."""

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from marktbund.ids import new_id

NOON = "2026-05-04T12:00:00+02:00"


class Caller:
    """A requester of the desk's member at an agreement of one lot, paper at 12.00."""

    def __init__(self, desk: Any, office: Any) -> None:
        self.desk, self.office = desk, office
        self.agreement_id = ""

    async def agreed(self, *ceilings: dict[str, Any], **different: Any) -> str:
        lots = self.office.terms()["lots"]
        if ceilings:
            lots[0]["ceilings"] = list(ceilings)
        lots[0] |= different.pop("lot", {})
        shown = await self.office.in_force(lots=lots, **different)
        self.agreement_id = shown["agreement_id"]
        return self.agreement_id

    def body(self, quantity: str = "100", **different: Any) -> dict[str, Any]:
        line = {"lot_no": 1, "position_no": 1, "quantity": quantity}
        return {"agreement_id": self.agreement_id, "lines": [line]} | different

    async def call(self, quantity: str = "100", **different: Any) -> Any:
        body = self.body(quantity, **different)
        return await self.desk.post("/call-offs", body, Business_Time=NOON)

    async def check(self, quantity: str = "100") -> Any:
        body = self.body(quantity)
        return (await self.desk.post("/call-off-checks", body, Business_Time=NOON)).json()

    async def used(self) -> list[tuple[Decimal, Decimal]]:
        """Net EUR and packs taken, for all and for the member."""
        rows = await self.desk.uow.connection.execute(
            text("SELECT * FROM agreement_ceiling ORDER BY lot_no, member_id NULLS FIRST")
        )
        return [(row.used_value_net, row.used_quantity) for row in rows]

    async def events(self, kind: str) -> list[dict[str, Any]]:
        query = "SELECT payload FROM outbox WHERE type LIKE '%.' || :kind || '.%' ORDER BY seq"
        rows = await self.desk.uow.connection.execute(text(query), {"kind": kind})
        return [json.loads(row.payload) for row in rows]


@pytest.fixture
async def caller(desk, office) -> Caller:
    return Caller(desk, office)


async def test_a_call_off_says_where_it_goes_and_where_it_is_booked(caller):
    await caller.agreed()
    depot = {"name": "Bauhof", "street": "Am Bauhof 1", "postcode": "53879", "town": "Euskirchen"}
    account = {"cost_centre": "57310"}
    made = await caller.call(delivery=depot, account=account, purpose="Winterdienst")
    assert made.status_code == 201, made.text
    shown = (await caller.desk.get(f"/orders/{made.json()['order_id']}")).json()
    assert (shown["delivery"]["town"], shown["account"]["cost_centre"]) == ("Euskirchen", "57310")
    (placed,) = await caller.events("SupplierOrderPlaced")
    assert placed["delivery"]["name"] == "Bauhof"
    assert "Winterdienst" not in str(placed)


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 409, answer.text
    assert answer.json()["code"] == "call_off_refused"
    return [reason["code"] for reason in answer.json()["reasons"]]


async def test_a_call_off_is_placed_like_any_order_at_the_pinned_price(caller):
    agreement_id = await caller.agreed()
    answer = await caller.call(reference="Bauhof 17")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["status"], answer.json()["net_total"]) == ("placed", "1200.00")
    [placed] = await caller.events("SupplierOrderPlaced")
    assert (placed["order_kind"], placed["agreement_id"]) == ("call_off", agreement_id)
    [line] = placed["lines"]
    assert (line["unit_price_net"], line["lot_no"], line["position_no"]) == ("12.0000", 1, 1)
    [submitted] = await caller.events("OrderSubmitted")
    assert submitted["decision"]["agreement_id"] == agreement_id
    assert [
        (entry["member_id"], entry["value_net"], entry["used_value_net"], entry["used_quantity"])
        for entry in submitted["reserved"]
    ] == [
        (None, "1200.00", "1200.00", "100.000"),
        (str(caller.desk.member_id), "1200.00", "1200.00", "100.000"),
    ]


async def test_the_supplier_raises_its_price_list_in_vain(caller):
    await caller.agreed()
    await caller.desk.market.article(
        caller.office.supplier_id, "12.98", article_id=caller.desk.paper, version=2
    )
    assert (await caller.call()).json()["net_total"] == "1200.00"


async def test_a_discontinued_article_waits_for_its_approved_successor(caller):
    await caller.agreed()
    sells = caller.office.supplier_id
    await caller.desk.market.article(
        sells, article_id=caller.desk.paper, version=2, status="withdrawn"
    )
    successor = await caller.desk.market.article(sells, "13.10", article_number="BW-2")
    assert codes(await caller.call()) == ["article_discontinued"]
    content = {"kind": "successor", "lot_no": 1, "position_no": 1, "article_id": str(successor)}
    await caller.office.changed(caller.agreement_id, content)
    placed = await caller.call()
    assert (placed.status_code, placed.json()["net_total"]) == (201, "1200.00")


async def test_the_last_room_is_refused_whole_and_nothing_is_kept(caller):
    await caller.agreed({"value_net": "100000.00"})
    assert (await caller.call("8250")).status_code == 201
    before = await caller.desk.standing()
    refused = await caller.call("125")
    assert codes(refused) == ["ceiling_value"]
    [reason] = refused.json()["reasons"]
    assert reason["detail"] == "Los 1: Rest 1.000,00 EUR."
    assert "§ 132 GWB" in reason["way_out"]
    assert await caller.desk.standing() == before
    assert (await caller.call("83")).json()["net_total"] == "996.00"


async def test_every_reason_comes_in_one_answer(caller):
    await caller.agreed({"quantity": "50"}, entitled=[
        {"member_id": str(caller.desk.member_id), "entitled_from": "2026-06-01"}
    ])  # fmt: skip
    checked = await caller.check()
    assert [reason["code"] for reason in checked["reasons"]] == [
        "entitled_later",
        "ceiling_quantity",
    ]
    assert (checked["possible"], checked["lines"]) == (False, [])
    assert codes(await caller.call()) == ["entitled_later", "ceiling_quantity"]


async def test_a_members_share_binds_beside_the_ceiling_of_all(caller):
    share = {"member_id": str(caller.desk.member_id), "value_net": "600.00"}
    await caller.agreed({"value_net": "100000.00"}, share)
    assert codes(await caller.call("51")) == ["member_ceiling_value"]
    assert (await caller.call("50")).status_code == 201
    assert await caller.used() == [(600, 50), (600, 50)]


async def test_cancelled_it_gives_everything_back(caller):
    await caller.agreed()
    order_id = (await caller.call()).json()["order_id"]
    assert await caller.used() == [(1200, 100), (1200, 100)]
    assert (await caller.desk.post(f"/orders/{order_id}/cancellation", {})).status_code == 201
    assert await caller.used() == [(0, 0), (0, 0)]
    [cancelled] = await caller.events("SupplierOrderCancelled")
    assert [entry["value_net"] for entry in cancelled["released"]] == ["-1200.00", "-1200.00"]


@pytest.mark.parametrize(
    ("word", "left"),
    [
        (("accepted", "100", "12.00"), (1200, 100)),
        (("refused", "0", "0"), (0, 0)),
        (("changed", "40", "12.00"), (480, 40)),
        (("changed", "100", "11.00"), (1100, 100)),
    ],
)
async def test_what_the_supplier_does_not_deliver_is_given_back(caller, word, left):
    await caller.agreed()
    order_id = (await caller.call()).json()["order_id"]
    [share] = await caller.desk.shares(order_id)
    await caller.desk.market.answer(share, (1, *word))
    assert await caller.used() == [left, left]


async def test_more_units_than_called_off_are_not_taken(caller):
    await caller.agreed()
    order_id = (await caller.call()).json()["order_id"]
    [share] = await caller.desk.shares(order_id)
    with pytest.raises(ValueError, match="more than was called off"):
        await caller.desk.market.answer(share, (1, "changed", "110", "10.00"))


async def test_the_first_call_off_of_the_first_day_brings_it_into_force(caller):
    lots = caller.office.terms()["lots"]
    draft = await caller.office.drafted(starts_on="2026-05-05", lots=lots)
    caller.agreement_id = draft["agreement_id"]
    await caller.office.post(f"/agreements/{caller.agreement_id}/confirmation", second=True)
    assert codes(await caller.call()) == ["agreement_not_in_force"]
    later = await caller.desk.post(
        "/call-offs", caller.body(), Business_Time="2026-05-05T08:00:00+02:00"
    )
    assert later.status_code == 201
    assert len(await caller.events("AgreementInForce")) == 1


async def test_it_is_ordered_once(caller):
    await caller.agreed()
    key = str(new_id())
    answers = [
        await caller.desk.post("/call-offs", caller.body(), Business_Time=NOON, Idempotency_Key=key)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert await caller.used() == [(1200, 100), (1200, 100)]


async def test_another_members_or_no_agreement(caller):
    caller.agreement_id = str(new_id())
    answer = await caller.call()
    assert (answer.status_code, answer.json()["code"]) == (404, "agreement_unknown")


async def test_a_call_offs_decision_made_again_is_a_clean_answer(caller, desk):
    await caller.agreed()
    order_id = (await caller.call()).json()["order_id"]
    auditor = await desk.doors.account(("auditor", desk.member_id))
    headers = {**auditor, "Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    path = f"/orders/{order_id}/decision-replay"
    answer = await desk.doors.client.post(path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "decision_unknown")
    assert answer.json()["title"] == "Ein Abruf wird an keiner Wertgrenze gemessen"
    assert "DecisionReplayed" not in await desk.doors.announced()
