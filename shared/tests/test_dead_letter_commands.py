"""The command line to dead letters: what it takes, what it refuses, how it ends."""

import argparse
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import dead_letter_commands
from marktbund.consuming import Hearing
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.dead_letter_commands import _act, _ask, _parser
from marktbund.errors import DomainError, NotFound
from marktbund.ids import new_id
from marktbund.testing.databases import PinnedDatabase

from .desk import spoilt
from .operating import Handled
from .test_delivery import event
from .test_health import SETTINGS
from .test_replaying_alone import ME, ReplayBench, good

BY = "00000000-0000-7000-8000-0000000000b1"
LETTER = "00000000-0000-7000-8000-0000000000c1"


def parsed(*arguments: object) -> argparse.Namespace:
    return _parser("members").parse_args([str(argument) for argument in arguments])


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["list", "--status", "lost"],
        ["list", "--after", "7"],
        ["keys", "--limit", "many"],
        ["show"],
        ["show", "7"],
        ["replay", LETTER],
        ["repair", LETTER, "--by", BY],
        ["discard", LETTER, "--by", BY],
        ["discard", LETTER, "--reason", "why"],
        ["discard", LETTER, "--by", BY, "--reason", "why", "--key"],
        ["forget", LETTER],
    ],
    ids=" ".join,
)
def test_a_command_that_is_not_whole_is_not_begun(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        parsed(*arguments)
    assert ended.value.code == 2
    assert "members dead-letters" in capsys.readouterr().err


def test_a_list_begins_at_the_beginning_with_what_is_parked():
    asked = parsed("list")
    assert (asked.after, asked.limit, asked.status) == (UUID(int=0), 100, "parked")
    assert (asked.topic, asked.key, asked.code) == (None, None, None)


def test_without_a_database_one_may_try_again(capsys: pytest.CaptureFixture[str]):
    try:
        code = dead_letter_commands.carry_out(["list"], "members", Hearing({}), SETTINGS)
    finally:
        structlog.reset_defaults()
    printed = capsys.readouterr()
    assert (code, printed.out) == (1, "")
    assert printed.err.startswith("try_again: ")


@pytest.fixture
async def bench(connection: AsyncConnection) -> ReplayBench:
    await connection.execute(text("DELETE FROM consumer_offset"))
    return ReplayBench(connection, Handled())


async def asked_of(bench: ReplayBench, *arguments: object) -> list[UUID]:
    """The ids of the letters that are printed."""
    database = PinnedDatabase(bench.connection, "members")
    answers = await _ask(database, parsed(*arguments))
    return [getattr(answer, "id", None) or answer.first_id for answer in answers]


async def test_letters_are_chosen_by_all_that_is_named(bench: ReplayBench):
    key, other = new_id(), new_id()
    first, second, third = await bench.parked(spoilt(key, 1), spoilt(key, 2), spoilt(other, 1))
    assert await asked_of(bench, "list", "--key", key) == [first, second]
    assert await asked_of(bench, "list", "--key", key, "--after", first) == [second]
    assert await asked_of(bench, "list", "--key", key, "--limit", 1) == [first]
    assert await asked_of(bench, "list", "--key", key, "--code", "another") == []
    assert await asked_of(bench, "list", "--key", key, "--topic", MEMBER_EVENTS.name) == [
        first,
        second,
    ]
    assert {first, third} <= set(await asked_of(bench, "keys", "--limit", 500))
    assert second not in await asked_of(bench, "keys", "--limit", 500)
    assert await asked_of(bench, "show", third) == [third]


async def test_what_was_settled_is_listed_when_it_is_asked_for(bench: ReplayBench):
    key = new_id()
    first, second = await bench.parked(spoilt(key, 1), spoilt(key, 2))
    await _act(bench.desk, parsed("discard", first, "--by", BY, "--reason", "a test record"))
    assert await asked_of(bench, "list", "--key", key) == [second]
    assert await asked_of(bench, "list", "--key", key, "--status", "discarded") == [first]
    assert await asked_of(bench, "list", "--key", key, "--status", "all") == [first, second]
    shown = await bench.shown(first)
    assert (str(shown.steps[0].done_by), shown.steps[0].detail) == (BY, "a test record")


async def test_a_letter_nobody_knows_is_refused(bench: ReplayBench):
    with pytest.raises(NotFound, match="letter_unknown"):
        await asked_of(bench, "show", LETTER)


async def test_a_letter_is_mended_by_files_and_replayed(bench: ReplayBench, tmp_path: Path):
    key = new_id()
    first, second = await bench.parked(spoilt(key, 1), good(key, 2))
    value = tmp_path / "value.json"
    value.write_text(event(key, 1).model_dump_json())
    repair = ("repair", first, "--by", BY, "--reason", "cut off", "--value", value)
    assert await _act(bench.desk, parsed(*repair)) == []
    (alone,) = await _act(bench.desk, parsed("replay", first, "--by", BY))
    assert (alone.id, alone.outcome) == (first, "applied")
    rest = await _act(bench.desk, parsed("replay", second, "--by", BY, "--key"))
    assert [(letter.id, letter.outcome) for letter in rest] == [(second, "applied")]
    assert (bench.handled.versions, await bench.tallies(ME)) == ([1, 2], (2, 0, 0, 0))


async def test_headers_that_could_not_be_read_are_not_kept(bench: ReplayBench, tmp_path: Path):
    (letter,) = await bench.parked(good(new_id(), 1))
    headers = tmp_path / "headers.json"
    headers.write_text('{"ce_type": "x"}')
    repair = ("repair", letter, "--by", BY, "--reason", "why", "--headers", headers)
    with pytest.raises(DomainError, match="still_unreadable"):
        await _act(bench.desk, parsed(*repair))
    assert (await bench.shown(letter)).steps == ()
