"""Where a task waits, for the log: places in the code, outermost first, and never a value."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from marktbund.telemetry.waiting import places

_PLACE = re.compile(r"\S+\.py:\d+ \w+")


async def suspended(work: Callable[[asyncio.Event], Awaitable[None]]) -> str:
    """The places of a task while it waits for an event; the task ends well afterwards."""
    event = asyncio.Event()

    async def outer() -> None:
        await work(event)

    task = asyncio.create_task(outer())
    await asyncio.sleep(0)
    where = places(task)
    event.set()
    await task
    return where


def names(where: str) -> list[str]:
    return [frame.rpartition(" ")[2] for frame in where.split("; ")]


async def lock(event: asyncio.Event) -> None:
    await event.wait()


async def batch(event: asyncio.Event) -> None:
    held = "geheim-4711"
    await lock(event)
    assert held


@asynccontextmanager
async def unit(event: asyncio.Event) -> AsyncIterator[None]:
    await event.wait()
    yield


async def test_frames_are_named_from_the_outermost_to_where_it_waits():
    where = await suspended(batch)
    assert names(where)[:4] == ["outer", "batch", "lock", "wait"]


async def test_a_place_is_file_line_and_function():
    where = await suspended(lock)
    assert all(_PLACE.fullmatch(frame) for frame in where.split("; "))
    assert f"{__file__}:" in where


async def test_no_value_stands_in_it():
    assert "geheim-4711" not in await suspended(batch)


async def test_what_waits_within_a_context_manager_ends_with_its_place():
    async def entering(event: asyncio.Event) -> None:
        async with unit(event):
            pass

    where = names(await suspended(entering))
    assert where[:2] == ["outer", "entering"]
    assert "wait" not in where


async def test_a_task_that_has_ended_waits_nowhere():
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    assert places(task) == ""
