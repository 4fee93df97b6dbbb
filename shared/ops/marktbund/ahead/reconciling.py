"""What an operator has done when the topics are ahead: the lost stretch of the log once more.

News from others goes through the consumer as ever; own facts are taken over; both in the order of
the log. Versions that nobody accounts for afterwards stay behind a floor, and are given up only
with a reason. It can be broken off and run again: every page is a transaction.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import floors, published
from marktbund.ahead.finding import Survey, look, places, read_all
from marktbund.ahead.owned import Owned, known_versions
from marktbund.ahead.stretches import ends_of, log_reader, merged
from marktbund.ahead.taking_over import Repeating, Taker, TakesOver
from marktbund.consuming import Batches, Hearing, offsets
from marktbund.consuming.subscriber import consumer_name
from marktbund.contracts.base import Topic
from marktbund.envelope import Origin
from marktbund.errors import Conflict
from marktbund.feeds import StateFeed
from marktbund.ids import new_id
from marktbund.jsons import dumps
from marktbund.kafka_access import KafkaAccess
from marktbund.topics import identify
from marktbund.unit_of_work import Database, UnitOfWork

_UNDECIDED = text("SELECT topic, key, version FROM version_floor WHERE NOT decided")
_WRITE_DOWN = text("""
    INSERT INTO reconciliation (done_by, reason, taken_over, repeated, given_up)
    VALUES (:by, :reason, :taken_over, :repeated, CAST(:given_up AS jsonb))
""")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """taken_over: own facts put back. repeated: announcements the log had already. given_up:
    topic -> keys the database will never account for.
    """

    taken_over: int
    repeated: int
    given_up: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Reconciler:
    """One service's; its processes must stand behind their gates, as they do when it is ahead."""

    database: Database
    kafka: KafkaAccess
    prefix: str
    hearing: Hearing
    owned: Mapping[Topic, Owned]
    feeds: Sequence[StateFeed]
    takes_over: TakesOver
    restored: Callable[[UnitOfWork], Awaitable[None]] | None = None
    demo: bool = False

    async def look(self) -> Survey:
        """What is ahead now."""
        return await look(self.database, self.kafka, self.prefix, self.owned)

    async def reconcile(self, by: UUID, reason: str) -> Reconciled | None:
        """Bring the database as far as the log allows, and open the gates; None: nothing to do.

        reason: why the rest may be given up; empty: nothing may. Raises Conflict
        (`facts_would_be_lost`) then, with the gates left shut, and what a handler raises.
        """
        survey = await self.look()
        if not survey.ahead:
            return None
        async with self.database.engine.begin() as connection:
            await floors.put(connection, _floors(survey))
        repeating = Repeating(self.database, survey.ahead)
        taker = Taker(repeating, self.prefix, self.owned, self.takes_over)
        await self._replay(repeating, taker, survey)
        return await self._decide(by, reason, survey, taker.taken, repeating.repeated)

    async def _replay(self, database: Repeating, taker: Taker, survey: Survey) -> None:
        name = consumer_name(self.prefix, database.source)
        batches = Batches(database, name, self.prefix, self.hearing)
        heard = [self.prefix + topic.name for topic in self.hearing.handlers]
        own = {self.prefix + topic.name for topic in self.owned}
        async with log_reader(self.kafka, f"{name}-reconcile") as consumer:
            inputs = await self._inputs(consumer, batches, name, heard)
            async for page in merged(consumer, {**inputs, **survey.stretches}):
                for ours, run in groupby(page, key=lambda record: record.topic in own):
                    records = list(run)
                    if ours:
                        await taker.take(read_all(records, self.prefix))
                    else:
                        await batches.apply(records)

    async def _inputs(
        self, consumer: AIOKafkaConsumer, batches: Batches, name: str, heard: Sequence[str]
    ) -> dict[TopicPartition, tuple[int, int]]:
        if not heard:
            return {}
        ends = await ends_of(consumer, heard)
        identity = await asyncio.to_thread(identify, self.kafka, heard)
        async with self.database.engine.begin() as connection:
            resumed = await offsets.resume(connection, name, ends, identity)
        batches.expected.update(resumed)
        return {tp: (resumed[tp], end) for tp, end in ends.items()}

    async def _decide(
        self, by: UUID, reason: str, survey: Survey, taken: int, repeated: int
    ) -> Reconciled:
        origin = Origin(correlation_id=str(new_id()), demo=self.demo)
        async with self.database.begin(origin) as uow:
            connection = uow.connection
            lost = await self._behind_floors(connection)
            states = await self._states_behind(connection, survey)
            given_up = {topic: sorted(keys) for topic, keys in {**lost, **states}.items()}
            if given_up and not reason:
                counts = {topic: len(keys) for topic, keys in given_up.items()}
                raise Conflict(
                    "facts_would_be_lost",
                    "Nicht alles lässt sich übernehmen",
                    f"Schlüssel: {counts}",
                    way_out="Mit --give-up und einem Grund aufgeben.",
                )
            await floors.decide(connection)
            if self.restored is not None:
                await self.restored(uow)
            for feed in self.feeds:
                if feed.topic in survey.ahead:
                    await feed.rise(connection, _highest(survey, feed.topic))
            done = Reconciled(taken, repeated, given_up)
            await published.note(connection, places(_ends(survey), self.prefix))
            row = {
                "by": by,
                "reason": reason,
                "taken_over": taken,
                "repeated": repeated,
                "given_up": dumps(given_up),
            }
            await connection.execute(_WRITE_DOWN, row)
        return done

    async def _behind_floors(self, connection: AsyncConnection) -> Mapping[str, set[str]]:
        """Topic -> keys still behind the log; floors of the others are lifted."""
        wanted: dict[str, dict[str, int]] = {}
        for row in await connection.execute(_UNDECIDED):
            wanted.setdefault(row.topic, {})[row.key] = row.version
        behind: dict[str, set[str]] = {}
        for topic, owned in self.owned.items():
            asked = wanted.get(topic.name, {})
            known = await known_versions(connection, owned, asked)
            left = {key for key, version in asked.items() if version > known.get(key, 0)}
            await floors.lift(connection, ((topic.name, key) for key in asked.keys() - left))
            if left:
                behind[topic.name] = left
        return behind

    async def _states_behind(
        self, connection: AsyncConnection, survey: Survey
    ) -> Mapping[str, set[str]]:
        behind: dict[str, set[str]] = {}
        for topic in survey.ahead:
            if topic.kind == "state":
                highest = _highest(survey, topic)
                known = await known_versions(connection, self.owned[topic], highest)
                left = {key for key, version in highest.items() if version > known.get(key, 0)}
                behind |= {topic.name: left} if left else {}
        return behind


def _floors(survey: Survey) -> dict[floors.Key, int]:
    return {
        (topic.name, key): version
        for topic in survey.ahead
        if topic.kind == "events"
        for key, version in _highest(survey, topic).items()
    }


def _highest(survey: Survey, topic: Topic) -> Mapping[str, int]:
    return {key: max(versions) for key, versions in survey.ahead[topic].types.items()}


def _ends(survey: Survey) -> dict[TopicPartition, int]:
    return {tp: end for tp, (_, end) in survey.stretches.items()}
