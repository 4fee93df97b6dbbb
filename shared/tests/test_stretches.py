"""Stretches of the log read once: causes before effects, nothing beyond the end, little held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from marktbund.ahead.finding import Ahead, Survey, places, read_all
from marktbund.ahead.stretches import PAGE, merged
from marktbund.contracts.members import MEMBER_EVENTS

A, B, C = (TopicPartition(name, 0) for name in "abc")


def entry(partition: TopicPartition, offset: int, timestamp: int) -> ConsumerRecord:
    topic, number = partition
    return ConsumerRecord(topic, number, offset, timestamp, 0, b"k", b"{}", None, 0, 0, ())


@dataclass
class Log:
    """A broker's log in memory, as a consumer without a group sees it.

    ends: where positions go when a compacted partition holds nothing more.
    """

    records: dict[TopicPartition, list[ConsumerRecord]]
    ends: dict[TopicPartition, int]
    positions: dict[TopicPartition, int] = field(default_factory=dict)
    assigned: list[TopicPartition] = field(default_factory=list)
    most_at_once: int = 500

    def assign(self, partitions: Sequence[TopicPartition]) -> None:
        self.assigned = list(partitions)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.positions[partition] = offset

    async def position(self, partition: TopicPartition) -> int:
        return self.positions[partition]

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int, max_records: int
    ) -> dict[TopicPartition, list[ConsumerRecord]]:
        assert timeout_ms
        fetched = {}
        for partition in partitions:
            at = self.positions[partition]
            left = [r for r in self.records.get(partition, []) if r.offset >= at]
            fetched[partition] = left[: min(max_records, self.most_at_once)]
            after = fetched[partition][-1].offset + 1 if fetched[partition] else at
            whole = len(fetched[partition]) == len(left)
            self.positions[partition] = self.ends[partition] if whole else after
        return fetched


def log_of(**stamps: Iterable[int]) -> Log:
    """Topic -> timestamps of its records, at offsets 0, 1, 2 of partition 0."""
    records = {
        TopicPartition(name, 0): [
            entry(TopicPartition(name, 0), offset, stamp) for offset, stamp in enumerate(times)
        ]
        for name, times in stamps.items()
    }
    return Log(records, {partition: len(entries) for partition, entries in records.items()})


async def read(
    log: Log, stretches: dict[TopicPartition, tuple[int, int]]
) -> list[list[tuple[str, int]]]:
    return [[(r.topic, r.offset) for r in page] async for page in merged(log, stretches)]


def flat(pages: list[list[tuple[str, int]]]) -> list[tuple[str, int]]:
    return [record for page in pages for record in page]


async def test_records_of_several_partitions_come_by_their_time():
    log = log_of(a=[10, 30, 50], b=[20, 40])
    read_now = flat(await read(log, {A: (0, 3), B: (0, 2)}))
    assert read_now == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2)]


async def test_within_a_partition_the_log_has_its_own_order_whatever_the_clocks_said():
    log = log_of(a=[30, 10, 20], b=[15])
    read_now = flat(await read(log, {A: (0, 3), B: (0, 1)}))
    assert read_now == [("b", 0), ("a", 0), ("a", 1), ("a", 2)]


async def test_at_the_same_time_the_topics_name_decides():
    log = log_of(b=[7], a=[7], c=[7])
    read_now = flat(await read(log, {C: (0, 1), B: (0, 1), A: (0, 1)}))
    assert read_now == [("a", 0), ("b", 0), ("c", 0)]


async def test_a_stretch_begins_and_ends_where_it_was_said():
    log = log_of(a=range(10))
    assert flat(await read(log, {A: (3, 6)})) == [("a", 3), ("a", 4), ("a", 5)]


@pytest.mark.parametrize("stretch", [(0, 0), (4, 4), (5, 4)])
async def test_an_empty_stretch_is_not_asked_for(stretch: tuple[int, int]):
    log = log_of(a=range(10), b=[1])
    assert flat(await read(log, {A: stretch, B: (0, 1)})) == [("b", 0)]
    assert log.assigned == [B]


async def test_nothing_to_read_is_no_page():
    log = log_of(a=[1])
    assert await read(log, {}) == []
    assert await read(log, {A: (1, 1)}) == []


async def test_what_was_compacted_away_before_the_end_ends_the_stretch():
    log = log_of(a=[1, 2, 3], b=[2])
    del log.records[A][1:]
    log.ends[A] = 3
    assert flat(await read(log, {A: (0, 3), B: (0, 1)})) == [("a", 0), ("b", 0)]
    log.records[A].clear()
    assert flat(await read(log, {A: (0, 3), B: (0, 1)})) == [("b", 0)]


async def test_a_long_partition_waits_for_the_slow_one_and_pages_stay_small():
    log = log_of(a=range(0, 3000, 2), b=range(1, 3000, 2))
    log.most_at_once = 7
    pages = await read(log, {A: (0, 1500), B: (0, 1500)})
    assert max(map(len, pages)) <= PAGE
    assert flat(pages) == [(topic, n) for n in range(1500) for topic in "ab"]


@given(
    st.lists(st.integers(0, 40), max_size=30),
    st.lists(st.integers(0, 40), max_size=30),
    st.integers(1, 9),
)
async def test_everything_is_read_once_and_causes_come_before_what_is_later_everywhere(
    a: list[int], b: list[int], most: int
):
    a, b = sorted(a), sorted(b)
    log = log_of(a=a, b=b)
    log.most_at_once = most
    read_now = flat(await read(log, {A: (0, len(a)), B: (0, len(b))}))
    times = {"a": a, "b": b}
    assert [times[topic][offset] for topic, offset in read_now] == sorted(a + b)
    assert len(set(read_now)) == len(a) + len(b)


def test_what_cannot_be_read_is_not_ours():
    assert read_all([entry(A, 0, 1), entry(B, 0, 1)], "") == []


def test_positions_are_named_without_the_prefix():
    ends = {TopicPartition("t1_a", 3): 5, TopicPartition("b", 0): 1}
    assert places(ends, "t1_") == {("a", 3): 5, ("b", 0): 1}


def test_a_survey_counts_keys_and_not_records():
    ahead = Ahead(MEMBER_EVENTS, 3, {"k1": {2: "x", 3: "y"}, "k2": {1: "x"}})
    assert Survey({MEMBER_EVENTS: ahead}, {}).keys == {MEMBER_EVENTS.name: 2}
    assert Survey({}, {}).keys == {}
