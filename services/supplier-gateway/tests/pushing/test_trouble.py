"""Suppliers that are slow, broken, gone or silent: paused, told, given up, and replayed."""

import asyncio
from datetime import timedelta

import pytest

from marktbund.contracts.supplier_gateway import (
    ChannelChanged,
    DeliveryAbandoned,
    DeliveryFailed,
)
from marktbund.ids import new_id
from marktbund.testing.receiver import Heard, Reply, answering, listening
from supplier_gateway.domain.breakers import FAILURES_TO_OPEN

FINE = Reply(204)
DOWN = Reply(503)


async def test_too_many_requests_pauses_the_supplier_as_asked(hear, place_order, supplier, pushing):
    async with listening(answering(Reply(429, {"retry-after": "90"}), FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(place_order(supplier.supplier_id))
        await pushing.once()
        await hear(place_order(supplier.supplier_id))
        await pushing.later(seconds=80)
        assert len(endpoint.heard) == 1
        await pushing.later(seconds=11)
        assert len(endpoint.heard) == 3
    throttled, held = await pushing.news(DeliveryFailed)
    assert (throttled.reason, held.reason, held.attempts) == (
        "throttled",
        "supplier_unreachable",
        0,
    )


async def test_gone_closes_the_channel_until_it_is_set_anew(hear, place_order, supplier, pushing):
    async with listening(answering(Reply(410), FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(place_order(supplier.supplier_id))
        await pushing.once()
        await hear(place_order(supplier.supplier_id))
        await pushing.later(hours=9)
        assert len(endpoint.heard) == 1
        shown = await supplier.get("/channel")
        assert shown["status"] == "disabled"
        failures = await pushing.news(DeliveryFailed)
        assert [(failure.reason, failure.next_attempt_at) for failure in failures] == [
            ("gone", None),
            ("channel_disabled", None),
        ]
        assert await supplier.register_channel(endpoint.url) is None
        await pushing.once()
        assert len(endpoint.heard) == 3
    changes = [event.change for event in await pushing.news(ChannelChanged)]
    assert changes == ["registered", "disabled", "registered"]
    assert await supplier.get("/deliveries") == []


async def test_a_silent_endpoint_is_a_timeout_and_its_breaker_opens(
    hear, place_order, supplier, pushing
):
    async def silent(_: Heard) -> Reply:
        await asyncio.sleep(60)
        return FINE

    async with listening(silent) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(*(place_order(supplier.supplier_id) for _ in range(7)))
        await pushing.once()
        assert len(endpoint.heard) == 4
        assert (await supplier.get("/channel"))["breaker"] == "closed"
        await pushing.dispatcher.settle()
        await pushing.once()
        assert (await supplier.get("/channel"))["breaker"] == "open"
    failures = await pushing.news(DeliveryFailed)
    assert {failure.reason for failure in failures if failure.attempts} == {"timeout"}
    assert len(endpoint.heard) >= FAILURES_TO_OPEN


async def test_a_dead_suppliers_breaker_lets_one_call_try(hear, place_order, supplier, pushing):
    async with listening(answering(DOWN)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(*(place_order(supplier.supplier_id) for _ in range(30)))
        await pushing.once()
        await pushing.once()
        called = len(endpoint.heard)
        assert (await supplier.get("/channel"))["breaker"] == "open"
        await pushing.later(seconds=31)
        await pushing.once()
        assert len(endpoint.heard) == called + 1
    failures = await pushing.news(DeliveryFailed)
    assert len({failure.delivery_id for failure in failures}) == 30


async def test_every_attempt_over_the_schedule_then_given_up_then_replayed(
    hear, place_order, supplier, pushing
):
    placed = place_order(supplier.supplier_id)
    replies = [DOWN] * 10 + [FINE]
    async with listening(answering(*replies)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed)
        await pushing.once()
        for _ in range(9):
            await pushing.later(hours=25)
        await pushing.later(days=30)
        assert len(endpoint.heard) == 10
        [abandoned] = await pushing.news(DeliveryAbandoned)
        assert (abandoned.attempts, abandoned.reason) == (10, "server_error")
        office = await pushing.doors.account(("office", None))
        path = f"/suppliers/{supplier.supplier_id}"
        listed = await pushing.doors.client.get(f"{path}/abandoned-deliveries", headers=office)
        assert [delivery["state"] for delivery in listed.json()] == ["abandoned"]
        replayed = await pushing.doors.client.post(f"{path}/replays", headers=office)
        assert replayed.json() == {"replayed": 1}
        again = await pushing.doors.client.post(f"{path}/replays", headers=office)
        assert again.json() == {"replayed": 0}
        await pushing.once()
        assert len({heard.headers["webhook-id"] for heard in endpoint.heard}) == 1
    [delivery] = await supplier.log_of(placed)
    assert (delivery["state"], len(delivery["log"])) == ("acknowledged", 11)


async def test_a_supplier_that_left_is_called_no_more(hear, place_order, supplier, pushing):
    async with listening(answering(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        office = await pushing.doors.account(("office", None))
        path = f"/suppliers/{supplier.supplier_id}/status"
        await pushing.doors.client.post(path, json={"status": "withdrawn"}, headers=office)
        await hear(place_order(supplier.supplier_id))
        await pushing.later(days=1)
        assert endpoint.heard == []
    [failure] = await pushing.news(DeliveryFailed)
    assert failure.reason == "channel_disabled"


async def test_a_secret_that_does_not_open_sends_nothing_unsigned(
    hear, place_order, supplier, register, pushing
):
    other = await register("anderer")
    async with listening(answering(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await other.register_channel(endpoint.url)
        await pushing.doors.database.connection.exec_driver_sql(
            f"DELETE FROM channel_secret WHERE supplier_id = '{supplier.supplier_id}'"
        )
        await pushing.doors.database.connection.exec_driver_sql(
            "INSERT INTO channel_secret (secret_id, supplier_id, sealed)"
            f" SELECT '{new_id()}', '{supplier.supplier_id}', sealed FROM channel_secret"
        )
        await hear(place_order(supplier.supplier_id))
        await pushing.once()
        assert endpoint.heard == []
    [failure] = await pushing.news(DeliveryFailed)
    assert failure.reason == "unreachable"


@pytest.mark.parametrize("days", [3, 4])
async def test_what_waits_behind_a_closed_channel_for_longer_than_a_schedule_is_given_up(
    hear, place_order, supplier, pushing, days: int
):
    async with listening(answering(Reply(410))) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(place_order(supplier.supplier_id))
        await pushing.once()
        await hear(place_order(supplier.supplier_id))
        await pushing.once()
        pushing.clock.ahead += timedelta(days=days)
        await pushing.once()
    expected = 2 if days == 4 else 0
    assert len(await pushing.news(DeliveryAbandoned)) == expected
