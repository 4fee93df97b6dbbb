"""A dead Kafka client is noticed: a consumer ends its process, a relay takes another producer."""

import asyncio
import os

from aiokafka.client import AIOKafkaClient

from marktbund.ahead import Gate
from marktbund.consuming import Consumer, Hearing
from marktbund.consuming.subscriber import GIVEN_UP_AFTER
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.ids import new_id
from marktbund.relay import Relay
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database
from marktbund.workers import Work, Workers

from .conftest import Watched, hearing
from .test_delivery import announce
from .test_health import SETTINGS


class Late(Consumer):
    """One that nobody has seen polling for as long as the group waits."""

    def __init__(self, database: Database, kafka: KafkaBroker, prefix: str) -> None:
        super().__init__(
            database, kafka.admin, Hearing({MEMBER_EVENTS: Watched().apply}), prefix=prefix
        )

    def poll_age(self) -> float:
        return GIVEN_UP_AFTER + 1


class Struck(Relay):
    """Its first producer's client dies of what aiokafka does not expect."""

    patience = 1.0

    def __init__(self, database: Database, kafka: KafkaBroker, prefix: str) -> None:
        super().__init__(database, kafka.admin, prefix=prefix, demo=True, feeds=())
        self.clients: list[AIOKafkaClient] = []

    async def _started_producer(self):
        client = (producer := await super()._started_producer()).client
        if client not in self.clients:
            self.clients.append(client)
            if len(self.clients) == 1:
                await strike(client)
                client.cluster._partitions.clear()  # now it has to look, and nobody does
        return producer


async def strike(client: AIOKafkaClient) -> None:
    """Let the client's next look for the cluster end the task that looks."""

    async def broken(*_: object) -> None:
        raise RuntimeError("the handler is closed")

    client._metadata_update = broken
    while not client._sync_task.done():
        client.force_metadata_update()
        await asyncio.sleep(0.01)


def workers(database: Database, kafka: KafkaBroker, prefix: str, ended: list[int]) -> Workers:
    gate = Gate(database, kafka.admin, prefix, {})
    return Workers(Work(Hearing({}), (), ()), SETTINGS, database, gate, end=ended.append)


async def test_a_consumer_that_was_given_up_ends_its_process(
    database: Database, kafka: KafkaBroker, prefix: str
):
    late = Late(database, kafka, prefix)
    ended: list[int] = []
    await workers(database, kafka, prefix, ended)._join(late)
    await late.stop()
    assert ended == [os.EX_SOFTWARE]


async def test_one_that_has_not_polled_says_where_it_waits(
    database: Database, kafka: KafkaBroker, prefix: str
):
    late = Late(database, kafka, prefix)
    await late.start()
    (places,) = late.waits_in()
    await late.stop()
    assert "_run_consume_loop" in places


async def test_one_that_polls_is_left_alone(database: Database, kafka: KafkaBroker, prefix: str):
    async with hearing(database, kafka, prefix, Watched()) as working:
        assert not working.trouble()
        assert not await working.stuck()
        assert not working.waits_in()


async def test_a_consumer_whose_client_died_is_stuck_at_once(
    database: Database, kafka: KafkaBroker, prefix: str
):
    async with hearing(database, kafka, prefix, Watched()) as consumer:
        client = consumer._consumer._client
        await strike(client)
        assert await consumer.stuck()
        assert consumer.trouble() == "a task of Kafka's client is dead"
        client._sync_task = None  # or stopping raises what ended it, halfway


async def test_a_relay_whose_client_died_takes_another_producer(
    database: Database, kafka: KafkaBroker, prefix: str
):
    relay = Struck(database, kafka, prefix)
    watched = Watched()
    task = asyncio.create_task(relay.run())
    await announce(database, [new_id()], 3)
    async with hearing(database, kafka, prefix, watched):
        await watched.until(3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    first, _ = relay.clients
    for connection in first._conns.values():
        connection.close()
