"""A checkpoint a day goes outside: announced, dropped as a file, stamped; again after trouble."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import load_pem_x509_certificates

from documentation import handlers, jobs
from documentation.domain.anchors import FIRST_PAUSE, LONGEST_PAUSE, next_attempt
from documentation.domain.checkpoints import signed_of
from documentation.gateways.file_drop import FileDrop
from documentation.gateways.time_stamps import TimeStamps
from documentation.main import StampSettingsError, composed
from marktbund.contracts.documentation import CheckpointAnchored
from marktbund.envelope import Origin

from .authority import Authority, at_work, openssl
from .test_main import private, settings

__all__ = ["private"]
DAY = date(2026, 5, 5)
LATE_EVENING = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)
"""In Berlin the fifth of May has begun."""
ANCHORS = "SELECT day, number, version FROM anchor ORDER BY day"
DELIVERIES = "SELECT channel, state, attempts, reason FROM anchor_delivery ORDER BY channel"


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


class Days:
    """An anchorer on a clock of its own."""

    def __init__(self, ledger: Any) -> None:
        self.ledger = ledger
        self.now = LATE_EVENING
        self.channels: dict[Any, Any] = {}

    async def run(self) -> None:
        await self.ledger.as_owner("UPDATE lease SET lease_until = '-infinity'")
        key = self.ledger.key.public_key()
        await jobs.Anchorer(key, self.channels, demo=False, now=lambda: self.now)(
            self.ledger.database
        )

    async def announced(self) -> list[CheckpointAnchored]:
        rows = await self.ledger.ask(
            "SELECT payload FROM outbox WHERE type LIKE '%.CheckpointAnchored.%' ORDER BY seq"
        )
        return [CheckpointAnchored.model_validate_json(row.payload) for row in rows]

    async def deliveries(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.ledger.ask(DELIVERIES)]


@pytest.fixture
async def days(ledger: Any, build: Any) -> Days:
    await ledger.ingest(build.persons(2))
    await ledger.settle()
    return Days(ledger)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with at_work(tmp_path_factory.mktemp("authority")) as authority:
        yield authority


@pytest.fixture
def authority(running: Authority) -> Authority:
    running.status, running.body = 200, None
    running.asked.clear()
    return running


def stamps(authority: Authority, root: Path | None = None, url: str = "") -> TimeStamps:
    roots = load_pem_x509_certificates((root or authority.root).read_bytes())
    return TimeStamps(url or authority.url, roots, seconds=5)


async def test_a_day_has_one_anchor_and_the_next_day_another(days: Days):
    await days.run()
    days.now += timedelta(hours=20)
    await days.run()
    assert [tuple(row) for row in await days.ledger.ask(ANCHORS)] == [(DAY, 1, 1)]
    days.now += timedelta(hours=4)
    await days.run()
    first, second = await days.announced()
    assert (first.day, first.number, first.version) == (DAY, 1, 1)
    assert (second.day, second.version) == (DAY + timedelta(days=1), 2)
    stored = (await days.ledger.ask("SELECT * FROM checkpoint"))[0]
    assert (first.root, first.signature) == (stored.root.hex(), stored.signature.hex())
    assert signed_of(first).signature == stored.signature
    assert first.key_id == stored.key_id


async def test_without_a_checkpoint_there_is_no_anchor(ledger: Any):
    days = Days(ledger)
    await days.run()
    assert await ledger.ask(ANCHORS) == []


async def test_a_checkpoint_that_is_not_ours_does_not_go_outside(days: Days):
    await days.ledger.as_owner("UPDATE checkpoint SET time = '2020-01-01T00:00:00Z'")
    await days.run()
    assert await days.ledger.ask(ANCHORS) == []
    assert await days.announced() == []


async def test_the_file_drop_gets_the_document_that_the_verifier_reads(days: Days, tmp_path: Path):
    days.channels = {"file": FileDrop(tmp_path)}
    await days.run()
    assert names_in(tmp_path) == ["pruefpunkt-2026-05-05.json"]
    anchored = tmp_path / "pruefpunkt-2026-05-05.json"
    doors, auditor = await days.ledger.doors()
    latest = await doors.client.get("/checkpoints/latest", headers=auditor)
    assert json.loads(anchored.read_bytes()) == latest.json()
    kept = await doors.client.get("/anchors/2026-05-05", headers=auditor)
    assert kept.content == anchored.read_bytes()
    assert await days.deliveries() == [("file", "delivered", 1, "")]
    for path, code in (
        ("/anchors/2026-05-06", "anchor_unknown"),
        ("/anchors/2026-05-05/time-stamp", "time_stamp_unknown"),
    ):
        refused = await doors.client.get(path, headers=auditor)
        assert (refused.status_code, refused.json()["code"]) == (404, code)


async def test_a_folder_that_is_not_there_is_tried_again(days: Days, tmp_path: Path):
    folder = tmp_path / "mounted later"
    days.channels = {"file": FileDrop(folder)}
    await days.run()
    assert await days.deliveries() == [("file", "waiting", 1, "FileNotFoundError")]
    folder.mkdir()
    await days.run()
    assert names_in(folder) == []
    days.now += FIRST_PAUSE
    await days.run()
    assert await days.deliveries() == [("file", "delivered", 2, "")]


async def test_another_file_of_the_day_is_not_replaced(days: Days, tmp_path: Path):
    anchored = tmp_path / "pruefpunkt-2026-05-05.json"
    anchored.write_text("{}")
    days.channels = {"file": FileDrop(tmp_path)}
    await days.run()
    assert await days.deliveries() == [("file", "waiting", 1, "differs")]
    assert anchored.read_text() == "{}"
    anchored.write_bytes((await days.ledger.ask("SELECT document FROM anchor"))[0].document)
    days.now += FIRST_PAUSE
    await days.run()
    assert await days.deliveries() == [("file", "delivered", 2, "")]


async def test_a_time_stamp_verifies_by_openssl_over_exactly_these_bytes(
    days: Days, authority: Authority, tmp_path: Path
):
    days.channels = {"stamp": stamps(authority)}
    await days.run()
    assert await days.deliveries() == [("stamp", "delivered", 1, "")]
    doors, auditor = await days.ledger.doors()
    for name, path in (("anchor.json", ""), ("anchor.tsr", "/time-stamp")):
        answer = await doors.client.get(f"/anchors/2026-05-05{path}", headers=auditor)
        assert answer.status_code == 200
        (tmp_path / name).write_bytes(answer.content)
    checked = ("ts", "-verify", "-in", "anchor.tsr", "-data", "anchor.json")
    assert openssl(tmp_path, *checked, "-CAfile", str(authority.root)) == "Verification: OK\n"
    await days.run()
    assert len(authority.asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (503, b"", "http_503"),
        (302, b"", "http_302"),
        (200, b"<html>", "unreadable"),
        (200, b"0" * 200_000, "too_large"),
    ],
    ids=["away", "elsewhere", "a page", "endless"],
)
async def test_what_is_no_token_is_an_outcome(
    days: Days, authority: Authority, status: int, body: bytes, reason: str
):
    authority.status, authority.body = status, body
    days.channels = {"stamp": stamps(authority)}
    await days.run()
    assert await days.deliveries() == [("stamp", "waiting", 1, reason)]
    authority.status, authority.body = 200, None
    days.now += FIRST_PAUSE
    await days.run()
    assert await days.deliveries() == [("stamp", "delivered", 2, "")]


async def test_a_token_of_another_root_or_about_something_else_does_not_count(
    days: Days, authority: Authority, tmp_path: Path
):
    stranger = Authority(tmp_path)
    stranger.make()
    days.channels = {"stamp": stamps(authority, stranger.root)}
    await days.run()
    assert await days.deliveries() == [("stamp", "waiting", 1, "not_verified")]
    authority.body = (authority.folder / "answer.tsr").read_bytes()
    days.channels = {"stamp": stamps(authority)}
    days.now += FIRST_PAUSE
    await days.run()
    assert await days.deliveries() == [("stamp", "waiting", 2, "not_verified")]


async def test_an_authority_that_is_away_holds_nothing_else_up(
    days: Days, authority: Authority, tmp_path: Path
):
    away = stamps(authority, url="http://127.0.0.1:1/")
    days.channels = {"stamp": away, "file": FileDrop(tmp_path)}
    await days.run()
    assert await days.deliveries() == [
        ("file", "delivered", 1, ""),
        ("stamp", "waiting", 1, "ConnectError"),
    ]


async def test_an_anchor_that_a_restored_database_forgot_comes_back(days: Days):
    await days.run()
    (event,) = await days.announced()
    kept = await days.ledger.ask("SELECT document FROM anchor")
    await days.ledger.as_owner("DELETE FROM anchor_delivery", "DELETE FROM anchor")
    async with days.ledger.database.begin(Origin(correlation_id="c")) as uow:
        await handlers.take_back_anchor(event, uow)
    assert await days.ledger.ask("SELECT document FROM anchor") == kept
    await days.run()
    assert await days.announced() == [event]


def test_pauses_double_up_to_an_hour_and_never_end():
    pauses = [next_attempt(attempts, LATE_EVENING) - LATE_EVENING for attempts in (1, 2, 7, 900)]
    assert pauses == [FIRST_PAUSE, 2 * FIRST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_worker_names_the_channels_it_was_given(
    private: Path, authority: Authority, tmp_path: Path
):
    given = {"signing_key_file": private, "stamp_url": authority.url}
    assert composed(settings(**given, anchor_folder=tmp_path, stamp_ca_file=authority.root)).jobs
    with pytest.raises(StampSettingsError):
        composed(settings(**given))
