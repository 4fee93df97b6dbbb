"""How long a topic has stood still is measured, not read off a clock that somebody may set."""

from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import ConsumerRecord, TopicPartition

from marktbund.consuming.lag import Behind

PARTITION = TopicPartition("t", 0)


class Log:
    """A consumer's view of a log with seven records."""

    def assignment(self):
        return {PARTITION}

    def highwater(self, partition):
        return 7

    async def end_offsets(self, partitions):
        return dict.fromkeys(partitions, 7)


class WallClock:
    def __init__(self):
        self.now = datetime(2026, 12, 1, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(seconds=-5)])
async def test_a_clock_that_was_set_makes_no_lag(step):
    clock = WallClock()
    behind = Behind("", now=clock)
    assert (await behind.measured(Log(), {PARTITION: 3}))["t"].records == 4
    clock.now += step
    standing = (await behind.measured(Log(), {PARTITION: 3}))["t"]
    assert standing.records == 4
    assert 0.0 <= standing.seconds < 60.0


async def test_a_record_in_hand_is_as_old_as_its_machine_says():
    clock = WallClock()
    behind = Behind("", now=clock)
    written = int((clock.now - timedelta(minutes=2)).timestamp() * 1000)
    record = ConsumerRecord("t", 0, 3, written, 0, None, b"", 0, 0, 0, ())
    with behind.holding([record]):
        assert (await behind.measured(Log(), {PARTITION: 3}))["t"].seconds == 120.0
