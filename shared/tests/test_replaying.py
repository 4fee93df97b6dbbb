"""Dead letters on real Kafka: repaired, replayed, discarded; order per key and effects once."""

import asyncio
from collections.abc import Sequence

from marktbund.consuming import Hearing
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.envelope import Received
from marktbund.ids import new_id
from marktbund.replaying import DeadLetters, letters
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database, UnitOfWork

from .conftest import Watched, hearing, relaying
from .desk import OPERATOR, Desk, continued, refused, spoilt
from .test_delivery import announce, count, event, produce

WAITING = "datname = current_database() AND wait_event_type = 'Lock'"


async def test_a_repaired_record_goes_first_and_what_waited_follows_in_order(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key, other = Watched(), new_id(), new_id()
    desk = Desk(database, prefix, watched)
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await announce(database, [key], 1)
        await watched.until(1)
        await produce(kafka, desk.topic, [spoilt(key, 2)])
        await continued(database, key, [3, 4])
        await announce(database, [other], 1)
        first, *behind = await desk.parked(3)
        assert [letter.waits_behind for letter in behind] == [first.id, first.id]
        assert await refused(desk.letters.replay(behind[0].id, OPERATOR)) == "letter_waits"
        [failed] = await desk.letters.replay_key(behind[1].id, OPERATOR)
        assert (failed.id, failed.outcome, failed.code) == (first.id, "failed", "bad_json")
        good = event(key, 2).model_dump_json()
        await desk.letters.repair(first.id, OPERATOR, "cut off in transit", good)
        done = await desk.letters.replay_key(first.id, OPERATOR)
        await continued(database, key, [5])
        await watched.until(6)
    assert [(letter.id, letter.outcome) for letter in done] == [
        (letter.id, "applied") for letter in (first, *behind)
    ]
    assert desk.versions(key) == [1, 2, 3, 4, 5]
    assert await desk.tallies() == (6, 0, 0, 0, 6)
    assert await desk.gaps() == []


async def test_after_a_handler_was_mended_its_key_is_replayed(
    database: Database, kafka: KafkaBroker, prefix: str
):
    key, other = new_id(), new_id()
    broken = Watched(
        fail_on=lambda r: ValueError(f"v{r.aggregate_version}") if r.key == str(key) else None
    )
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, broken):
        await announce(database, [key, other], 3)
        await broken.until(3)
        stuck = await Desk(database, prefix, broken).parked(3)
    half = Watched(fail_on=lambda r: ValueError("still") if r.aggregate_version == 2 else None)
    done = await Desk(database, prefix, half).letters.replay_key(stuck[0].id, OPERATOR)
    assert [letter.outcome for letter in done] == ["applied", "failed"]
    assert done[1].cause == "ValueError: still"
    desk = Desk(database, prefix, Watched())
    left = await desk.parked()
    assert [(letter.record_offset, letter.attempts, letter.retry_cause) for letter in left] == [
        (stuck[1].record_offset, 1, "ValueError: still"),
        (stuck[2].record_offset, 0, None),
    ]
    done = await desk.letters.replay_key(stuck[0].id, OPERATOR)
    assert [letter.outcome for letter in done] == ["applied", "applied"]
    assert (broken.seen[0].key, desk.versions(key)) == (str(other), [2, 3])
    assert await desk.tallies() == (6, 0, 0, 0, 6)
    assert await desk.gaps() == []
    assert await desk.letters.replay_key(stuck[0].id, OPERATOR) == []


async def test_a_discarded_record_frees_the_rest_and_leaves_a_gap(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await announce(database, [key], 1)
        await watched.until(1)
        await produce(kafka, desk.topic, [spoilt(key, 2)])
        await continued(database, key, [3])
        first, behind = await desk.parked(2)
        await desk.letters.discard(first.id, OPERATOR, "a test record of the owner")
        await continued(database, key, [4])
        assert [letter.waits_behind for letter in await desk.parked(2)] == [None, behind.id]
        assert (await desk.letters.replay(behind.id, OPERATOR)).outcome == "applied"
        await desk.letters.replay_key(behind.id, OPERATOR)
        await continued(database, key, [5])
        await watched.until(4)
    assert desk.versions(key) == [1, 3, 4, 5]
    assert await desk.gaps() == [(2, 3)]
    assert await desk.tallies() == (4, 0, 0, 1, 5)
    async with database.reading() as connection:
        shown = await letters.shown(connection, first.id)
    assert shown is not None
    assert (shown.status, shown.steps[0].detail) == ("discarded", "a test record of the owner")


async def test_a_record_that_was_parked_twice_takes_effect_once(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    first, second = spoilt(key, 1), spoilt(key, 2, event(key, 2).model_dump_json().encode())
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, [first, second, second])
        stuck = await desk.parked(3)
    await desk.letters.repair(stuck[0].id, OPERATOR, "why", event(key, 1).model_dump_json())
    done = await desk.letters.replay_key(stuck[0].id, OPERATOR)
    assert [letter.outcome for letter in done] == ["applied", "applied", "duplicate"]
    assert desk.versions(key) == [1, 2]
    assert await desk.tallies() == (2, 1, 0, 0, 3)


async def test_order_holds_while_the_live_consumer_goes_on(
    database: Database, kafka: KafkaBroker, prefix: str
):
    """Replays race with new events of the same key, parked behind or applied after them."""
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, [spoilt(key, 1)])
        [first] = await desk.parked(1)
        await desk.letters.repair(first.id, OPERATOR, "why", event(key, 1).model_dump_json())

        async def go_on() -> None:
            for version in range(2, 62):
                await continued(database, key, [version])
                await asyncio.sleep(0.01)

        going = asyncio.create_task(go_on())
        while len(await desk.parked()) < 10:
            await asyncio.sleep(0.02)
        done = [
            letter
            for replays in await asyncio.gather(
                *(desk.letters.replay_key(first.id, OPERATOR) for _ in range(3))
            )
            for letter in replays
        ]
        await going
        await watched.until(61)
    assert desk.versions(key) == list(range(1, 62))
    assert {letter.outcome for letter in done} == {"applied"}
    assert 10 <= len(done) == len({letter.id for letter in done})
    assert await desk.tallies() == (61, 0, 0, 0, 61)
    assert await desk.gaps() == []


async def test_a_live_record_waits_for_a_replay_of_its_key_and_is_not_parked_behind_it(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    entered, release = asyncio.Event(), asyncio.Event()

    async def held(records: Sequence[Received], uow: UnitOfWork) -> None:
        entered.set()
        await release.wait()
        await watched.apply(records, uow)

    slow = DeadLetters(database, Hearing({MEMBER_EVENTS: held}), prefix=prefix)
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, [spoilt(key, 1)])
        [first] = await desk.parked(1)
        await slow.repair(first.id, OPERATOR, "why", event(key, 1).model_dump_json())
        replay = asyncio.create_task(slow.replay(first.id, OPERATOR))
        await entered.wait()
        good = event(key, 2).model_dump_json().encode()
        await produce(kafka, desk.topic, [spoilt(key, 2, good)])
        async with asyncio.timeout(20):
            while await count(database, "pg_stat_activity", WAITING) == 0:
                assert len(await desk.parked()) == 1
                await asyncio.sleep(0.02)
        release.set()
        assert (await replay).outcome == "applied"
        await watched.until(2)
    assert desk.versions(key) == [1, 2]
    assert await desk.tallies() == (2, 0, 0, 0, 2)
