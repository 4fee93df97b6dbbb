"""A stretch of the log read outside any group: from given offsets to given ends, once.

Records come in the order of their timestamps across partitions, so that a cause comes before what
it caused; within a partition in their own order. At most 500 records per partition are held.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from marktbund.kafka_access import KafkaAccess
from marktbund.topics import PARTITIONS

PAGE = 500

Stretches = Mapping[TopicPartition, tuple[int, int]]
"""Partition -> first offset and the one after the last."""


@asynccontextmanager
async def log_reader(kafka: KafkaAccess, client_id: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer in no group, with nothing assigned. Raises what aiokafka raises."""
    consumer = AIOKafkaConsumer(
        **kafka.aiokafka(),
        client_id=client_id,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        # Its tasks must have begun: stopping would raise the cancellation of one that has not.
        await asyncio.sleep(0)
        yield consumer
    finally:
        await consumer.stop()


async def ends_of(consumer: AIOKafkaConsumer, names: Iterable[str]) -> dict[TopicPartition, int]:
    """Partition -> the offset its next record will get; `names` with prefix."""
    partitions = [TopicPartition(name, number) for name in names for number in range(PARTITIONS)]
    consumer.assign(partitions)
    ends: dict[TopicPartition, int] = await consumer.end_offsets(partitions)
    return ends


async def merged(
    consumer: AIOKafkaConsumer, stretches: Stretches
) -> AsyncIterator[list[ConsumerRecord]]:
    """The records of all stretches, in pages."""
    open_ones = {tp: span for tp, span in stretches.items() if span[0] < span[1]}
    if not open_ones:
        return
    consumer.assign(list(open_ones))
    for tp, (first, _) in open_ones.items():
        consumer.seek(tp, first)
    held: dict[TopicPartition, deque[ConsumerRecord]] = {tp: deque() for tp in open_ones}
    behind = set(open_ones)
    while behind or any(held.values()):
        bare = [tp for tp in behind if not held[tp]]
        if bare:
            await _fetch(consumer, bare, open_ones, held)
            behind -= {tp for tp in bare if await consumer.position(tp) >= open_ones[tp][1]}
        else:
            yield _oldest(held, behind)


async def _fetch(
    consumer: AIOKafkaConsumer,
    bare: list[TopicPartition],
    stretches: Stretches,
    held: Mapping[TopicPartition, deque[ConsumerRecord]],
) -> None:
    # A compacted partition may hold nothing more before its end: the position moves all the same.
    fetched = await consumer.getmany(*bare, timeout_ms=200, max_records=PAGE)
    for tp, records in fetched.items():
        held[tp].extend(record for record in records if record.offset < stretches[tp][1])


def _oldest(
    held: Mapping[TopicPartition, deque[ConsumerRecord]], behind: Collection[TopicPartition]
) -> list[ConsumerRecord]:
    """Records up to where a partition that has more to come runs out, or a page is full."""
    page: list[ConsumerRecord] = []
    while len(page) < PAGE and all(held[tp] for tp in behind):
        waiting = [queue for queue in held.values() if queue]
        if not waiting:
            break
        first = min(waiting, key=lambda queue: (queue[0].timestamp, queue[0].topic))
        page.append(first.popleft())
    return page
