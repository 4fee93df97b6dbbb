"""A consumer one version behind its writer applies what it can read and parks the rest whole."""

import asyncio
import json
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer
from sqlalchemy import text

from marktbund import clock
from marktbund.contracts.members import MEMBER_EVENTS, MemberStatusChanged
from marktbund.envelope import Origin, write_headers
from marktbund.ids import new_id
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database

from .conftest import Watched, hearing


def event(key: UUID, version: int) -> MemberStatusChanged:
    return MemberStatusChanged(version=version, member_id=key, status="active")


def newer(message: MemberStatusChanged, **changed: Any) -> bytes:
    """The value as a writer of a later version would send it."""
    return json.dumps(json.loads(message.model_dump_json()) | changed).encode()


async def send(kafka: KafkaBroker, topic: str, sent: list[tuple[MemberStatusChanged, bytes]]):
    producer = AIOKafkaProducer(**kafka.admin.aiokafka())
    await producer.start()
    try:
        for message, value in sent:
            headers = write_headers(message, new_id(), "members", clock.now(), Origin("test"))
            await producer.send_and_wait(
                topic,
                value,
                key=message.key.encode(),
                partition=0,
                headers=[(name, text.encode()) for name, text in headers.items()],
            )
    finally:
        await producer.stop()


async def parked(database: Database, topic: str) -> list[tuple[str, bytes]]:
    async with database.reading() as connection:
        rows = await connection.execute(
            text("SELECT code, value FROM dead_letter WHERE topic = :topic ORDER BY record_offset"),
            {"topic": topic},
        )
        return [(row.code, bytes(row.value)) for row in rows]


async def test_a_newer_writers_events_are_applied_or_parked_with_all_they_say(
    database: Database, kafka: KafkaBroker, prefix: str
):
    topic, watched = prefix + MEMBER_EVENTS.name, Watched()
    grown, unknown = new_id(), new_id()
    sent = [
        (event(grown, 1), newer(event(grown, 1), reason="merged", since={"day": "2031-01-01"})),
        (event(unknown, 1), newer(event(unknown, 1), status="merged")),
        (event(unknown, 2), newer(event(unknown, 2))),
        (event(grown, 2), newer(event(grown, 2))),
    ]
    async with hearing(database, kafka, prefix, watched):
        await send(kafka, topic, sent)
        await watched.until(2)
        async with asyncio.timeout(10):
            while len(await parked(database, topic)) < 2:
                await asyncio.sleep(0.05)
    assert [seen.event for seen in watched.seen] == [event(grown, 1), event(grown, 2)]
    assert watched.seen[0].value == sent[0][1]
    assert await parked(database, topic) == [
        ("wrong_schema", sent[1][1]),
        ("key_quarantined", sent[2][1]),
    ]
