"""Ordering over HTTP, on real PostgreSQL as the app role."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from marktbund.contracts.members import Grant, Mandate, PersonState
from marktbund.ids import new_id
from marktbund.principals import keep_principal

PLACED = ["NeedRecorded", "OrderSubmitted", "OrderApproved", "OrderPlaced"]


async def test_an_order_of_two_suppliers_splits(desk):
    receipt = await desk.ordered(reference="B-17/3")
    assert (receipt["status"], receipt["net_total"], receipt["version"]) == ("placed", "237.49", 3)
    assert (receipt["currency"], receipt["reference"]) == ("EUR", "B-17/3")
    assert len(receipt["supplier_order_ids"]) == 2
    assert await desk.doors.announced() == [*PLACED, "SupplierOrderPlaced", "SupplierOrderPlaced"]


async def test_an_order_shows_its_lines_and_shares(desk):
    order_id = (await desk.ordered())["order_id"]
    shown = (await desk.get(f"/orders/{order_id}")).json()
    first, second = shown["lines"]
    assert (first["article_number"], first["quantity"], first["net_amount"]) == (
        "BW-1",
        "3.000",
        "37.50",
    )
    assert (second["supplier_name"], second["decision"]) == ("Möbelhaus", "open")
    assert [share["status"] for share in shown["supplier_orders"]] == ["placed", "placed"]
    assert sum(Decimal(share["ordered_net"]) for share in shown["supplier_orders"]) == Decimal(
        shown["net_total"]
    )


@pytest.mark.parametrize("count", [1, 400])
async def test_orders_of_one_line_and_of_many(desk, count: int):
    receipt = await desk.ordered(*[(desk.paper, "2")] * count)
    assert Decimal(receipt["net_total"]) == 25 * count
    shown = (await desk.get(f"/orders/{receipt['order_id']}")).json()
    assert [line["line_no"] for line in shown["lines"]] == list(range(1, count + 1))
    assert len(shown["supplier_orders"]) == 1


async def test_a_draft_announces_nothing_until_it_is_sent_off(desk):
    draft = await desk.ordered(draft=True)
    assert (draft["status"], draft["net_total"], draft["supplier_order_ids"]) == ("draft", "0", [])
    assert await desk.doors.announced() == []
    sent = await desk.post(f"/orders/{draft['order_id']}/submission")
    assert (sent.status_code, sent.json()["status"]) == (201, "placed")
    assert sent.json()["net_total"] == "237.49"
    assert (await desk.doors.announced())[:4] == PLACED
    again = await desk.post(f"/orders/{draft['order_id']}/submission")
    assert (again.status_code, again.json()["code"]) == (409, "order_state")


async def test_a_draft_is_priced_when_it_is_sent_off(desk):
    draft = await desk.ordered((desk.paper, "2"), draft=True)
    shown = await desk.market.article(
        await desk.market.supplier(), "11.00", article_id=desk.paper, version=2
    )
    assert shown == desk.paper
    sent = await desk.post(f"/orders/{draft['order_id']}/submission")
    assert sent.json()["net_total"] == "22.00"


async def test_who_sends_a_colleagues_draft_off_stands_in_the_event(desk):
    draft = await desk.ordered(draft=True)
    colleague = new_id()
    await keep_principal(
        PersonState(
            version=1,
            person_id=colleague,
            kind="person",
            sub="colleague",
            grants=(Grant(role="requester", member_id=desk.member_id),),
            active=True,
        ),
        desk.uow.connection,
    )
    desk.token = desk.doors.token("colleague")
    assert (await desk.post(f"/orders/{draft['order_id']}/submission")).status_code == 201
    query = text("SELECT convert_from(payload, 'UTF8')::jsonb AS event FROM outbox ORDER BY seq")
    _, event = (await desk.uow.connection.scalars(query)).all()[:2]
    assert event["submitted_by"] == str(colleague)


async def test_a_mandate_orders_for_another_member_and_both_are_kept(desk):
    needing = await desk.market.member(name="Dorf", official_key="05999998")
    mandate = Mandate(acting_member_id=desk.member_id, member_id=needing, valid_from="2026-01-01")
    account = PersonState(
        version=1,
        person_id=new_id(),
        kind="machine",
        sub="data-centre",
        grants=(Grant(role="requester", member_id=desk.member_id),),
        mandates=(mandate,),
        active=True,
    )
    await keep_principal(account, desk.uow.connection)
    desk.token = desk.doors.token("data-centre")
    answer = await desk.post("/orders", desk.basket(), On_Behalf_Of=str(needing))
    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert (order["member_id"], order["acting_member_id"]) == (str(needing), str(desk.member_id))
    assert (await desk.get("/orders")).json() == []
    assert len((await desk.get("/orders", On_Behalf_Of=str(needing))).json()) == 1


async def test_a_list_pages_from_the_newest_and_shows_the_own_member_only(desk):
    made = [(await desk.ordered((desk.paper, "1")))["order_id"] for _ in range(3)]
    page = (await desk.get("/orders?limit=2")).json()
    rest = (await desk.get(f"/orders?limit=2&after={page[-1]['order_id']}")).json()
    assert sorted(made, reverse=True) == [order["order_id"] for order in page + rest]
    other = await desk.market.member(official_key="05999998")
    desk.token, desk.member_id = await desk.doors.account(("approver", other)), other
    assert (await desk.get("/orders")).json() == []


@pytest.mark.parametrize("role", ["approver", "award_office", "auditor"])
async def test_others_of_the_member_read_and_do_not_order(desk, role: str):
    order_id = (await desk.ordered())["order_id"]
    desk.token = await desk.doors.account((role, desk.member_id))
    assert (await desk.get(f"/orders/{order_id}")).status_code == 200
    refused = await desk.post("/orders", desk.basket())
    assert (refused.status_code, refused.json()["code"]) == (403, "not_authorised")


async def test_business_time_dates_an_order_in_a_test_deployment(desk):
    answer = await desk.post("/orders", desk.basket(), Business_Time="2026-01-31T23:30:00+01:00")
    moment = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)
    assert datetime.fromisoformat(answer.json()["placed_at"]) == moment
    query = text("SELECT headers ->> 'business_time' AS driven FROM outbox")
    rows = (await desk.uow.connection.execute(query)).all()
    assert {datetime.fromisoformat(row.driven) for row in rows} == {moment}


async def test_zero_is_a_price(desk):
    sample = await desk.market.article(await desk.market.supplier(), "0")
    assert Decimal((await desk.ordered((sample, "1")))["net_total"]) == 0
