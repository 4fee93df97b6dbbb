"""Processes that die and come back: leases go on with one holder, blobs with whole contents."""

import asyncio
import hashlib
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund.blobs import AlteredError, Blobs
from marktbund.leases import FENCE, LEASE, RENEW_AFTER, Lease


async def over(engine: AsyncEngine, task: str = "relay") -> None:
    """As if the holder had not been heard of for its time."""
    query = text(
        "UPDATE lease SET lease_until = clock_timestamp() - interval '1 ms' WHERE task = :t"
    )
    async with engine.begin() as connection:
        await connection.execute(query, {"t": task})


async def left(engine: AsyncEngine) -> float:
    """Seconds until the relay's lease is over; below 0 it is."""
    query = text("SELECT extract(epoch FROM min(lease_until) - clock_timestamp()) FROM lease")
    async with engine.connect() as connection:
        return float(await connection.scalar(query))


async def owners(engine: AsyncEngine) -> set[UUID]:
    query = text("SELECT owner FROM lease WHERE task = 'relay'")
    async with engine.connect() as connection:
        return set((await connection.execute(query)).scalars())


async def may_write(engine: AsyncEngine, lease: Lease) -> bool:
    values = {"task": lease.task, "owner": lease.owner}
    async with engine.connect() as connection:
        return bool(await connection.scalar(text(f"SELECT {FENCE}"), values))


async def due(lease: Lease) -> bool:
    """Its next look, now."""
    lease._renew_at = 0.0
    return await lease.keep()


async def test_a_process_that_comes_back_is_another_holder(engine: AsyncEngine):
    before = Lease(engine, "relay")
    await before.keep()
    again = Lease(engine, "relay")
    assert again.owner != before.owner
    assert not await again.keep()
    await over(engine)
    assert await again.keep()
    assert not await may_write(engine, before)
    assert await may_write(engine, again)


async def test_a_holder_that_died_is_waited_for_and_no_longer(engine: AsyncEngine):
    await Lease(engine, "relay").keep()
    assert 0 < await left(engine) <= LEASE.total_seconds()
    waiting = Lease(engine, "relay")
    assert (await waiting.keep(), await due(waiting)) == (False, False)
    assert LEASE.total_seconds() > RENEW_AFTER * 3  # two looks may fail before it is lost


async def test_a_holder_that_stops_leaves_nothing_to_wait_for(engine: AsyncEngine):
    first, second = Lease(engine, "relay"), Lease(engine, "relay")
    await first.keep()
    await first.release()
    assert await second.keep()
    await first.release()  # once more, late
    assert await due(second)
    assert await may_write(engine, second)


async def test_whoever_holds_it_is_the_owner_and_renewing_changes_none(engine: AsyncEngine):
    first, second = Lease(engine, "relay"), Lease(engine, "relay")
    await first.keep()
    for _ in range(3):
        await due(first)
    assert await owners(engine) == {first.owner}
    await over(engine)
    await second.keep()
    assert await owners(engine) == {second.owner}
    await over(engine)
    await due(first)
    assert await owners(engine) == {first.owner}


async def test_a_holder_that_wakes_late_gets_it_back_where_nobody_took_it(engine: AsyncEngine):
    first = Lease(engine, "relay")
    await first.keep()
    await over(engine)
    assert not await may_write(engine, first)
    assert await due(first)
    assert await owners(engine) == {first.owner}
    assert await may_write(engine, first)


async def test_a_holder_that_wakes_too_late_sees_that_it_lost(engine: AsyncEngine):
    first, second = Lease(engine, "relay"), Lease(engine, "relay")
    await first.keep()
    await over(engine)
    await second.keep()
    assert not await due(first)
    assert (first.valid, second.valid) == (False, True)
    await first.release()
    assert await may_write(engine, second)


async def test_while_the_database_is_away_a_holder_is_valid_for_its_time_only(engine: AsyncEngine):
    first = Lease(engine, "relay")
    await first.keep()
    first._valid_until -= LEASE.total_seconds() - 1
    assert first.valid
    first._valid_until -= 1.1
    assert not first.valid


async def test_who_never_held_is_not_valid(engine: AsyncEngine):
    holder, other = Lease(engine, "relay"), Lease(engine, "relay")
    await holder.keep()
    assert not other.valid
    await other.keep()
    assert not other.valid


async def test_of_many_that_come_back_together_one_holds_after_every_end(engine: AsyncEngine):
    for _ in range(3):
        many = [Lease(engine, "relay") for _ in range(4)]
        held = await asyncio.gather(*(lease.keep() for lease in many))
        assert held.count(True) == 1
        await over(engine)


CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def kept(folder: Path) -> Path:
    (file,) = [file for file in files(folder) if file.name == SHA256]
    return file


async def test_a_blob_outlives_the_process_that_kept_it(folder: Path):
    await Blobs(folder.as_uri()).keep(SHA256, BytesIO(CONTENT))
    for _ in range(2):
        assert await Blobs(folder.as_uri()).read(SHA256) == CONTENT


async def test_whoever_keeps_at_the_same_time_keeps_one(folder: Path):
    blobs = Blobs(folder.as_uri())
    await asyncio.gather(*(blobs.keep(SHA256, BytesIO(CONTENT)) for _ in range(8)))
    assert await blobs.read(SHA256) == CONTENT
    assert kept(folder).read_bytes() == CONTENT


@pytest.mark.parametrize("size", [0, 1, len(CONTENT) - 1])
async def test_a_content_cut_off_is_found_out(folder: Path, size: int):
    blobs = Blobs(folder.as_uri())
    await blobs.keep(SHA256, BytesIO(CONTENT))
    kept(folder).write_bytes(CONTENT[:size])
    with pytest.raises(AlteredError, match=SHA256):
        await blobs.read(SHA256)


@pytest.mark.parametrize("bit", [0, 7, 8 * 1_000, 8 * len(CONTENT) - 1])
async def test_one_bit_turned_is_found_out(folder: Path, bit: int):
    blobs = Blobs(folder.as_uri())
    await blobs.keep(SHA256, BytesIO(CONTENT))
    content = bytearray(CONTENT)
    content[bit // 8] ^= 1 << bit % 8
    kept(folder).write_bytes(bytes(content))
    with pytest.raises(AlteredError):
        await blobs.read(SHA256)


async def test_what_was_altered_is_not_mended_by_keeping_it_again(folder: Path):
    """A blob is never changed: who lost it learns that, and does not lose the evidence."""
    blobs = Blobs(folder.as_uri())
    await blobs.keep(SHA256, BytesIO(CONTENT))
    kept(folder).write_bytes(b"altered")
    await blobs.keep(SHA256, BytesIO(CONTENT))
    with pytest.raises(AlteredError):
        await blobs.read(SHA256)
    await blobs.forget(SHA256)
    await blobs.keep(SHA256, BytesIO(CONTENT))
    assert await blobs.read(SHA256) == CONTENT


@pytest.mark.parametrize("location", ["folder", "memory:///"])
async def test_an_empty_content_is_a_content(folder: Path, location: str):
    blobs = Blobs(folder.as_uri() if location == "folder" else location)
    empty = hashlib.sha256(b"").hexdigest()
    await blobs.keep(empty, BytesIO())
    assert await blobs.read(empty) == b""


async def test_a_name_that_is_not_the_contents_is_found_out_when_it_is_read(folder: Path):
    blobs = Blobs(folder.as_uri())
    await blobs.keep(SHA256, BytesIO(b"another"))
    with pytest.raises(AlteredError):
        await blobs.read(SHA256)


async def test_no_folder_holds_more_than_a_256th(folder: Path):
    blobs = Blobs(folder.as_uri())
    for number in range(20):
        content = str(number).encode()
        await blobs.keep(hashlib.sha256(content).hexdigest(), BytesIO(content))
    assert {file.parent.name == file.name[:2] for file in files(folder)} == {True}


async def test_what_is_missing_says_which(folder: Path):
    blobs = Blobs(folder.as_uri())
    with pytest.raises(LookupError, match=SHA256):
        await blobs.read(SHA256)
    await blobs.forget(SHA256)
