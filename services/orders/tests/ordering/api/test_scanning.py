"""Uploads where a scanner is set: what it finds is refused, and without its word nothing is kept.

`Clamd` holds to the protocol as `man clamd` gives it; the same tests pass with the real one, named
in MARKTBUND_TEST_CLAMD (docs/runbooks/uploads.md says how it is started).
"""

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import text

from marktbund.testing.documents import pdf
from marktbund.testing.fixtures import doors_of
from orders.main import SERVICE
from orders.ordering.domain.attachments import MAX_BYTES
from orders.ordering.gateways.scanning import ScannerAwayError, scanner_at

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text every scanner calls malware; in two pieces, for the scanners of our readers."""
SCANNERS = ["", *filter(None, [os.environ.get("MARKTBUND_TEST_CLAMD")])]
"""Empty: the one of this file."""


@dataclass
class Clamd:
    """clamd's side of INSTREAM; `word`: what it answers instead of looking."""

    word: bytes = b""
    url: str = ""
    largest: int = 25 * 1024 * 1024
    scanned: list[int] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
            if len(content) > self.largest:
                break
        self.scanned.append(len(content))
        word = b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"
        if len(content) > self.largest:
            word = b"INSTREAM size limit exceeded. ERROR"
        if self.word != b"hang up":
            writer.write((self.word or word) + b"\0")
        writer.close()


@pytest.fixture
async def clamd() -> AsyncIterator[Clamd]:
    behave = Clamd()
    server = await asyncio.start_server(behave, "127.0.0.1", 0)
    behave.url = f"clamd://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield behave
    server.close()


@pytest.fixture
def scanned_by(desk, blobs, connection, orders_database):
    """The desk's doors with a scanner."""

    def made(url: str):
        state = {"blobs": blobs, "scan": scanner_at(url)}
        desk.doors = doors_of(replace(SERVICE, state=state), connection, orders_database.app_url)
        return desk

    return made


async def uploaded(desk, content: bytes):
    return await desk.doors.client.post("/attachments", content=content, headers=desk.headers())


async def nothing_kept(desk, blobs, content: bytes) -> bool:
    with pytest.raises(LookupError):
        await blobs.read(hashlib.sha256(content).hexdigest())
    return await desk.uow.connection.scalar(text("SELECT count(*) FROM attachment")) == 0


async def test_a_clean_document_is_scanned_whole_and_kept(scanned_by, clamd):
    content = pdf() + b"%" + b"0" * 300_000 + b"\n"
    answer = await uploaded(scanned_by(clamd.url), content)
    assert (answer.status_code, clamd.scanned) == (200, [len(content)])


@pytest.mark.parametrize("named", SCANNERS)
async def test_what_the_scanner_finds_is_refused_and_not_kept(scanned_by, clamd, blobs, named: str):
    content = pdf() + b"%" + EICAR + b"\n"
    desk = scanned_by(named or clamd.url)
    answer = await uploaded(desk, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "document_infected")
    assert answer.json()["title"] == "In dem Dokument steckt Schadsoftware"
    assert await nothing_kept(desk, blobs, content)


@pytest.mark.parametrize(
    "word",
    [b"hang up", b"INSTREAM size limit exceeded. ERROR", b"who are you?", b"x" * 9_000],
    ids=["hangs up", "too large", "something else", "no end"],
)
async def test_without_the_scanners_word_nothing_is_kept(scanned_by, clamd, blobs, word: bytes):
    clamd.word = word
    desk = scanned_by(clamd.url)
    answer = await uploaded(desk, pdf())
    assert (answer.status_code, answer.json()["code"]) == (503, "document_not_inspected")
    assert answer.json()["way_out"] == "Bitte laden Sie es in einigen Minuten noch einmal hoch."
    assert await nothing_kept(desk, blobs, pdf())


async def test_a_scanner_that_is_away_keeps_nothing_and_comes_back(scanned_by, blobs, tmp_path):
    socket = tmp_path / "clamd.ctl"
    desk = scanned_by(f"clamd://{socket}")
    assert (await uploaded(desk, pdf())).status_code == 503
    assert await nothing_kept(desk, blobs, pdf())
    server = await asyncio.start_unix_server(Clamd(), socket)
    assert (await uploaded(desk, pdf())).status_code == 200
    server.close()


@pytest.mark.parametrize(
    "url", ["tcp://127.0.0.1:3310", "clamd://", "clamd://scanner", "127.0.0.1:3310"]
)
def test_a_misspelt_scanner_is_no_scanner_and_stops_the_start(url: str):
    with pytest.raises(ValueError, match="a scanner is clamd://host:port"):
        scanner_at(url)


@pytest.mark.parametrize("named", SCANNERS)
async def test_a_scanner_takes_the_largest_document_and_says_what_is_too_much(clamd, named: str):
    scan = scanner_at(named or clamd.url)
    assert await scan(io.BytesIO(bytes(MAX_BYTES))) == ""
    assert "Eicar" in await scan(io.BytesIO(EICAR))
    with pytest.raises(ScannerAwayError):
        await scan(io.BytesIO(bytes(40 * 1024 * 1024)))
