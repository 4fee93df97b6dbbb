"""Documents pushed to a real endpoint: signed, acknowledged, tried again, given up, replayed."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from marktbund.contracts import MESSAGES
from marktbund.contracts.supplier_gateway import (
    ChannelChanged,
    DeliveryAbandoned,
    DeliveryAcknowledged,
    DeliveryFailed,
    DeliveryQueued,
)
from marktbund.ids import new_id
from marktbund.testing.receiver import Heard, Reply, listening
from supplier_gateway.domain.breakers import FAILURES_TO_OPEN
from supplier_gateway.handlers.pushing import LEASE


def says(*replies: Reply) -> Callable[[Heard], Awaitable[Reply]]:
    """An endpoint that gives these answers in turn, the last one for ever."""
    left = list(replies)

    async def behave(_: Heard) -> Reply:
        return left.pop(0) if len(left) > 1 else left[0]

    return behave


async def news(doors, *kinds: type) -> list:
    rows = await doors.database.connection.exec_driver_sql(
        "SELECT type, payload, headers FROM outbox ORDER BY seq"
    )
    found = [MESSAGES[row.type].model_validate_json(row.payload) for row in rows]
    return [each for each in found if isinstance(each, kinds or object)]


async def log_of(supplier, placed) -> list:
    return await supplier.get(f"/supplier-orders/{placed.supplier_order_id}/delivery-log")


FINE = Reply(204)
DOWN = Reply(503)


async def test_a_placed_order_is_pushed_signed_and_acknowledged(hear, place, supplier, pushing):
    placed = place(supplier.supplier_id)
    async with listening(says(FINE)) as endpoint:
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
    [acknowledged] = await news(pushing.doors, DeliveryAcknowledged)
    assert (acknowledged.channel, acknowledged.version) == ("webhook", 2)
    assert await supplier.get("/deliveries") == []


async def test_in_a_demo_it_is_acknowledged_at_business_time(hear, place, supplier, pushing):
    long_ago = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    async with listening(says(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(place(supplier.supplier_id), business_time=long_ago)
        await pushing.once()
    rows = await pushing.doors.database.connection.exec_driver_sql(
        "SELECT headers FROM outbox WHERE type LIKE '%%DeliveryAcknowledged%%'"
    )
    [headers] = rows.scalars()
    assert headers["business_time"] == long_ago.isoformat()
    assert headers["demo"] == "true"


async def test_the_same_id_again_after_a_failure_then_nothing_more(hear, place, supplier, pushing):
    placed = place(supplier.supplier_id)
    async with listening(says(DOWN, FINE)) as endpoint:
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
    [failed] = await news(pushing.doors, DeliveryFailed)
    assert (failed.reason, failed.http_status, failed.attempts) == ("server_error", 503, 1)
    [delivery] = await log_of(supplier, placed)
    assert (delivery["state"], delivery["attempts"]) == ("acknowledged", 2)
    assert [(each["result"], each["http_status"]) for each in delivery["log"]] == [
        ("server_error", 503),
        ("delivered", 204),
    ]
    assert delivery["log"][0]["next_attempt_at"] is not None


async def test_several_secrets_sign_during_a_rotation(hear, place, supplier, pushing):
    async with listening(says(FINE)) as endpoint:
        old = await supplier.register_channel(endpoint.url)
        office = await pushing.doors.account(("office", None))
        path = f"/suppliers/{supplier.supplier_id}/channel/rotation"
        rotated = await pushing.doors.client.post(path, headers=office)
        await hear(place(supplier.supplier_id))
        await pushing.once()
        await hear(place(supplier.supplier_id))
        await pushing.later(hours=25)
        during, after = (dict(heard.headers) for heard in endpoint.heard)
        bodies = [heard.body for heard in endpoint.heard]
    new = rotated.json()["secret"]
    for secret in (old, new):
        assert Webhook(secret).verify(bodies[0], during)["type"] == "order.placed"
    assert len(during["webhook-signature"].split()) == 2
    assert len(after["webhook-signature"].split()) == 1


async def test_a_redirect_is_not_followed_and_a_body_not_read(hear, place, supplier, pushing):
    async with listening(says(FINE)) as elsewhere:
        there = Reply(307, {"location": elsewhere.url})
        async with listening(says(there, Reply(200, body=b"x" * 5_000_000))) as endpoint:
            await supplier.register_channel(endpoint.url)
            await hear(place(supplier.supplier_id))
            await pushing.once()
            await pushing.later(seconds=6)
        assert elsewhere.heard == []
    [failed] = await news(pushing.doors, DeliveryFailed)
    assert (failed.reason, failed.http_status) == ("rejected", 307)
    assert len(await news(pushing.doors, DeliveryAcknowledged)) == 1


async def test_too_many_requests_pauses_the_supplier_as_asked(hear, place, supplier, pushing):
    async with listening(says(Reply(429, {"retry-after": "90"}), FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(place(supplier.supplier_id))
        await pushing.once()
        await hear(place(supplier.supplier_id))
        await pushing.later(seconds=80)
        assert len(endpoint.heard) == 1
        await pushing.later(seconds=11)
        assert len(endpoint.heard) == 3
    throttled, held = await news(pushing.doors, DeliveryFailed)
    assert (throttled.reason, held.reason, held.attempts) == (
        "throttled",
        "supplier_unreachable",
        0,
    )


async def test_gone_closes_the_channel_until_it_is_set_anew(hear, place, supplier, pushing):
    async with listening(says(Reply(410), FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(place(supplier.supplier_id))
        await pushing.once()
        await hear(place(supplier.supplier_id))
        await pushing.later(hours=9)
        assert len(endpoint.heard) == 1
        shown = await supplier.get("/channel")
        assert shown["status"] == "disabled"
        said = await news(pushing.doors, DeliveryFailed)
        assert [(each.reason, each.next_attempt_at) for each in said] == [
            ("gone", None),
            ("channel_disabled", None),
        ]
        assert await supplier.register_channel(endpoint.url) is None
        await pushing.once()
        assert len(endpoint.heard) == 3
    changes = [each.change for each in await news(pushing.doors, ChannelChanged)]
    assert changes == ["registered", "disabled", "registered"]
    assert await supplier.get("/deliveries") == []


async def test_a_silent_endpoint_is_a_timeout_and_its_breaker_opens(hear, place, supplier, pushing):
    async def silent(_: Heard) -> Reply:
        await asyncio.sleep(60)
        return FINE

    async with listening(silent) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(*(place(supplier.supplier_id) for _ in range(7)))
        await pushing.once()
        assert len(endpoint.heard) == 4
        assert (await supplier.get("/channel"))["breaker"] == "closed"
        await pushing.dispatcher.settle()
        await pushing.once()
        assert (await supplier.get("/channel"))["breaker"] == "open"
    said = await news(pushing.doors, DeliveryFailed)
    assert {each.reason for each in said if each.attempts} == {"timeout"}
    assert len(endpoint.heard) >= FAILURES_TO_OPEN


async def test_a_dead_suppliers_breaker_lets_one_call_try(hear, place, supplier, pushing):
    async with listening(says(DOWN)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(*(place(supplier.supplier_id) for _ in range(30)))
        await pushing.once()
        await pushing.once()
        called = len(endpoint.heard)
        assert (await supplier.get("/channel"))["breaker"] == "open"
        await pushing.later(seconds=31)
        await pushing.once()
        assert len(endpoint.heard) == called + 1
    said = await news(pushing.doors, DeliveryFailed)
    assert len({each.delivery_id for each in said}) == 30


async def test_every_attempt_over_the_schedule_then_given_up_then_replayed(
    hear, place, supplier, pushing
):
    placed = place(supplier.supplier_id)
    replies = [DOWN] * 10 + [FINE]
    async with listening(says(*replies)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed)
        await pushing.once()
        for _ in range(9):
            await pushing.later(hours=25)
        await pushing.later(days=30)
        assert len(endpoint.heard) == 10
        [abandoned] = await news(pushing.doors, DeliveryAbandoned)
        assert (abandoned.attempts, abandoned.reason) == (10, "server_error")
        office = await pushing.doors.account(("office", None))
        path = f"/suppliers/{supplier.supplier_id}"
        listed = await pushing.doors.client.get(f"{path}/abandoned-deliveries", headers=office)
        assert [each["state"] for each in listed.json()] == ["abandoned"]
        replayed = await pushing.doors.client.post(f"{path}/replays", headers=office)
        assert replayed.json() == {"replayed": 1}
        again = await pushing.doors.client.post(f"{path}/replays", headers=office)
        assert again.json() == {"replayed": 0}
        await pushing.once()
        assert len({heard.headers["webhook-id"] for heard in endpoint.heard}) == 1
    [delivery] = await log_of(supplier, placed)
    assert (delivery["state"], len(delivery["log"])) == ("acknowledged", 11)


async def test_a_worker_that_died_between_call_and_record_is_followed_by_the_same_id(
    hear, place, supplier, pushing
):
    placed = place(supplier.supplier_id)
    async with listening(says(FINE)) as endpoint:
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
    [delivery] = await log_of(supplier, placed)
    assert [each["result"] for each in delivery["log"]] == [None, "delivered"]
    assert len(await news(pushing.doors, DeliveryAcknowledged)) == 1


async def test_an_order_fetched_meanwhile_is_not_pushed(hear, place, supplier, pushing):
    async with listening(says(FINE)) as endpoint:
        await hear(place(supplier.supplier_id))
        [waiting] = await supplier.get("/deliveries")
        await supplier.post(f"/deliveries/{waiting['delivery_id']}/acknowledgement")
        await supplier.register_channel(endpoint.url)
        await pushing.once()
        assert endpoint.heard == []


async def test_what_waited_is_pushed_once_there_is_a_channel(hear, place, supplier, pushing):
    await hear(place(supplier.supplier_id))
    await pushing.later(days=2)
    async with listening(says(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await pushing.once()
        assert len(endpoint.heard) == 1


async def test_a_cancellation_comes_after_its_order(hear, place, take_back, supplier, pushing):
    placed = place(supplier.supplier_id)
    async with listening(says(DOWN, FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed, take_back(placed))
        await pushing.once()
        assert len(endpoint.heard) == 1
        await pushing.later(seconds=6)
        await pushing.once()
        kinds = [json.loads(heard.body)["type"] for heard in endpoint.heard]
    assert kinds == ["order.placed", "order.placed", "order.cancelled"]
    versions = [each.version for each in await news(pushing.doors, DeliveryQueued)]
    assert versions == [1, 2]


async def test_a_supplier_that_left_is_called_no_more(hear, place, supplier, pushing):
    async with listening(says(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        office = await pushing.doors.account(("office", None))
        path = f"/suppliers/{supplier.supplier_id}/status"
        await pushing.doors.client.post(path, json={"status": "withdrawn"}, headers=office)
        await hear(place(supplier.supplier_id))
        await pushing.later(days=1)
        assert endpoint.heard == []
    [said] = await news(pushing.doors, DeliveryFailed)
    assert said.reason == "channel_disabled"


async def test_a_secret_that_does_not_open_sends_nothing_unsigned(
    hear, place, supplier, register, pushing
):
    other = await register("anderer")
    async with listening(says(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await other.register_channel(endpoint.url)
        await pushing.doors.database.connection.exec_driver_sql(
            f"DELETE FROM channel_secret WHERE supplier_id = '{supplier.supplier_id}'"
        )
        await pushing.doors.database.connection.exec_driver_sql(
            "INSERT INTO channel_secret (secret_id, supplier_id, sealed)"
            f" SELECT '{new_id()}', '{supplier.supplier_id}', sealed FROM channel_secret"
        )
        await hear(place(supplier.supplier_id))
        await pushing.once()
        assert endpoint.heard == []
    [said] = await news(pushing.doors, DeliveryFailed)
    assert said.reason == "unreachable"


@pytest.mark.parametrize("days", [3, 4])
async def test_what_waits_behind_a_closed_channel_for_longer_than_a_schedule_is_given_up(
    hear, place, supplier, pushing, days: int
):
    async with listening(says(Reply(410))) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(place(supplier.supplier_id))
        await pushing.once()
        await hear(place(supplier.supplier_id))
        await pushing.once()
        pushing.clock.ahead += timedelta(days=days)
        await pushing.once()
    expected = 2 if days == 4 else 0
    assert len(await news(pushing.doors, DeliveryAbandoned)) == expected
