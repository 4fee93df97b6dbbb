"""Leases: one holder at a time, handed over at once or after its time, fenced by epoch."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund.ids import SHARDS
from marktbund.leases import FENCE, Leases

ALL = list(range(SHARDS))


@pytest.fixture
def leases(engine: AsyncEngine) -> tuple[Leases, Leases]:
    return Leases(engine, "relay"), Leases(engine, "relay")


async def run_out(engine: AsyncEngine) -> None:
    """As if every holder had been dead for its time."""
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE lease SET lease_until = clock_timestamp() - interval '1 ms'")
        )


async def epochs(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(text("SELECT sum(epoch) FROM lease")))


async def may_act(engine: AsyncEngine, leases: Leases) -> bool:
    async with engine.connect() as connection:
        query = text(f"SELECT {FENCE}")
        return bool(await connection.scalar(query, {"task": leases.task, "owner": leases.owner}))


async def test_the_first_takes_all_and_the_second_waits(engine, leases):
    first, second = leases
    assert (await first.keep(), await second.keep()) == (ALL, [])
    assert (first.valid, second.valid) == (True, False)
    assert (await may_act(engine, first), await may_act(engine, second)) == (True, False)


async def test_what_is_given_back_is_taken_at_once(engine, leases):
    first, second = leases
    await first.keep()
    assert await second.keep() == []
    await first.release()
    assert not first.valid
    assert await second.keep() == ALL
    assert (await may_act(engine, first), await may_act(engine, second)) == (False, True)


async def test_a_dead_holder_is_replaced_and_fenced_out(engine, leases):
    first, second = leases
    await first.keep()
    before = await epochs(engine)
    await run_out(engine)
    assert await second.keep() == ALL
    assert await epochs(engine) == before + SHARDS
    assert first.valid  # by its own clock it still holds: that is what the fence is for
    assert not await may_act(engine, first)
    first._renew_at = 0.0
    assert await first.keep() == []


async def test_nobody_may_act_when_the_time_is_over(engine, leases):
    first, _ = leases
    await first.keep()
    await run_out(engine)
    assert not await may_act(engine, first)


async def test_renewing_is_no_change_of_owner(engine, leases):
    first, second = leases
    await first.keep()
    before = await epochs(engine)
    first._renew_at = 0.0
    assert await first.keep() == ALL
    assert await epochs(engine) == before
    assert await second.keep() == []


async def test_between_renewals_the_database_is_left_alone(engine, leases):
    first, _ = leases
    await first.keep()
    async with engine.begin() as connection:
        held = await connection.scalar(text("SELECT max(lease_until) FROM lease"))
        for _ in range(3):
            assert await first.keep() == ALL
        assert await connection.scalar(text("SELECT max(lease_until) FROM lease")) == held


async def test_a_process_that_slept_through_its_lease_knows(leases):
    first, _ = leases
    await first.keep()
    first._valid_until -= 16
    assert not first.valid


async def test_giving_back_gives_only_ones_own(leases):
    first, second = leases
    await first.keep()
    await second.release()
    assert await second.keep() == []


async def test_of_many_at_once_one_holds_each_shard(engine):
    many = [Leases(engine, "relay") for _ in range(6)]
    taken = await asyncio.gather(*(leases.keep() for leases in many))
    assert sorted(shard for shards in taken for shard in shards) == ALL
    assert sum(1 for shards in taken if shards) == 1


async def test_tasks_are_apart(engine, leases):
    first, _ = leases
    await first.keep()
    assert await Leases(engine, "nothing-there").keep() == []
