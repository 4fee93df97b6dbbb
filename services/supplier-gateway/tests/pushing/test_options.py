"""Every option of the doors to documents given up, orders and the register."""

from marktbund.ids import new_id
from marktbund.testing.receiver import Reply, answering, listening

DOWN = Reply(503)


async def test_given_up_documents_are_paged_and_replayed_some_at_a_time(
    hear, place_order, supplier, pushing
):
    client, office = pushing.doors.client, await pushing.doors.account(("office", None))
    path = f"/suppliers/{supplier.supplier_id}"
    async with listening(answering(DOWN)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(*(place_order(supplier.supplier_id) for _ in range(3)))
        await pushing.later(days=5)
        for _ in range(12):
            await pushing.later(days=5)
        listed = (await client.get(f"{path}/abandoned-deliveries", headers=office)).json()
        first, second, third = (delivery["delivery_id"] for delivery in listed)

        async def page(**options: object) -> list[str]:
            answer = await client.get(
                f"{path}/abandoned-deliveries", params=options, headers=office
            )
            return [delivery["delivery_id"] for delivery in answer.json()]

        assert await page(limit=2) == [first, second]
        assert await page(after=second) == [third]
        replayed = await client.post(f"/deliveries/{first}/replay", headers=office)
        assert (replayed.status_code, replayed.json()) == (200, {"replayed": 1})
        assert await page() == [second, third]
        some = await client.post(f"{path}/replays", params={"limit": 1}, headers=office)
        assert some.json() == {"replayed": 1}
        assert await page() == [third]
    stranger = await client.get(f"{path}/abandoned-deliveries", headers=supplier.headers)
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_authorised")


async def test_open_orders_are_told_from_all(hear, place_order, supplier):
    answered, waiting = place_order(supplier.supplier_id), place_order(supplier.supplier_id)
    await hear(answered, waiting)
    lines = [{"line_no": n, "decision": "refused"} for n in (1, 2, 3)]
    await supplier.answer(answered, *lines)

    async def shown(**options: str) -> list[str]:
        orders = await supplier.get("/supplier-orders", **options)
        return [order["supplier_order_id"] for order in orders]

    both = [str(answered.supplier_order_id), str(waiting.supplier_order_id)]
    assert (await shown(open="true"), await shown(open="false")) == (both[1:], both)


async def test_a_suspended_supplier_is_reinstated(supplier, pushing):
    client, office = pushing.doors.client, await pushing.doors.account(("office", None))
    path = f"/suppliers/{supplier.supplier_id}/status"
    for status in ("suspended", "active"):
        changed = await client.post(path, json={"status": status}, headers=office)
        assert (changed.status_code, changed.json()["status"]) == (200, status)
    unknown = await client.post(
        f"/suppliers/{new_id()}/status", json={"status": "active"}, headers=office
    )
    assert (unknown.status_code, unknown.json()["code"]) == (404, "supplier_unknown")
