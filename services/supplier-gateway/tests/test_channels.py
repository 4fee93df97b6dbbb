"""The doors to channels: who may set and see what, and that a secret is shown once."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from marktbund.ids import new_id
from marktbund.testing.fixtures import doors_of
from supplier_gateway.main import SERVICE

URL = "https://bestellungen.example.com/eingang"
INSIDE = "http://127.0.0.1:9/eingang"


async def office_at(supplier) -> tuple[dict, str]:
    office = await supplier.doors.account(("office", None))
    return office, f"/suppliers/{supplier.supplier_id}/channel"


async def test_a_channel_is_set_seen_and_removed(supplier):
    office, path = await office_at(supplier)
    client = supplier.doors.client
    made = (await client.put(path, json={"url": URL}, headers=office)).json()
    assert made["url"] == URL
    assert made["secret"].startswith("whsec_")
    seen = {
        "supplier_id": str(supplier.supplier_id),
        "url": URL,
        "status": "active",
        "breaker": "closed",
        "failures": 0,
        "blocked_until": None,
        "secrets": 1,
        "secret_expires_at": None,
    }
    assert (await client.get(path, headers=office)).json() == seen
    assert await supplier.get("/channel") == seen
    assert (await client.delete(path, headers=office)).status_code == 204
    for gone in (
        await client.get(path, headers=office),
        await client.get("/channel", headers=supplier.headers),
        await client.delete(path, headers=office),
        await client.post(f"{path}/rotation", headers=office),
    ):
        assert (gone.status_code, gone.json()["code"]) == (404, "channel_unknown")
    assert await supplier.doors.announced() == [
        "SupplierRegistered",
        "SupplierCredentialsChanged",
        "ChannelChanged",
        "ChannelChanged",
    ]


async def test_a_secret_is_shown_once_and_kept_nowhere_in_clear(supplier, vault):
    office, path = await office_at(supplier)
    client = supplier.doors.client
    first = (await client.put(path, json={"url": URL}, headers=office)).json()["secret"]
    again = await client.put(path, json={"url": URL + "/neu"}, headers=office)
    assert again.json() == {"url": URL + "/neu", "secret": None}
    second = (await client.post(f"{path}/rotation", headers=office)).json()["secret"]
    shown = (await client.get(path, headers=office)).json()
    assert shown["secrets"] == 2
    assert shown["secret_expires_at"] is not None
    connection = supplier.doors.database.connection
    stored = ""
    for table in ("channel", "channel_secret", "supplier", "outbox", "idempotency"):
        rows = await connection.exec_driver_sql(f"SELECT to_jsonb(t)::text FROM {table} AS t")
        stored += "".join(rows.scalars())
    for secret in (first, second):
        key = secret.removeprefix("whsec_")
        assert key not in stored
        assert key.encode().hex() not in stored
    sealed = await connection.execute(text("SELECT sealed FROM channel_secret"))
    opened = {vault.open(supplier.supplier_id, sealed_secret) for sealed_secret in sealed.scalars()}
    assert {secret.text for secret in opened} == {first, second}
    assert first not in repr(opened)


async def test_at_most_three_secrets_sign_at_once(supplier):
    office, path = await office_at(supplier)
    client = supplier.doors.client
    await client.put(path, json={"url": URL}, headers=office)
    answers = [await client.post(f"{path}/rotation", headers=office) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[2].json()["code"] == "rotation_in_progress"


async def test_only_the_office_sets_a_channel_and_only_officials_look(supplier):
    _, path = await office_at(supplier)
    doors = supplier.doors
    for role in ("procurement", "operator"):
        other = await doors.account((role, None))
        assert (await doors.client.get(path, headers=other)).status_code == 404
    for headers in (other, supplier.headers, await doors.account(("requester", new_id()))):
        refused = [
            await doors.client.put(path, json={"url": URL}, headers=headers),
            await doors.client.post(f"{path}/rotation", headers=headers),
            await doors.client.delete(path, headers=headers),
        ]
        assert [answer.status_code for answer in refused] == [403, 403, 403]


async def test_replays_are_for_office_and_operators(supplier):
    doors = supplier.doors
    replays = f"/suppliers/{supplier.supplier_id}/replays"
    replay = f"/deliveries/{new_id()}/replay"
    for role, expected in (("office", (200, 404)), ("operator", (200, 404)), ("procurement", 0)):
        headers = await doors.account((role, None))
        answers = [await doors.client.post(path, headers=headers) for path in (replays, replay)]
        assert tuple(answer.status_code for answer in answers) == (expected or (403, 403))
    assert (await doors.client.post(replays, headers=supplier.headers)).status_code == 403
    office = await doors.account(("office", None))
    unknown = await doors.client.post(f"/suppliers/{new_id()}/replays", headers=office)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "supplier_unknown")


async def test_the_log_of_an_order_is_its_suppliers_and_the_officials_own(
    supplier, register, hear, place_order
):
    other = await register("anderer")
    placed = place_order(supplier.supplier_id)
    await hear(placed)
    path = f"/supplier-orders/{placed.supplier_order_id}/delivery-log"
    [delivery] = await supplier.get(path)
    assert (delivery["state"], delivery["log"]) == ("waiting", [])
    client = supplier.doors.client
    foreign = await client.get(path, headers=other.headers)
    unknown = await client.get(
        path.replace(str(placed.supplier_order_id), str(new_id())), headers=other.headers
    )
    assert foreign.status_code == 404
    assert foreign.json() == unknown.json()
    office, _ = await office_at(supplier)
    whole = f"/delivery-log/{placed.supplier_order_id}"
    assert (await client.get(whole, headers=office)).json() == [delivery]
    assert (await client.get(whole, headers=supplier.headers)).status_code == 403


@pytest.mark.parametrize("url", ["http://example.com/", "https://10.0.0.1/", INSIDE, "x"])
async def test_a_target_inside_is_refused_and_nothing_is_kept(
    supplier, vault, connection, gateway_database, url: str
):
    strict = replace(SERVICE, state={"vault": vault, "private_targets": False})
    doors = doors_of(strict, connection, gateway_database.app_url)
    office, path = await office_at(supplier)
    refused = await doors.client.put(path, json={"url": url}, headers=office)
    assert (refused.status_code, refused.json()["code"]) == (422, "target_refused")
    assert refused.json()["field"] == "url"
    assert (await doors.client.get(path, headers=office)).status_code == 404


async def test_without_a_key_there_are_no_channels(supplier, connection, gateway_database):
    doors = doors_of(SERVICE, connection, gateway_database.app_url)
    office, path = await office_at(supplier)
    refused = await doors.client.put(path, json={"url": URL}, headers=office)
    assert (refused.status_code, refused.json()["code"]) == (409, "channels_not_set_up")


async def test_an_umlaut_name_is_kept_as_it_is_called_and_a_broken_one_refused(supplier):
    office, path = await office_at(supplier)
    client = supplier.doors.client
    broken = {"url": "https://lieferant..example/hook"}
    refused = await client.put(path, json=broken, headers=office)
    assert (refused.status_code, refused.json()["code"]) == (422, "target_refused")
    assert refused.json()["detail"] == "Einen Rechner „lieferant..example“ kann es nicht geben."
    assert (await client.get(path, headers=office)).status_code == 404
    made = await client.put(path, json={"url": "https://bücher.example/a"}, headers=office)
    assert made.json()["url"] == "https://xn--bcher-kva.example/a"
    assert (await client.get(path, headers=office)).json()["url"] == made.json()["url"]
