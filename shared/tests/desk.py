"""What the tests of dead letters share: a spoilt record, an operator, what became of it all."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord
from sqlalchemy import text

from marktbund import clock
from marktbund.consuming import Hearing
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.envelope import Origin, write_headers
from marktbund.errors import DomainError
from marktbund.ids import new_id
from marktbund.replaying import DeadLetters, letters
from marktbund.unit_of_work import Database

from .conftest import Watched
from .test_delivery import ORIGIN, event

OPERATOR = new_id()
NO_RECORD = ConsumerRecord("", 0, 0, 0, 0, None, None, None, 0, 0, ())


def spoilt(key: UUID, version: int, value: bytes = b"{") -> ConsumerRecord:
    """An event of its key as its owner would send it, but for the value."""
    sent = event(key, version)
    headers = write_headers(sent, new_id(), "members", clock.now(), Origin("test", demo=True))
    packed = tuple((name, text.encode()) for name, text in headers.items())
    return replace(NO_RECORD, key=str(key).encode(), value=value, headers=packed)


class Desk:
    """Dead letters of one test's topic, and what the offsets say became of its records."""

    def __init__(self, database: Database, prefix: str, watched: Watched) -> None:
        self.database = database
        self.topic = prefix + MEMBER_EVENTS.name
        self.watched = watched
        self.letters = DeadLetters(database, Hearing({MEMBER_EVENTS: watched.apply}), prefix=prefix)

    async def parked(self, count: int | None = None) -> list[letters.DeadLetterAnswer]:
        """Parked letters in the order of the log; waits until there are as many as that."""
        async with asyncio.timeout(20):
            while True:
                async with self.database.reading() as connection:
                    parked = await letters.listed(
                        connection, after=UUID(int=0), limit=500, topic=self.topic
                    )
                if count is None or len(parked) == count:
                    return sorted(parked, key=lambda letter: letter.record_offset)
                await asyncio.sleep(0.05)

    async def tallies(self) -> tuple[int, ...]:
        """Applied, duplicates, parked, discarded, and the records read."""
        async with self.database.reading() as connection:
            row = await connection.execute(
                text(
                    "SELECT sum(applied), sum(duplicates), sum(parked), sum(discarded),"
                    " sum(next_offset) FROM consumer_offset WHERE topic = :topic"
                ),
                {"topic": self.topic},
            )
        return tuple(int(tally) for tally in row.one())

    async def gaps(self) -> list[tuple[int, int]]:
        async with self.database.reading() as connection:
            rows = await connection.execute(
                text(
                    "SELECT expected, got FROM version_gap WHERE topic = :topic AND key = ANY(:k)"
                ),
                {"topic": MEMBER_EVENTS.name, "k": list({r.key for r in self.watched.seen})},
            )
        return [(row.expected, row.got) for row in rows]

    def versions(self, key: UUID) -> list[int]:
        return [r.aggregate_version for r in self.watched.seen if r.key == str(key)]


async def continued(database: Database, key: UUID, versions: Sequence[int]) -> None:
    async with database.begin(ORIGIN) as uow:
        uow.announce(*(event(key, version) for version in versions))


async def refused(doing: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        await doing
    return refusal.value.code
