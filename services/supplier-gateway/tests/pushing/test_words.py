"""A supplier's status by every word, with what it does to its doors; a replay of what it has."""

from typing import get_args

import pytest

from marktbund.contracts.supplier_gateway import SupplierStatus
from marktbund.testing.receiver import Reply, answering, listening


@pytest.mark.parametrize("status", get_args(SupplierStatus))
async def test_a_suspended_supplier_is_brought_to_any_status(supplier, doors, status: str):
    office = await doors.account(("office", None))
    path = f"/suppliers/{supplier.supplier_id}/status"
    shut = await doors.client.post(path, json={"status": "suspended"}, headers=office)
    assert shut.json()["status"] == "suspended"
    assert (await doors.client.get("/deliveries", headers=supplier.headers)).status_code == 200
    moved = await doors.client.post(path, json={"status": status}, headers=office)
    assert (moved.status_code, moved.json()["status"]) == (200, status)
    reached = await doors.client.get("/deliveries", headers=supplier.headers)
    assert reached.status_code == (403 if status == "withdrawn" else 200)
    [shown] = (await doors.client.get("/suppliers", headers=office)).json()
    assert (shown["status"], shown["version"]) == (status, moved.json()["version"])


async def test_what_a_supplier_has_is_not_sent_again(hear, place_order, supplier, pushing):
    placed = place_order(supplier.supplier_id)
    async with listening(answering(Reply(204))) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed)
        await pushing.once()
        before, announced = await supplier.log_of(placed), await pushing.doors.announced()
        [delivery] = before
        assert delivery["state"] == "acknowledged"
        office = await pushing.doors.account(("office", None))
        path = f"/deliveries/{delivery['delivery_id']}/replay"
        refused = await pushing.doors.client.post(path, headers=office)
        assert (refused.status_code, refused.json()["code"]) == (409, "delivery_acknowledged")
        await pushing.once()
        assert len(endpoint.heard) == 1
    assert await supplier.log_of(placed) == before
    assert await pushing.doors.announced() == announced
