"""The tail of an own topic: its last records first, then what came since, and nothing for Kafka's
absence.
"""

import asyncio
import time
from dataclasses import replace

import pytest

from marktbund.ahead import Log, LogAwayError, Tail
from marktbund.ahead.tails import LAST
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.ids import new_id

from .forgetting import Owner, engine, forgetful, owner, restoring

__all__ = ["engine", "forgetful", "owner", "restoring"]


def tail_of(owner: Owner) -> Tail:
    return Tail(owner.kafka.admin, "tail", owner.prefix, MEMBER_EVENTS)


async def versions(tail: Tail) -> list[int]:
    return [record.aggregate_version for record in await tail.read()]


async def test_the_first_reading_goes_back_some_records_and_the_next_goes_on(owner: Owner):
    tail, key = tail_of(owner), new_id()
    try:
        assert await versions(tail) == []
        await owner.change(*((key, version) for version in range(1, 4)))
        await owner.sent()
        assert await versions(tail) == [1, 2, 3]
        assert await versions(tail) == []
        await owner.change(*((key, version) for version in range(4, LAST + 10)))
        await owner.sent()
        assert await versions(tail) == list(range(4, LAST + 10))
        late = tail_of(owner)
        assert await versions(late) == list(range(10, LAST + 10))
        await late.close()
    finally:
        await tail.close()


async def test_a_client_that_was_let_go_is_made_anew_and_goes_on(owner: Owner):
    tail, key = tail_of(owner), new_id()
    await owner.change((key, 1))
    await owner.sent()
    assert await versions(tail) == [1]
    await tail.close()
    await owner.change((key, 2))
    await owner.sent()
    assert await versions(tail) == [2]
    await tail.close()


async def test_the_log_is_read_by_stretches(owner: Owner):
    log, topic = Log(owner.kafka.admin, "log", owner.prefix), MEMBER_EVENTS
    keys = [new_id() for _ in range(6)]
    await owner.change(*((key, 1) for key in keys))
    await owner.sent()
    ends = await log.ends([topic])
    assert sum(ends.values()) == 6
    whole = await log.read({partition: (0, end) for partition, end in ends.items()})
    assert sorted(record.key for record in whole) == sorted(str(key) for key in keys)
    partition, end = max(ends.items(), key=lambda item: item[1])
    (last,) = await log.read({partition: (end - 1, end)})
    assert (last.topic, last.partition, last.offset) == (topic, partition[1], end - 1)


async def test_without_kafka_nothing_is_known_and_that_soon(owner: Owner):
    nobody = replace(owner.kafka.admin, bootstrap="127.0.0.1:1")
    tail = Tail(nobody, "tail", owner.prefix, MEMBER_EVENTS, patience=0.5)
    asked = time.monotonic()
    with pytest.raises(LogAwayError):
        await asyncio.wait_for(tail.read(), 10)
    assert time.monotonic() - asked < 8
