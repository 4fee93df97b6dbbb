"""What the topics hold of us that the database does not know; read from the noted offset on.

An own record is known when its version is not above what the database accounts for: also one sent
and not yet noted, and one that somebody produced a second time. What cannot be read is not ours.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from marktbund import published
from marktbund.ahead.owned import Owned, known_versions
from marktbund.ahead.stretches import ends_of, log_reader, merged
from marktbund.contracts.base import Topic
from marktbund.envelope import PoisonError, Received, read
from marktbund.kafka_access import KafkaAccess
from marktbund.unit_of_work import Database


@dataclass(slots=True)
class Ahead:
    """One topic's unknown records: key -> version -> type of the event."""

    topic: Topic
    records: int = 0
    types: dict[str, dict[int, str]] = field(default_factory=dict)

    def take(self, record: Received) -> None:
        """Count one more."""
        self.records += 1
        self.types.setdefault(record.key, {})[record.aggregate_version] = record.type


@dataclass(frozen=True, slots=True)
class Survey:
    """What is ahead, by topic, and where the own topics ended when it was looked for."""

    ahead: Mapping[Topic, Ahead]
    stretches: Mapping[TopicPartition, tuple[int, int]]

    @property
    def keys(self) -> Mapping[str, int]:
        """Topic -> how many keys are ahead."""
        return {topic.name: len(topic_ahead.types) for topic, topic_ahead in self.ahead.items()}


async def look(
    database: Database, kafka: KafkaAccess, prefix: str, owned: Mapping[Topic, Owned]
) -> Survey:
    """Compare the log's end with the database; reads only what lies beyond the noted offsets.

    Raises what Kafka or PostgreSQL raise: then nothing is known.
    """
    async with log_reader(kafka, f"{prefix}{database.source}-ahead") as consumer:
        stretches = await _stretches(database, consumer, prefix, owned)
        ahead: dict[Topic, Ahead] = {}
        async for page in merged(consumer, stretches):
            for record in await unknown(database, owned, read_all(page, prefix)):
                ahead.setdefault(record.topic, Ahead(record.topic)).take(record)
    if not ahead:
        await settle(database, stretches, prefix)
    return Survey(ahead, stretches)


async def _stretches(
    database: Database, consumer: AIOKafkaConsumer, prefix: str, owned: Mapping[Topic, Owned]
) -> dict[TopicPartition, tuple[int, int]]:
    ends = await ends_of(consumer, (prefix + topic.name for topic in owned))
    async with database.engine.begin() as connection:
        await published.lower(connection, places(ends, prefix))
        noted = await published.stored(connection)
    return {
        tp: (noted.get((tp.topic.removeprefix(prefix), tp.partition), 0), end)
        for tp, end in ends.items()
    }


def read_all(records: Sequence[ConsumerRecord], prefix: str) -> list[Received]:
    """Those that can be read."""
    readable = []
    for record in records:
        with suppress(PoisonError):
            readable.append(read(record, prefix))
    return readable


async def unknown(
    database: Database, owned: Mapping[Topic, Owned], records: Sequence[Received]
) -> list[Received]:
    """Those of own records that the database does not account for, in the order given."""
    keys: dict[Topic, set[str]] = defaultdict(set)
    for record in records:
        keys[record.topic].add(record.key)
    async with database.reading() as connection:
        known = {
            topic: await known_versions(connection, owned[topic], asked)
            for topic, asked in keys.items()
        }
    return [
        record
        for record in records
        if record.aggregate_version > known[record.topic].get(record.key, 0)
    ]


def places(ends: Mapping[TopicPartition, int], prefix: str) -> dict[published.LogPartition, int]:
    """The same positions by topic without prefix."""
    return {(tp.topic.removeprefix(prefix), tp.partition): end for tp, end in ends.items()}


async def settle(
    database: Database, stretches: Mapping[TopicPartition, tuple[int, int]], prefix: str
) -> None:
    """Note the ends of stretches that hold nothing unknown."""
    ends = {tp: end for tp, (first, end) in stretches.items() if first < end}
    async with database.engine.begin() as connection:
        await published.note(connection, places(ends, prefix))
