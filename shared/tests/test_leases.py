"""Leases: one holder at a time, handed over at once or after its time, fenced."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund.ids import new_id
from marktbund.leases import FENCE, LEASE, Lease

TASK = "relay"


@pytest.fixture
def leases(engine: AsyncEngine) -> tuple[Lease, Lease]:
    return Lease(engine, TASK), Lease(engine, TASK)


async def run_out(engine: AsyncEngine) -> None:
    """As if every holder had been dead for its time."""
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE lease SET lease_until = clock_timestamp() - interval '1 ms'")
        )


async def owners(engine: AsyncEngine) -> set[UUID]:
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT owner FROM lease WHERE task = 'relay'"))
        return set(rows.scalars())


async def may_act(engine: AsyncEngine, lease: Lease) -> bool:
    async with engine.connect() as connection:
        query = text(f"SELECT {FENCE}")
        return bool(await connection.scalar(query, {"task": lease.task, "owner": lease.owner}))


async def test_the_first_holds_it_and_the_second_waits(engine, leases):
    first, second = leases
    assert (await first.keep(), await second.keep()) == (True, False)
    assert (first.valid, second.valid) == (True, False)
    assert (await may_act(engine, first), await may_act(engine, second)) == (True, False)
    assert await owners(engine) == {first.owner}


async def test_what_is_given_back_is_taken_at_once(engine, leases):
    first, second = leases
    await first.keep()
    assert not await second.keep()
    await first.release()
    assert not first.valid
    assert await second.keep()
    assert (await may_act(engine, first), await may_act(engine, second)) == (False, True)


async def test_a_dead_holder_is_replaced_and_fenced_out(engine, leases):
    first, second = leases
    await first.keep()
    await run_out(engine)
    assert await second.keep()
    assert first.valid  # by its own clock it still holds: that is what the fence is for
    assert not await may_act(engine, first)
    first._renew_at = 0.0
    assert not await first.keep()
    assert not first.valid


async def test_nobody_may_act_when_the_time_is_over(engine, leases):
    first, _ = leases
    await first.keep()
    await run_out(engine)
    assert not await may_act(engine, first)


async def test_a_holder_that_renews_late_keeps_what_nobody_took(engine, leases):
    first, second = leases
    await first.keep()
    await run_out(engine)
    first._renew_at = 0.0
    assert await first.keep()
    assert not await second.keep()
    assert await may_act(engine, first)


async def test_between_renewals_the_database_is_left_alone(engine, leases):
    first, _ = leases
    await first.keep()
    async with engine.begin() as connection:
        held = await connection.scalar(text("SELECT max(lease_until) FROM lease"))
        for _ in range(3):
            assert await first.keep()
        assert await connection.scalar(text("SELECT max(lease_until) FROM lease")) == held


async def test_who_does_not_hold_it_asks_every_time(leases):
    first, second = leases
    await first.keep()
    assert not await second.keep()
    await first.release()
    assert await second.keep()


async def test_a_process_that_slept_through_its_lease_knows(leases):
    first, _ = leases
    await first.keep()
    first._valid_until -= LEASE.total_seconds() + 1
    assert not first.valid


async def test_what_is_lost_is_claimed_again_and_not_renewed_later(engine, leases):
    first, second = leases
    await first.keep()
    await run_out(engine)
    await second.keep()
    assert await first.keep(), "it does not know yet"
    first.lose()
    assert not first.valid
    assert not await first.keep()


async def test_giving_back_gives_only_ones_own(leases):
    first, second = leases
    await first.keep()
    await second.release()
    assert not await second.keep()


async def test_of_many_at_once_one_is_the_holder(engine):
    many = [Lease(engine, TASK) for _ in range(6)]
    held = await asyncio.gather(*(lease.keep() for lease in many))
    assert held.count(True) == 1
    assert await owners(engine) == {many[held.index(True)].owner}


async def test_while_the_release_before_holds_a_part_nobody_else_is_the_holder(engine, leases):
    # It takes row by row what is free; this one works only when all rows are its own.
    first, second = leases
    old = new_id()
    async with engine.begin() as connection:
        await connection.execute(
            text("""UPDATE lease SET owner = :old, lease_until = now() + interval '15 s'
                     WHERE task = 'relay' AND shard = 7"""),
            {"old": old},
        )
    assert not await first.keep()
    assert await owners(engine) >= {old}
    assert first.owner not in await owners(engine)
    await run_out(engine)
    assert await second.keep()
    assert await owners(engine) == {second.owner}


async def test_the_release_before_finds_nothing_free_beside_a_holder(engine, leases):
    first, _ = leases
    await first.keep()
    claim = text("""UPDATE lease SET owner = :old, lease_until = clock_timestamp()
                     WHERE task = 'relay' AND (owner = :old OR lease_until < clock_timestamp())""")
    async with engine.begin() as connection:
        assert (await connection.execute(claim, {"old": new_id()})).rowcount == 0


async def test_tasks_are_apart(engine, leases):
    first, _ = leases
    await first.keep()
    assert not await Lease(engine, "nothing-there").keep()
