"""Blobs on a real folder: kept once, found again, and found out when altered."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from marktbund.blobs import AlteredError, Blobs

CONTENT = b"%PDF-1.7 quote"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "with space" / "blobs"


async def test_what_is_kept_is_read_by_another_process_of_the_same_folder(folder: Path):
    await Blobs(folder.as_uri()).keep(SHA256, BytesIO(CONTENT))
    assert await Blobs(folder.as_uri()).read(SHA256) == CONTENT
    assert [file.name for file in files(folder)] == [SHA256]


async def test_the_same_content_is_kept_once(folder: Path):
    blobs = Blobs(folder.as_uri())
    await blobs.keep(SHA256, BytesIO(CONTENT))
    (kept,) = files(folder)
    before = kept.stat()
    await blobs.keep(SHA256, BytesIO(CONTENT))
    now = kept.stat()
    assert (now.st_mtime_ns, now.st_ino) == (before.st_mtime_ns, before.st_ino)


async def test_a_missing_blob_is_told_from_an_altered_one(folder: Path):
    blobs = Blobs(folder.as_uri())
    with pytest.raises(LookupError):
        await blobs.read(SHA256)
    await blobs.keep(SHA256, BytesIO(CONTENT))
    (kept,) = files(folder)
    kept.write_bytes(b"%PDF-1.7 dearer")
    with pytest.raises(AlteredError):
        await blobs.read(SHA256)


@pytest.mark.parametrize("location", ["folder", "memory:///"])
async def test_what_is_nobodys_is_forgotten_and_may_be_kept_again(folder: Path, location: str):
    blobs = Blobs(folder.as_uri() if location == "folder" else location)
    for _ in range(2):
        await blobs.keep(SHA256, BytesIO(CONTENT))
        assert await blobs.read(SHA256) == CONTENT
        await blobs.forget(SHA256)
        await blobs.forget(SHA256)
        with pytest.raises(LookupError):
            await blobs.read(SHA256)


async def test_memory_holds_blobs_for_tests():
    blobs = Blobs("memory:///")
    await blobs.keep(SHA256, BytesIO(CONTENT))
    assert await blobs.read(SHA256) == CONTENT
