"""A second generation of read models: fed from the log up to where the live one stands."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace

from aiokafka import TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.ahead.finding import read_all
from marktbund.ahead.stretches import log_reader, merged
from marktbund.consuming import Batches, Hearing, offsets
from marktbund.consuming.subscriber import consumer_name
from marktbund.envelope import Received
from marktbund.kafka_access import KafkaAccess
from marktbund.rebuilding.read_models import ReadModels
from marktbund.topics import identify
from marktbund.unit_of_work import Database, UnitOfWork

_LIVE = """
    SELECT topic, partition, next_offset FROM public.consumer_offset
     WHERE consumer = :consumer AND topic = ANY(:topics) ORDER BY topic, partition
"""
_ASTRAY = text("""
    SELECT relname FROM pg_stat_xact_user_tables
     WHERE schemaname = 'public' AND n_tup_ins + n_tup_upd + n_tup_del > 0
""")

Progress = Callable[[int, int], None]
"""Hears how many records are done, and of how many."""


class AstrayError(Exception):
    """A handler wrote into a live table that its read models do not name; nothing was kept."""


class AheadOfLiveError(Exception):
    """The generation has read further than the live tables stand: drop it and begin anew."""


class Shadow(Database):
    """A database whose tables come first from the schema `rebuild`."""

    async def flush(self, unit: UnitOfWork) -> None:
        """What is announced goes nowhere: it was said when the live tables were made."""
        unit.take_announced()
        astray = (await unit.connection.execute(_ASTRAY)).scalars().all()
        if astray:
            raise AstrayError(", ".join(astray))


@dataclass(frozen=True, slots=True)
class Generation:
    """One rebuild of one service; `shadow` connects as the owner's role."""

    shadow: Shadow
    kafka: KafkaAccess
    prefix: str
    hearing: Hearing
    models: ReadModels

    @property
    def consumer(self) -> str:
        """The live consumer's name: the rows of both have the same keys."""
        return consumer_name(self.prefix, self.shadow.source)

    async def live_positions(
        self, connection: AsyncConnection, *, lock: bool = False
    ) -> dict[TopicPartition, int]:
        """Where the live tables stand in this connection's snapshot; lock: and stay there."""
        rows = await connection.execute(
            text(_LIVE + (" FOR UPDATE" if lock else "")),
            {
                "consumer": self.consumer,
                "topics": [self.prefix + topic.name for topic in self.models.topics],
            },
        )
        return {TopicPartition(row.topic, row.partition): row.next_offset for row in rows}

    async def catch_up(self, ends: Mapping[TopicPartition, int], progress: Progress) -> None:
        """Apply what lies between this generation and the live tables.

        Raises AheadOfLiveError, AstrayError, and what Kafka and PostgreSQL raise; what was applied
        is kept, the next run goes on there.
        """
        names = sorted({tp.topic for tp in ends})
        identity = await asyncio.to_thread(identify, self.kafka, names)
        async with self.shadow.engine.begin() as connection:
            begun = await offsets.resume(connection, self.consumer, ends, identity)
        if any(begun[tp] > end for tp, end in ends.items()):
            raise AheadOfLiveError
        handlers = {topic: self.hearing.handlers[topic] for topic in self.models.topics}
        batches = Batches(
            self.shadow, self.consumer, self.prefix, replace(self.hearing, handlers=handlers)
        )
        batches.expected.update(begun)
        of = sum(end - begun[tp] for tp, end in ends.items())
        async with log_reader(self.kafka, f"{self.consumer}-rebuild") as reader:
            async for page in merged(reader, {tp: (begun[tp], end) for tp, end in ends.items()}):
                await batches.apply(page)
                progress(of - sum(end - batches.expected[tp] for tp, end in ends.items()), of)
        await self._pass_holes(batches, ends)

    async def heard(self, ends: Mapping[TopicPartition, int]) -> AsyncIterator[list[Received]]:
        """What the live consumer has read so far, from the first record on, in pages."""
        async with log_reader(self.kafka, f"{self.consumer}-rebuild") as reader:
            async for page in merged(reader, {tp: (0, end) for tp, end in ends.items()}):
                yield read_all(page, self.prefix)

    async def _pass_holes(self, batches: Batches, ends: Mapping[TopicPartition, int]) -> None:
        # A compacted topic may have nothing at its last offsets: no batch leads there.
        async with self.shadow.engine.begin() as connection:
            for tp, end in ends.items():
                if batches.expected[tp] < end:
                    await connection.execute(
                        text(
                            "UPDATE consumer_offset SET next_offset = :end"
                            " WHERE consumer = :consumer AND topic = :topic"
                            " AND partition = :partition"
                        ),
                        {
                            "end": end,
                            "consumer": self.consumer,
                            "topic": tp.topic,
                            "partition": tp.partition,
                        },
                    )
