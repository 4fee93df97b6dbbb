"""What a replay, a repair and a discard do to one letter, without a consumer beside them."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming import Hearing
from marktbund.consuming.dead_letters import Parked, park
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.envelope import Received
from marktbund.errors import DomainError
from marktbund.failures import TransientError
from marktbund.ids import new_id
from marktbund.replaying import DeadLetters, letters
from marktbund.testing.databases import PinnedDatabase
from marktbund.unit_of_work import UnitOfWork

from .desk import spoilt
from .operating import Handled
from .test_delivery import event

BY = UUID("00000000-0000-7000-8000-0000000000b1")
ME, STRANGER = "members.v1", "orders.v1"
NAMED = {"ce_id": "x", "ce_type": "x"}


def good(key: UUID, version: int) -> ConsumerRecord:
    return spoilt(key, version, event(key, version).model_dump_json().encode())


class ReplayBench:
    """A desk over one transaction, and letters parked on partition 3 of its topic."""

    def __init__(self, connection: AsyncConnection, handled: Handled) -> None:
        self.connection = connection
        self.handled = handled
        self.desk = self.desk_with(Hearing({MEMBER_EVENTS: handled}))

    def desk_with(self, hearing: Hearing) -> DeadLetters:
        return DeadLetters(PinnedDatabase(self.connection, "members"), hearing, prefix="")

    async def parked(self, *records: ConsumerRecord, consumer: str = ME) -> list[UUID]:
        """The letters' ids, in the order of the log."""
        placed = [
            replace(record, topic=MEMBER_EVENTS.name, partition=3, offset=offset)
            for offset, record in enumerate(records)
        ]
        put = text("""INSERT INTO consumer_offset
                      (consumer, topic, partition, next_offset, parked, cluster_id, topic_id)
                      VALUES (:consumer, :topic, 3, :count, :count, 'c', 't')""")
        values = {"consumer": consumer, "topic": MEMBER_EVENTS.name, "count": len(placed)}
        await self.connection.execute(put, values)
        await park(self.connection, consumer, [Parked(r, "bad_json", "why") for r in placed])
        rows = await self.connection.execute(
            text("SELECT id FROM dead_letter WHERE consumer = :c ORDER BY record_offset"),
            {"c": consumer},
        )
        return list(rows.scalars())

    async def shown(self, letter: UUID) -> letters.DeadLetterContentAnswer:
        shown = await letters.shown(self.connection, letter)
        assert shown is not None
        return shown

    async def tallies(self, consumer: str = ME) -> tuple[int, int, int, int]:
        """Applied, duplicates, parked, discarded."""
        row = await self.connection.execute(
            text("""SELECT applied, duplicates, parked, discarded FROM consumer_offset
                     WHERE consumer = :c AND topic = :t AND partition = 3"""),
            {"c": consumer, "t": MEMBER_EVENTS.name},
        )
        applied, duplicates, parked, discarded = row.one()
        return applied, duplicates, parked, discarded


@pytest.fixture
async def bench(connection: AsyncConnection) -> ReplayBench:
    await connection.execute(text("DELETE FROM consumer_offset"))
    return ReplayBench(connection, Handled())


async def test_letters_of_a_key_are_replayed_in_turn(bench: ReplayBench):
    key = new_id()
    first, second = await bench.parked(good(key, 1), good(key, 2))
    with pytest.raises(DomainError) as refusal:
        await bench.desk.replay(second, BY)
    assert refusal.value.code == "letter_waits"
    assert str(first) in refusal.value.detail
    assert (await bench.desk.replay(first, BY)).outcome == "applied"
    assert (await bench.desk.replay(second, BY)).outcome == "applied"
    assert (bench.handled.versions, await bench.tallies()) == ([1, 2], (2, 0, 0, 0))


async def test_letters_of_other_keys_wait_for_nobody(bench: ReplayBench):
    _, other = await bench.parked(spoilt(new_id(), 1), good(new_id(), 1))
    assert (await bench.desk.replay(other, BY)).outcome == "applied"
    assert await bench.tallies() == (1, 0, 1, 0)


async def test_a_failure_keeps_the_letter_and_both_causes(bench: ReplayBench):
    (letter,) = await bench.parked(good(new_id(), 1))
    bench.handled.refuse = 1
    failed = await bench.desk.replay(letter, BY)
    assert (failed.outcome, failed.code) == ("failed", "handler_failed")
    assert failed.cause == "ValueError: not this one"
    shown = await bench.shown(letter)
    assert (shown.status, shown.code, shown.cause) == ("parked", "bad_json", "why")
    assert (shown.attempts, shown.retry_code) == (1, "handler_failed")
    assert [step.detail for step in shown.steps] == ["handler_failed: ValueError: not this one"]
    assert await bench.tallies() == (0, 0, 1, 0)
    bench.handled.refuse = 0
    assert (await bench.desk.replay(letter, BY)).outcome == "applied"
    assert (await bench.shown(letter)).attempts == 1


async def test_what_only_later_works_is_no_failure_of_the_letter(bench: ReplayBench):
    async def tired(records: Sequence[Received], uow: UnitOfWork) -> None:
        del records, uow
        raise TransientError

    (letter,) = await bench.parked(good(new_id(), 1))
    desk = bench.desk_with(Hearing({MEMBER_EVENTS: tired}))
    with pytest.raises(TransientError):
        await desk.replay(letter, BY)
    shown = await bench.shown(letter)
    assert (shown.status, shown.attempts, shown.steps) == ("parked", 0, ())


async def test_an_event_applied_meanwhile_counts_as_a_duplicate(bench: ReplayBench):
    record = good(new_id(), 1)
    first, second = await bench.parked(record, record)
    done = await bench.desk.replay_key(first, BY)
    assert [(letter.id, letter.outcome) for letter in done] == [
        (first, "applied"),
        (second, "duplicate"),
    ]
    assert (bench.handled.versions, await bench.tallies()) == ([1], (1, 1, 0, 0))


async def test_a_key_is_replayed_up_to_the_first_that_fails(bench: ReplayBench):
    key = new_id()
    ids = await bench.parked(*(good(key, version) for version in (1, 2, 3)))
    bench.handled.refuse = 2
    done = await bench.desk.replay_key(ids[2], BY)
    assert [letter.outcome for letter in done] == ["applied", "failed"]
    assert [letter.record_offset for letter in done] == [0, 1]
    assert (await bench.shown(ids[2])).waits_behind == ids[1]


async def test_a_key_of_which_nothing_waits_is_done(bench: ReplayBench):
    (letter,) = await bench.parked(good(new_id(), 1))
    await bench.desk.discard(letter, BY, "a test record")
    assert await bench.desk.replay_key(letter, BY) == []


async def test_a_letter_without_a_key_is_replayed_by_itself(bench: ReplayBench):
    keyless = replace(spoilt(new_id(), 1), key=None)
    first, second = await bench.parked(keyless, keyless)
    (failed,) = await bench.desk.replay_key(second, BY)
    assert (failed.id, failed.outcome) == (second, "failed")
    assert (await bench.shown(second)).waits_behind is None
    assert (await bench.shown(first)).attempts == 0


async def code_of(doing) -> str:
    with pytest.raises(DomainError) as refusal:
        await doing
    return refusal.value.code


async def test_a_letter_of_another_consumer_can_only_be_given_up(bench: ReplayBench):
    (letter,) = await bench.parked(good(new_id(), 1), consumer=STRANGER)
    assert await code_of(bench.desk.replay(letter, BY)) == "other_consumer"
    assert await code_of(bench.desk.replay_key(letter, BY)) == "other_consumer"
    assert await bench.tallies(STRANGER) == (0, 0, 1, 0)
    await bench.desk.discard(letter, BY, "its reader is gone")
    assert await bench.tallies(STRANGER) == (0, 0, 0, 1)
    assert (await bench.shown(letter)).steps[0].detail == "its reader is gone"


async def test_what_is_settled_is_left_alone(bench: ReplayBench):
    (letter,) = await bench.parked(good(new_id(), 1))
    await bench.desk.discard(letter, BY, "a test record")
    for doing in (
        bench.desk.replay(letter, BY),
        bench.desk.discard(letter, BY, "again"),
        bench.desk.repair(letter, BY, "again", "{}"),
    ):
        assert await code_of(doing) == "letter_settled"
    assert len((await bench.shown(letter)).steps) == 1
    assert await bench.tallies() == (0, 0, 0, 1)


async def test_a_letter_nobody_knows_is_refused_everywhere(bench: ReplayBench):
    for doing in (
        bench.desk.replay(BY, BY),
        bench.desk.replay_key(BY, BY),
        bench.desk.discard(BY, BY, "why"),
        bench.desk.repair(BY, BY, "why", "{}"),
    ):
        assert await code_of(doing) == "letter_unknown"


@pytest.mark.parametrize(
    ("value", "headers"),
    [("{", None), ("{}", None), ("", None), (None, NAMED), (None, {})],
    ids=["torn", "of no event", "empty", "half the headers", "no headers"],
)
async def test_a_repair_that_could_not_be_read_is_not_kept(
    bench: ReplayBench, value: str | None, headers: dict[str, str] | None
):
    (letter,) = await bench.parked(good(new_id(), 1))
    doing = bench.desk.repair(letter, BY, "why", value, headers)
    assert await code_of(doing) == "still_unreadable"
    assert (await bench.shown(letter)).steps == ()


async def test_the_newest_repair_is_what_is_applied_and_all_are_kept(bench: ReplayBench):
    key = new_id()
    (letter,) = await bench.parked(spoilt(key, 1))
    mended = event(key, 1)
    first, last = mended.model_dump_json(), mended.model_dump_json(indent=1)
    await bench.desk.repair(letter, BY, "first try", first)
    await bench.desk.repair(letter, BY, "second try", last)
    assert (await bench.shown(letter)).repaired
    assert (await bench.desk.replay(letter, BY)).outcome == "applied"
    shown = await bench.shown(letter)
    assert [step.detail for step in shown.steps] == ["first try", "second try", ""]
    assert [step.value.text for step in shown.steps if step.value] == [first, last]
    assert shown.value == letters.Bytes(base64="ew==", text="{")


async def test_what_stands_still_is_counted_by_topic_and_by_key(bench: ReplayBench):
    key, other = new_id(), new_id()
    ids = await bench.parked(spoilt(key, 1), spoilt(key, 2), spoilt(other, 1))
    (totals,) = [row for row in await letters.standing(bench.connection) if row.consumer == ME]
    assert (totals.parked, totals.quarantined_keys) == (3, 2)
    keys = await letters.quarantined_keys(bench.connection, after=UUID(int=0), limit=500)
    mine = {row.key: (row.first_id, row.parked) for row in keys if row.consumer == ME}
    assert mine == {str(key): (ids[0], 2), str(other): (ids[2], 1)}
    for letter in ids:
        await bench.desk.discard(letter, BY, "gone")
    assert [row for row in await letters.standing(bench.connection) if row.consumer == ME] == []
