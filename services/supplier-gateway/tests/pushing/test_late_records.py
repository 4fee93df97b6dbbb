"""Two workers and one document: what the first heard is recorded after the second has called."""

from collections.abc import AsyncIterator

import pytest

from marktbund import clock
from marktbund.contracts.supplier_gateway import (
    ChannelChanged,
    DeliveryAcknowledged,
    DeliveryFailed,
)
from marktbund.testing.receiver import Reply, answering, listening
from supplier_gateway.gateways.webhooks import HttpCaller
from supplier_gateway.handlers.pushing import LEASE
from supplier_gateway.jobs import Dispatcher

FINE = Reply(204)
DOWN = Reply(503)


@pytest.fixture
async def second(vault, pushing) -> AsyncIterator[Dispatcher]:
    caller = HttpCaller(clock.now, private_allowed=True, seconds=2)
    made = Dispatcher(vault, caller, demo=True, now=pushing.clock, chance=lambda: 0.0)
    yield made
    await made.drop()
    await caller.close()


async def call(dispatcher: Dispatcher, database) -> None:
    """Claim and call; what became of it stays with the worker."""
    await dispatcher.turn(database)
    await dispatcher.settle()


@pytest.mark.parametrize(
    ("replies", "failures"),
    [((DOWN, FINE), 0), ((FINE, FINE), 0), ((FINE, DOWN), 1), ((DOWN, DOWN), 1)],
)
async def test_one_document_has_one_story_whoever_tells_it_last(
    hear, place_order, supplier, pushing, second, replies, failures: int
):
    database = pushing.doors.database
    placed = place_order(supplier.supplier_id)
    async with listening(answering(*replies)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed)
        await call(pushing.dispatcher, database)
        pushing.clock.ahead += LEASE * 1.1
        await call(second, database)
        await second.turn(database)
        await pushing.dispatcher.turn(database)
        assert len({heard.headers["webhook-id"] for heard in endpoint.heard}) == 1
    arrived = FINE in replies
    assert len(await pushing.news(DeliveryAcknowledged)) == arrived
    assert len(await pushing.news(DeliveryFailed)) == failures
    [delivery] = await supplier.log_of(placed)
    assert delivery["state"] == ("acknowledged" if arrived else "failing")
    assert [attempt["http_status"] for attempt in delivery["log"]] == [
        reply.status for reply in replies
    ]


async def test_a_worker_that_ends_before_recording_leaves_the_claim_to_the_next(
    hear, place_order, supplier, pushing, second
):
    database = pushing.doors.database
    placed = place_order(supplier.supplier_id)
    async with listening(answering(FINE)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed)
        await call(pushing.dispatcher, database)
        await pushing.dispatcher.drop()
        await call(second, database)
        assert len(endpoint.heard) == 1
        pushing.clock.ahead += LEASE * 1.1
        await call(second, database)
        await second.turn(database)
        assert len(endpoint.heard) == 2
    [delivery] = await supplier.log_of(placed)
    assert (delivery["state"], delivery["attempts"]) == ("acknowledged", 2)
    assert [attempt["result"] for attempt in delivery["log"]] == [None, "delivered"]


async def test_two_workers_that_hear_gone_close_the_channel_once(
    hear, place_order, supplier, pushing, second
):
    database = pushing.doors.database
    async with listening(answering(Reply(410))) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(place_order(supplier.supplier_id))
        await call(pushing.dispatcher, database)
        await hear(place_order(supplier.supplier_id))
        await call(second, database)
        await pushing.dispatcher.turn(database)
        await second.turn(database)
    changes = [event.change for event in await pushing.news(ChannelChanged)]
    assert changes == ["registered", "disabled"]
    assert (await supplier.get("/channel"))["status"] == "disabled"


async def test_a_document_fetched_while_it_was_called_for_stays_fetched(
    hear, place_order, supplier, pushing
):
    placed = place_order(supplier.supplier_id)
    async with listening(answering(DOWN)) as endpoint:
        await supplier.register_channel(endpoint.url)
        await hear(placed)
        await call(pushing.dispatcher, pushing.doors.database)
        [delivery] = await supplier.get("/deliveries")
        path = f"/deliveries/{delivery['delivery_id']}/acknowledgement"
        assert (await supplier.post(path)).status_code == 200
        await pushing.once()
        await pushing.later(days=2)
        assert len(endpoint.heard) == 1
    [acknowledged] = await pushing.news(DeliveryAcknowledged)
    assert acknowledged.channel == "pull"
    assert await pushing.news(DeliveryFailed) == []
