"""What a consumer does with a batch, whatever becomes of it, without a broker beside it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming import Consumer, Hearing, offsets
from marktbund.consuming.offsets import OffsetsMovedError, Tally
from marktbund.consuming.subscriber import (
    RETRY_SECONDS,
    HandlerCancelledError,
    _Committed,
    consumer_name,
)
from marktbund.contracts.members import MEMBER_EVENTS, UNIT_EVENTS
from marktbund.failures import TransientError
from marktbund.kafka_access import KafkaAccess
from marktbund.testing.databases import PinnedDatabase
from marktbund.topics import LogIdentity
from marktbund.unit_of_work import Database, create_engine

from .conftest import Watched
from .desk import NO_RECORD
from .test_health import NOWHERE

KAFKA = KafkaAccess("127.0.0.1:1", "x", "secret", "SASL_PLAINTEXT")
TOPICS = [MEMBER_EVENTS, UNIT_EVENTS]
PLACES = [TopicPartition(f"t1_{topic.name}", 0) for topic in TOPICS]
RECORD = NO_RECORD


@dataclass
class PlannedBatches:
    """Stands where batches are applied: raises what is planned, then applies."""

    errors: list[BaseException] = field(default_factory=list)
    applied: list[Sequence[ConsumerRecord]] = field(default_factory=list)
    tried: int = 0
    expected: dict[TopicPartition, int] = field(default_factory=dict)

    async def apply(self, records: Sequence[ConsumerRecord]) -> None:
        self.tried += 1
        if self.errors:
            raise self.errors.pop(0)
        self.applied.append(records)


class Fetching:
    """aiokafka's part: what is assigned, and where it was sought."""

    def __init__(self, *assigned: TopicPartition) -> None:
        self.assigned = set(assigned)
        self.sought: dict[TopicPartition, int] = {}

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.sought[partition] = offset


class Sought(Consumer):
    """A consumer that notes what it was assigned, and asks no broker about it."""

    assigned_again: list[set[TopicPartition]]

    async def assigned(self, partitions: set[TopicPartition]) -> None:
        self.assigned_again.append(set(partitions))


def consumer_of(planned: PlannedBatches, database: Database | None = None) -> Sought:
    heard = Hearing({topic: Watched().apply for topic in TOPICS})
    made = Sought(
        database or Database(create_engine(NOWHERE, application="test"), "members"),
        KAFKA,
        heard,
        prefix="t1_",
    )
    made.assigned_again = []
    made._batches = planned
    made._subscriber.consumer = Fetching(*PLACES)
    return made


async def handled(consumer: Consumer, *records: ConsumerRecord) -> None:
    """The batch as FastStream hands it over."""
    await consumer._handle(await consumer._parse(records))


def test_a_consumer_goes_by_prefix_service_and_generation():
    assert consumer_name("t1_", "orders") == "t1_orders.v1"
    assert consumer_of(PlannedBatches()).name == "t1_members.v1"


def test_before_it_starts_it_is_not_ready():
    assert consumer_of(PlannedBatches()).trouble() == "consumer task is dead"


async def test_records_arrive_as_they_came():
    """Undecodable headers and bodies must reach the parking, not end in a parser."""
    spoilt = ConsumerRecord("t", 0, 0, 0, 0, b"\xff", b"{", None, 0, 0, (("ce_id", b"\xff"),))
    planned = PlannedBatches()
    await handled(consumer_of(planned), spoilt)
    assert planned.applied == [(spoilt,)]


async def test_what_may_work_later_is_tried_again_at_once_by_the_same_consumer():
    planned = PlannedBatches([TransientError(), ConnectionError()])
    await handled(consumer_of(planned), RECORD)
    assert (planned.tried, planned.applied) == (3, [(RECORD,)])


async def test_what_will_never_work_is_given_back_at_once():
    planned = PlannedBatches([ValueError("a fault of ours")])
    with pytest.raises(ValueError, match="a fault of ours"):
        await handled(consumer_of(planned), RECORD)
    assert (planned.tried, planned.applied) == (1, [])


def test_trying_again_ends_long_before_the_group_gives_the_consumer_up():
    assert list(RETRY_SECONDS) == sorted(RETRY_SECONDS)
    assert 10 < sum(RETRY_SECONDS) < 60


async def test_a_cancellation_that_leaks_from_a_handler_is_a_redelivery():
    planned = PlannedBatches([asyncio.CancelledError()])
    with pytest.raises(HandlerCancelledError):
        await handled(consumer_of(planned), RECORD)


async def test_a_cancellation_of_the_consumer_itself_ends_it():
    async def held(_: Sequence[ConsumerRecord]) -> None:
        entered.set()
        await asyncio.Event().wait()

    entered, planned = asyncio.Event(), PlannedBatches()
    consumer = consumer_of(planned)
    planned.apply = held
    working = asyncio.create_task(handled(consumer, RECORD))
    await entered.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


async def test_who_was_overtaken_seeks_and_applies_nothing():
    planned = PlannedBatches([OffsetsMovedError()])
    consumer = consumer_of(planned)
    await handled(consumer, RECORD)
    assert (planned.tried, planned.applied) == (1, [])
    assert consumer.assigned_again == [set(PLACES)]


async def test_a_consumer_of_a_foreign_log_applies_nothing_and_says_why():
    planned = PlannedBatches()
    consumer = consumer_of(planned)
    consumer._stopped_because = "foreign log: t1_members: stored a/b"
    await handled(consumer, RECORD)
    assert planned.tried == 0
    assert consumer.trouble() == "foreign log: t1_members: stored a/b"


async def test_only_what_is_still_assigned_is_sought():
    planned = PlannedBatches()
    consumer = consumer_of(planned)
    consumer._subscriber.consumer.assigned = {PLACES[0]}
    consumer._seek({PLACES[0]: 7, PLACES[1]: 9})
    assert consumer._subscriber.consumer.sought == {PLACES[0]: 7}
    assert planned.expected == {PLACES[0]: 7}


@pytest.fixture
async def follows(connection: AsyncConnection) -> Callable[[int, int], Sought]:
    """Expected and stored offset of the first topic -> whether its consumer sought again."""
    identity = LogIdentity("c", {partition.topic: "t" for partition in PLACES})

    async def followed(expected: int, stored: int) -> bool:
        await connection.execute(text("DELETE FROM consumer_offset"))
        await offsets.resume(connection, "t1_members.v1", PLACES, identity)
        await offsets.advance(connection, "t1_members.v1", {PLACES[0]: Tally(stored)})
        planned = PlannedBatches(expected={PLACES[0]: expected, PLACES[1]: 0})
        consumer = consumer_of(planned, PinnedDatabase(connection, "members"))
        await consumer.follow_stored()
        return bool(consumer.assigned_again)

    return followed


@pytest.mark.parametrize(
    ("expected", "stored", "again"),
    [(5, 5, False), (5, 4, True), (5, 0, True), (5, 6, False)],
    ids=["where it stands", "set back by one", "from the beginning", "ahead"],
)
async def test_offsets_set_back_are_followed_on_a_quiet_topic(
    follows, expected: int, stored: int, again: bool
):
    """Ahead is another owner's work: its batch notices, and no seek of ours may undo it."""
    assert await follows(expected, stored) is again


async def test_a_partition_the_database_does_not_know_is_not_set_back(
    connection: AsyncConnection,
):
    await connection.execute(text("DELETE FROM consumer_offset"))
    planned = PlannedBatches(expected={PLACES[0]: 3})
    consumer = consumer_of(planned, PinnedDatabase(connection, "members"))
    await consumer.follow_stored()
    assert consumer.assigned_again == []


async def test_without_partitions_nothing_is_expected_any_more():
    planned = PlannedBatches(expected={PLACES[0]: 3})
    consumer = consumer_of(planned)
    await Consumer.assigned(consumer, set())
    assert planned.expected == {}


async def test_every_batch_is_committed_to_kafka_by_the_message_that_counts_failures():
    message = await consumer_of(PlannedBatches())._parse((RECORD,))
    assert isinstance(message, _Committed)
    assert message.raw_message == (RECORD,)
