"""Two suppliers, and two accounts of one: what belongs to others is not there, by any door."""

import pytest
from sqlalchemy import text

from marktbund.ids import new_id

ACCEPT = {"line_no": 1, "decision": "accepted"}
SEND = {"line_no": 1, "quantity": "1"}


@pytest.fixture
async def other(register):
    return await register("andere")


@pytest.fixture
async def placed(hear, place_order, supplier):
    order = place_order(supplier.supplier_id)
    await hear(order)
    return order


async def state_of(supplier, placed) -> list[tuple[str, str]]:
    shown = await supplier.get(f"/supplier-orders/{placed.supplier_order_id}")
    return [(line["state"], line["despatched_quantity"]) for line in shown["lines"]]


async def test_anothers_order_is_neither_answered_nor_sent_off(supplier, other, placed):
    before = await supplier.doors.announced()
    for refused in (await other.answer(placed, ACCEPT), await other.despatch(placed, SEND)):
        assert (refused.status_code, refused.json()["code"]) == (404, "supplier_order_unknown")
    assert await state_of(supplier, placed) == [("open", "0.000")] * 3
    assert await supplier.doors.announced() == before


async def test_anothers_document_is_not_acknowledged(supplier, other, placed):
    [delivery] = await supplier.get("/deliveries")
    path = f"/deliveries/{delivery['delivery_id']}/acknowledgement"
    foreign = await other.post(path)
    unknown = await other.post(f"/deliveries/{new_id()}/acknowledgement")
    for refused in (foreign, unknown):
        assert (refused.status_code, refused.json()["code"]) == (404, "delivery_unknown")
    assert len(await supplier.get("/deliveries")) == 1


@pytest.mark.parametrize("path", ["/deliveries", "/supplier-orders"])
async def test_a_place_in_anothers_list_is_no_place_in_ones_own(
    supplier, other, placed, hear, place_order, path: str
):
    await hear(place_order(other.supplier_id))
    [mine] = await supplier.get(path)
    after = mine.get("delivery_id") or mine["supplier_order_id"]
    client = supplier.doors.client
    refused = await client.get(path, params={"after": after}, headers=other.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "cursor_unknown")
    assert refused.json()["field"] == "after"
    assert len(await other.get(path)) == 1


async def test_one_key_of_two_suppliers_is_two_keys(supplier, other, hear, place_order):
    orders = [place_order(seller.supplier_id) for seller in (supplier, other)]
    await hear(*orders)
    for seller, order in zip((supplier, other), orders, strict=True):
        path = f"/supplier-orders/{order.supplier_order_id}/responses"
        taken = await seller.post(path, {"lines": [ACCEPT]}, key="the-same-key")
        assert taken.status_code == 201, taken.text
        assert taken.json()["supplier_order_id"] == str(order.supplier_order_id)


async def test_one_key_for_another_answer_is_refused(supplier, placed):
    path = f"/supplier-orders/{placed.supplier_order_id}/responses"
    assert (await supplier.post(path, {"lines": [ACCEPT]}, key="once-only")).status_code == 201
    other = {"lines": [{"line_no": 2, "decision": "refused"}]}
    refused = await supplier.post(path, other, key="once-only")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert (await state_of(supplier, placed))[1] == ("open", "0.000")


async def test_a_refused_answer_does_not_spend_its_key(supplier, placed):
    path = f"/supplier-orders/{placed.supplier_order_id}/responses"
    wrong = {"lines": [{"line_no": 9, "decision": "refused"}]}
    assert (await supplier.post(path, wrong, key="used-again")).status_code == 422
    assert (await supplier.post(path, {"lines": [ACCEPT]}, key="used-again")).status_code == 201


async def test_two_accounts_of_one_supplier_share_its_orders(supplier, placed):
    doors = supplier.doors
    office = await doors.account(("office", None))
    path = f"/suppliers/{supplier.supplier_id}/credentials"
    both = {"subs": ["bueroprofi", "bueroprofi-2"]}
    assert (await doors.client.put(path, json=both, headers=office)).status_code == 200
    second = doors.token("bueroprofi-2") | {"Idempotency-Key": str(new_id())}
    orders = f"/supplier-orders/{placed.supplier_order_id}"
    body = {"lines": [ACCEPT]}
    taken = await doors.client.post(f"{orders}/responses", json=body, headers=second)
    assert taken.status_code == 201, taken.text
    again = await supplier.answer(placed, ACCEPT)
    assert (again.status_code, again.json()["code"]) == (409, "line_already_answered")
    assert (await supplier.despatch(placed, SEND)).status_code == 201


async def test_an_account_that_moves_sees_its_new_suppliers_orders_only(supplier, other, placed):
    doors = supplier.doors
    office = await doors.account(("office", None))
    for seller, subs in ((supplier, []), (other, ["andere", "bueroprofi"])):
        path = f"/suppliers/{seller.supplier_id}/credentials"
        moved = await doors.client.put(path, json={"subs": subs}, headers=office)
        assert moved.status_code == 200, moved.text
    assert await supplier.get("/supplier-orders") == []
    path = f"/supplier-orders/{placed.supplier_order_id}"
    gone = await doors.client.get(path, headers=supplier.headers)
    assert (gone.status_code, gone.json()["code"]) == (404, "supplier_order_unknown")


async def test_a_taken_account_is_refused_with_its_name_and_nobody_loses_one(supplier, other):
    doors = supplier.doors
    office = await doors.account(("office", None))
    path = f"/suppliers/{other.supplier_id}/credentials"
    body = {"subs": ["neu", "bueroprofi"]}
    refused = await doors.client.put(path, json=body, headers=office)
    assert (refused.status_code, refused.json()["code"]) == (409, "sub_taken")
    assert (refused.json()["field"], refused.json()["detail"]) == (
        "subs",
        "Schon vergeben: bueroprofi",
    )
    assert refused.json()["way_out"] != ""
    rows = await doors.database.connection.execute(text("SELECT sub FROM credential ORDER BY sub"))
    assert list(rows.scalars()) == ["andere", "bueroprofi"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/suppliers/{id}/channel", "channel_unknown"),
        ("/delivery-log/{id}", "supplier_order_unknown"),
    ],
)
async def test_what_is_not_there_is_said_to_officials_too(doors, path: str, code: str):
    for role in ("office", "procurement", "operator"):
        headers = await doors.account((role, None))
        answer = await doors.client.get(path.format(id=new_id()), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize("limit", ["0", "501", "x"])
async def test_replays_are_bounded(supplier, limit: str):
    office = await supplier.doors.account(("office", None))
    path = f"/suppliers/{supplier.supplier_id}/replays?limit={limit}"
    answer = await supplier.doors.client.post(path, headers=office)
    assert (answer.status_code, answer.json()["field"]) == (422, "limit")


@pytest.mark.parametrize("path", ["/deliveries", "/supplier-orders"])
@pytest.mark.parametrize("limit", ["0", "201"])
async def test_pages_are_bounded(supplier, path: str, limit: str):
    client = supplier.doors.client
    answer = await client.get(path, params={"limit": limit}, headers=supplier.headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "limit")
