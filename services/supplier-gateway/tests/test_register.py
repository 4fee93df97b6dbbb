"""The office's doors: who is a supplier, and who speaks for it."""

import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from supplier_gateway.store import FEEDS


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(new_id())}


async def office_and_supplier(doors: Doors, name: str = "Büro GmbH") -> tuple[dict, str]:
    office = await doors.account(("office", None))
    answer = await doors.client.post("/suppliers", json={"name": name}, headers=office | key())
    assert answer.status_code == 201, answer.text
    return office, answer.json()["supplier_id"]


async def put_subs(doors: Doors, office: dict, supplier_id: str, *subs: str):
    path = f"/suppliers/{supplier_id}/credentials"
    return await doors.client.put(path, json={"subs": subs}, headers=office)


async def set_status(doors: Doors, office: dict, supplier_id: str, status: str):
    path = f"/suppliers/{supplier_id}/status"
    return await doors.client.post(path, json={"status": status}, headers=office)


async def test_each_change_is_one_event_and_one_version(doors: Doors):
    office, supplier_id = await office_and_supplier(doors)
    await put_subs(doors, office, supplier_id, "b", "a")
    await put_subs(doors, office, supplier_id, "a", "b")
    await set_status(doors, office, supplier_id, "suspended")
    changed = await set_status(doors, office, supplier_id, "suspended")
    assert changed.json()["version"] == 3
    assert changed.json()["subs"] == ["a", "b"]
    assert await doors.announced() == [
        "SupplierRegistered",
        "SupplierCredentialsChanged",
        "SupplierStatusChanged",
    ]


async def test_registering_is_idempotent(doors: Doors):
    headers = await doors.account(("office", None)) | key()
    first = await doors.client.post("/suppliers", json={"name": "A"}, headers=headers)
    again = await doors.client.post("/suppliers", json={"name": "A"}, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert await doors.announced() == ["SupplierRegistered"]


async def test_a_sub_speaks_for_one_supplier(doors: Doors):
    office, first = await office_and_supplier(doors, "A")
    _, second = await office_and_supplier(doors, "B")
    await put_subs(doors, office, first, "x", "y")
    taken = await put_subs(doors, office, second, "z", "y")
    assert (taken.status_code, taken.json()["code"]) == (409, "sub_taken")
    assert "y" in taken.json()["detail"]
    await put_subs(doors, office, first, "x")
    assert (await put_subs(doors, office, second, "z", "y")).status_code == 200


async def test_a_refused_claim_leaves_everything_as_it_was(doors: Doors):
    office, first = await office_and_supplier(doors, "A")
    _, second = await office_and_supplier(doors, "B")
    await put_subs(doors, office, first, "x")
    await put_subs(doors, office, second, "z")
    await put_subs(doors, office, second, "x")
    assert (await doors.client.get("/deliveries", headers=doors.token("z"))).status_code == 200
    listed = (await doors.client.get("/suppliers", headers=office)).json()
    assert [supplier["subs"] for supplier in listed] == [["x"], ["z"]]


async def test_one_that_has_left_stays_away(doors: Doors):
    office, supplier_id = await office_and_supplier(doors)
    await set_status(doors, office, supplier_id, "withdrawn")
    back = await set_status(doors, office, supplier_id, "active")
    assert (back.status_code, back.json()["code"]) == (409, "supplier_withdrawn")
    subs = await put_subs(doors, office, supplier_id, "x")
    assert (subs.status_code, subs.json()["code"]) == (409, "supplier_withdrawn")


async def test_an_unknown_supplier_is_not_found(doors: Doors):
    office, _ = await office_and_supplier(doors)
    for answer in (
        await put_subs(doors, office, str(new_id()), "x"),
        await set_status(doors, office, str(new_id()), "active"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "supplier_unknown")


@pytest.mark.parametrize("role", ["procurement", "operator"])
async def test_others_may_look_but_not_touch(doors: Doors, role: str):
    _, supplier_id = await office_and_supplier(doors)
    other = await doors.account((role, None))
    assert len((await doors.client.get("/suppliers", headers=other)).json()) == 1
    refused = [
        await doors.client.post("/suppliers", json={"name": "A"}, headers=other | key()),
        await put_subs(doors, other, supplier_id, "x"),
        await set_status(doors, other, supplier_id, "suspended"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [
        (403, "not_authorised")
    ] * 3


async def test_members_and_suppliers_do_not_read_the_register(doors: Doors, supplier):
    requester = await doors.account(("requester", new_id()))
    for headers in (requester, supplier.headers):
        assert (await doors.client.get("/suppliers", headers=headers)).status_code == 403


async def test_the_list_is_paged(doors: Doors):
    for name in ("A", "B", "C"):
        office, _ = await office_and_supplier(doors, name)
    first = (await doors.client.get("/suppliers?limit=2", headers=office)).json()
    last = first[-1]["supplier_id"]
    rest = (await doors.client.get(f"/suppliers?after={last}", headers=office)).json()
    assert [supplier["name"] for supplier in first + rest] == ["A", "B", "C"]


async def test_the_state_feed_carries_the_newest_row(doors: Doors):
    office, supplier_id = await office_and_supplier(doors)
    await put_subs(doors, office, supplier_id, "x")
    [feed] = FEEDS
    rows = (await doors.database.connection.execute(feed.unpublished(10))).all()
    state = feed.to_state(rows[0])
    assert (state.version, state.subs, state.key) == (2, ("x",), supplier_id)
    await feed.mark(doors.database.connection, rows)
    assert (await doors.database.connection.execute(feed.unpublished(10))).all() == []
