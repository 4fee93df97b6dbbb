"""Documents pushed to a real endpoint: signed, acknowledged, tried again under the same id."""

import json
from datetime import UTC, datetime

from standardwebhooks import Webhook

from marktbund.contracts.supplier_gateway import (
    DeliveryAcknowledged,
    DeliveryFailed,
    DeliveryQueued,
)
from marktbund.testing.receiver import Reply, answering, listening
from supplier_gateway.handlers.pushing import LEASE

FINE = Reply(204)
DOWN = Reply(503)


async def test_a_placed_order_is_pushed_signed_and_acknowledged(
    hear, place_order, supplier, pushing
):
    placed = place_order(supplier.supplier_id)
    async with listening(answering(FINE)) as endpoint:
        secret = await supplier.register_channel(endpoint.url + "/orders?k=1")
        await hear(placed)
        await pushing.once()
        [heard] = endpoint.heard
    message = Webhook(secret).verify(heard.body, dict(heard.headers))
    assert message["type"] == "order.placed"
    assert message["data"]["supplier_order_id"] == str(placed.supplier_order_id)
    assert [line["line_no"] for line in message["data"]["lines"]] == [1, 2, 3]
    assert heard.headers["webhook-id"] == message["data"]["delivery_id"]
    assert heard.headers["host"] == endpoint.url.removeprefix("http://")
    assert heard.headers["content-type"] == "application/json"
    [acknowledged] = await pushing.news(DeliveryAcknowledged)
    assert (acknowledged.channel, acknowledged.version) == ("webhook", 2)
    assert await supplier.get("/deliveries") == []


async def test_in_a_demo_it_is_acknowledged_at_business_time(hear, place_order, supplier, pushing):
    long_ago = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    async with listening(answering(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(place_order(supplier.supplier_id), business_time=long_ago)
        await pushing.once()
    rows = await pushing.doors.database.connection.exec_driver_sql(
        "SELECT headers FROM outbox WHERE type LIKE '%%DeliveryAcknowledged%%'"
    )
    [headers] = rows.scalars()
    assert headers["business_time"] == long_ago.isoformat()
    assert headers["demo"] == "true"


async def test_the_same_id_again_after_a_failure_then_nothing_more(
    hear, place_order, supplier, pushing
):
    placed = place_order(supplier.supplier_id)
    async with listening(answering(DOWN, FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed)
        await pushing.once()
        await pushing.later(seconds=4)
        assert len(endpoint.heard) == 1
        await pushing.later(seconds=2)
        await pushing.later(days=9)
        first, second = endpoint.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    [failed] = await pushing.news(DeliveryFailed)
    assert (failed.reason, failed.http_status, failed.attempts) == ("server_error", 503, 1)
    [delivery] = await supplier.log_of(placed)
    assert (delivery["state"], delivery["attempts"]) == ("acknowledged", 2)
    assert [(attempt["result"], attempt["http_status"]) for attempt in delivery["log"]] == [
        ("server_error", 503),
        ("delivered", 204),
    ]
    assert delivery["log"][0]["next_attempt_at"] is not None


async def test_several_secrets_sign_during_a_rotation(hear, place_order, supplier, pushing):
    async with listening(answering(FINE)) as endpoint:
        old = await supplier.register_channel(endpoint.url)
        office = await pushing.doors.account(("office", None))
        path = f"/suppliers/{supplier.supplier_id}/channel/rotation"
        rotated = await pushing.doors.client.post(path, headers=office)
        await hear(place_order(supplier.supplier_id))
        await pushing.once()
        await hear(place_order(supplier.supplier_id))
        await pushing.later(hours=25)
        during, after = (dict(heard.headers) for heard in endpoint.heard)
        bodies = [heard.body for heard in endpoint.heard]
    new = rotated.json()["secret"]
    for secret in (old, new):
        assert Webhook(secret).verify(bodies[0], during)["type"] == "order.placed"
    assert len(during["webhook-signature"].split()) == 2
    assert len(after["webhook-signature"].split()) == 1


async def test_a_redirect_is_not_followed_and_a_body_not_read(hear, place_order, supplier, pushing):
    async with listening(answering(FINE)) as elsewhere:
        there = Reply(307, {"location": elsewhere.url})
        async with listening(answering(there, Reply(200, body=b"x" * 5_000_000))) as endpoint:
            await supplier.register_channel(endpoint.url)
            await hear(place_order(supplier.supplier_id))
            await pushing.once()
            await pushing.later(seconds=6)
        assert elsewhere.heard == []
    [failed] = await pushing.news(DeliveryFailed)
    assert (failed.reason, failed.http_status) == ("rejected", 307)
    assert len(await pushing.news(DeliveryAcknowledged)) == 1


async def test_a_worker_that_died_between_call_and_record_is_followed_by_the_same_id(
    hear, place_order, supplier, pushing
):
    placed = place_order(supplier.supplier_id)
    async with listening(answering(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed)
        await pushing.dispatcher.turn(pushing.doors.database)
        await pushing.dispatcher.settle()
        pushing.dispatcher._ended.clear()  # killed here: the call is made, nothing is recorded
        await pushing.later(seconds=LEASE.total_seconds() - 2)
        assert len(endpoint.heard) == 1
        await pushing.later(seconds=3)
        first, second = endpoint.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    [delivery] = await supplier.log_of(placed)
    assert [attempt["result"] for attempt in delivery["log"]] == [None, "delivered"]
    assert len(await pushing.news(DeliveryAcknowledged)) == 1


async def test_an_order_fetched_meanwhile_is_not_pushed(hear, place_order, supplier, pushing):
    async with listening(answering(FINE)) as endpoint:
        await hear(place_order(supplier.supplier_id))
        [waiting] = await supplier.get("/deliveries")
        await supplier.post(f"/deliveries/{waiting['delivery_id']}/acknowledgement")
        await supplier.register_channel(endpoint.url)
        await pushing.once()
        assert endpoint.heard == []


async def test_what_waited_is_pushed_once_there_is_a_channel(hear, place_order, supplier, pushing):
    await hear(place_order(supplier.supplier_id))
    await pushing.later(days=2)
    async with listening(answering(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await pushing.once()
        assert len(endpoint.heard) == 1


async def test_a_cancellation_comes_after_its_order(
    hear, place_order, take_back, supplier, pushing
):
    placed = place_order(supplier.supplier_id)
    async with listening(answering(DOWN, FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed, take_back(placed))
        await pushing.once()
        assert len(endpoint.heard) == 1
        await pushing.later(seconds=6)
        await pushing.once()
        kinds = [json.loads(heard.body)["type"] for heard in endpoint.heard]
    assert kinds == ["order.placed", "order.placed", "order.cancelled"]
    versions = [event.version for event in await pushing.news(DeliveryQueued)]
    assert versions == [1, 2]
