"""What a consumer does with records it has passed already."""

from datetime import UTC, datetime

from aiokafka import ConsumerRecord, TopicPartition
from sqlalchemy import text

from marktbund.consuming import Batches, Hearing
from marktbund.contracts.members import MEMBER_EVENTS, MemberStatusChanged
from marktbund.envelope import Origin, write_headers
from marktbund.ids import new_id
from marktbund.unit_of_work import Database

from .conftest import Watched


def record(topic: str, offset: int) -> ConsumerRecord:
    event = MemberStatusChanged(version=1, member_id=new_id(), status="active")
    headers = write_headers(event, new_id(), "members", datetime.now(UTC), Origin("test"))
    value = event.model_dump_json().encode()
    raw = tuple((name, held.encode()) for name, held in headers.items())
    return ConsumerRecord(topic, 0, offset, 0, 0, event.key.encode(), value, None, 0, 0, raw)


async def test_records_below_the_stored_offset_are_passed_over_and_not_counted(database: Database):
    prefix = f"t{new_id().hex[-12:]}_"
    partition = TopicPartition(prefix + MEMBER_EVENTS.name, 0)
    watched = Watched()
    batches = Batches(database, "again.v1", prefix, Hearing({MEMBER_EVENTS: watched.apply}))
    async with database.engine.begin() as connection:
        await connection.execute(
            text("""INSERT INTO consumer_offset
                    (consumer, topic, partition, next_offset, cluster_id, topic_id)
                    VALUES ('again.v1', :topic, 0, 5, 'c', 't')"""),
            {"topic": partition.topic},
        )
    batches.expected[partition] = 5
    await batches.apply(
        [record(partition.topic, 3), record(partition.topic, 4), record(partition.topic, 5)]
    )
    await batches.apply([record(partition.topic, 4)])
    assert [seen.offset for seen in watched.seen] == [5]
    async with database.reading() as connection:
        row = (
            await connection.execute(
                text("SELECT next_offset, applied FROM consumer_offset WHERE topic = :topic"),
                {"topic": partition.topic},
            )
        ).one()
    assert (row.next_offset, row.applied) == (6, 1)
