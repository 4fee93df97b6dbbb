"""What nobody foresaw: addresses no library takes, late words of old ones, errors of any kind."""

import pytest
from sqlalchemy import text

from marktbund.contracts.order_details import DeliveryPlace
from marktbund.contracts.supplier_gateway import (
    ChannelChanged,
    DeliveryAcknowledged,
    DeliveryFailed,
)
from marktbund.testing.receiver import Reply, answering, listening
from supplier_gateway.domain.breakers import FAILURES_TO_OPEN
from supplier_gateway.domain.deliveries import CallOutcome
from supplier_gateway.gateways.webhooks import WebhookCall
from supplier_gateway.handlers.pushing import LEASE
from supplier_gateway.jobs import Dispatcher

FINE = Reply(204)
DOWN = Reply(503)


async def test_a_late_word_of_an_old_address_says_nothing_of_the_new_one(
    hear, place_order, supplier, pushing
):
    for old in (Reply(410), DOWN):
        await hear(placed := place_order(supplier.supplier_id))
        async with listening(answering(FINE)) as new, listening(answering(old)) as before:
            await supplier.register_channel(before.url)
            await pushing.dispatcher.turn(pushing.doors.database)
            await pushing.dispatcher.settle()
            await supplier.register_channel(new.url)
            await pushing.once()
            shown = await supplier.get("/channel")
            assert (shown["status"], shown["failures"]) == ("active", 0)
            assert (len(before.heard), len(new.heard)) == (1, 1)
        [delivery] = await supplier.log_of(placed)
        assert delivery["state"] == "acknowledged"
    changes = [event.change for event in await pushing.news(ChannelChanged)]
    assert changes == ["registered"] * 4
    failures = await pushing.news(DeliveryFailed)
    assert [(failure.reason, failure.attempts) for failure in failures] == [
        ("gone", 1),
        ("server_error", 1),
    ]
    assert all(failure.next_attempt_at is not None for failure in failures)


async def test_a_late_word_says_nothing_of_the_same_address_set_anew(
    hear, place_order, supplier, pushing
):
    for late in (Reply(410), DOWN):
        await hear(placed := place_order(supplier.supplier_id))
        async with listening(answering(late, FINE)) as endpoint:
            await supplier.register_channel(endpoint.url)
            await pushing.dispatcher.turn(pushing.doors.database)
            await pushing.dispatcher.settle()
            await supplier.register_channel(endpoint.url)
            await pushing.once()
            shown = await supplier.get("/channel")
            assert (shown["status"], shown["failures"]) == ("active", 0)
            assert len(endpoint.heard) == 2
        [delivery] = await supplier.log_of(placed)
        assert delivery["state"] == "acknowledged"
    changes = [event.change for event in await pushing.news(ChannelChanged)]
    assert changes == ["registered"] * 4


@pytest.mark.parametrize(
    ("url", "result", "cause"),
    [
        ("http://lieferant..example/hook", "target_refused", "UnicodeError"),
        ("http://" + "a" * 64 + ".example/", "target_refused", "UnicodeError"),
        ("http://127.0.0.1:99999999/", "unreachable", "ValueError"),
        ("http://[::1/", "unreachable", "ValueError"),
    ],
)
async def test_an_address_no_library_takes_ends_the_attempt_and_the_schedule_goes_on(
    hear, place_order, supplier, pushing, url: str, result: str, cause: str
):
    placed = place_order(supplier.supplier_id)
    await supplier.register_channel("http://127.0.0.1:9/")
    await pushing.doors.database.connection.execute(
        text("UPDATE channel SET url = :url"), {"url": url}
    )
    await hear(placed)
    for _ in range(FAILURES_TO_OPEN):
        await pushing.later(days=1)
    [delivery] = await supplier.log_of(placed)
    assert {(attempt["result"], attempt["cause"]) for attempt in delivery["log"]} == {
        (result, cause)
    }
    assert (delivery["state"], len(delivery["log"])) == ("failing", FAILURES_TO_OPEN)
    failures = await pushing.news(DeliveryFailed)
    assert [failure.reason for failure in failures] == [result] * FAILURES_TO_OPEN
    await pushing.doors.database.connection.execute(
        text("UPDATE channel SET url = 'http://127.0.0.1:9/'")
    )
    shown = await supplier.get("/channel")
    assert (shown["failures"], shown["breaker"]) == (FAILURES_TO_OPEN, "open")
    flying = "SELECT count(*) FROM delivery WHERE claimed_until IS NOT NULL"
    assert await pushing.doors.database.connection.scalar(text(flying)) == 0


async def test_a_pause_nobody_can_count_is_no_wish(hear, place_order, supplier, pushing):
    pause = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"
    placed = place_order(supplier.supplier_id)
    async with listening(answering(Reply(429, {"retry-after": pause}), FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed)
        await pushing.once()
        await pushing.later(seconds=11)
    [delivery] = await supplier.log_of(placed)
    assert [attempt["result"] for attempt in delivery["log"]] == ["throttled", "delivered"]


async def test_an_error_of_any_kind_ends_the_attempt(hear, place_order, supplier, pushing, vault):
    async def broken(_: WebhookCall) -> CallOutcome:
        raise RuntimeError("nobody foresaw this")

    placed = place_order(supplier.supplier_id)
    await supplier.register_channel("http://127.0.0.1:9/")
    await hear(placed, place_order(supplier.supplier_id))
    pushing.dispatcher = Dispatcher(vault, broken, demo=True, now=pushing.clock)
    await pushing.once()
    [delivery] = await supplier.log_of(placed)
    assert [(attempt["result"], attempt["cause"]) for attempt in delivery["log"]] == [
        ("unreachable", "RuntimeError")
    ]
    failures = await pushing.news(DeliveryFailed)
    assert [failure.reason for failure in failures] == ["unreachable", "unreachable"]


async def test_an_outcome_that_cannot_be_recorded_holds_up_no_other(
    hear, place_order, supplier, pushing, vault
):
    words = [CallOutcome("nonsense"), CallOutcome("delivered", 204), CallOutcome("delivered", 204)]

    async def babbling(_: WebhookCall) -> CallOutcome:
        return words.pop(0)

    first, second = (place_order(supplier.supplier_id) for _ in range(2))
    await supplier.register_channel("http://127.0.0.1:9/")
    await hear(first, second)
    pushing.dispatcher = Dispatcher(vault, babbling, demo=True, now=pushing.clock)
    await pushing.once()
    logs = [(await supplier.log_of(order))[0] for order in (first, second)]
    assert [delivery["state"] for delivery in logs] == ["waiting", "acknowledged"]
    await pushing.later(seconds=LEASE.total_seconds())
    [again] = await supplier.log_of(first)
    assert [attempt["result"] for attempt in again["log"]] == [None, "delivered"]


async def test_a_document_that_cannot_be_written_holds_up_no_other(
    hear, place_order, supplier, pushing
):
    nowhere = DeliveryPlace.model_construct(name="Bauhof")
    broken = place_order(supplier.supplier_id).model_copy(update={"delivery": nowhere})
    await hear(broken, place_order(supplier.supplier_id))
    async with listening(answering(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await pushing.once()
        assert len(endpoint.heard) == 1
    assert len(await pushing.news(DeliveryAcknowledged)) == 1
    [failure] = await pushing.news(DeliveryFailed)
    assert (failure.supplier_order_id, failure.reason) == (broken.supplier_order_id, "unreachable")
