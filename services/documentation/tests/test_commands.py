"""What a disposal has to name, at its bounds, and what the walks judge without a database."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from documentation.commands import DisposeContents
from documentation.domain import merkle
from documentation.domain.checkpoints import (
    Checkpoint,
    SignedCheckpoint,
    StoredCheckpoint,
    follow,
    sign,
)
from documentation.domain.records import Head
from documentation.domain.restorations import Declaration
from documentation.jobs import disposing
from documentation.views.log_walk import Seen
from documentation.views.provable import is_excused
from documentation.views.verification import wrong_roots
from marktbund.ids import new_id

KEY = Ed25519PrivateKey.generate()
USUAL: dict[str, Any] = {
    "chain": "member:1",
    "numbers": (1,),
    "by": new_id(),
    "reason": "Antrag",
    "law": "Art. 17 DSGVO",
}


@pytest.mark.parametrize(
    "change",
    [
        {"chain": "x" * 64},
        {"numbers": (1, 2**53 - 1)},
        {"numbers": tuple(range(1, 10_001))},
        {"reason": "x" * 500},
        {"law": "x" * 200},
    ],
)
def test_a_disposal_within_its_bounds_is_taken(change: dict[str, Any]):
    command = DisposeContents(**USUAL | change)
    assert command.model_dump(include=set(change)) == change


@pytest.mark.parametrize(
    "change",
    [
        {"chain": ""},
        {"chain": "x" * 65},
        {"numbers": ()},
        {"numbers": (0,)},
        {"numbers": (2**53,)},
        {"numbers": tuple(range(1, 10_002))},
        {"by": "nobody"},
        {"reason": ""},
        {"reason": "x" * 501},
        {"reason": "a\nb"},
        {"law": ""},
        {"law": "x" * 201},
    ],
)
def test_a_disposal_beyond_its_bounds_names_the_field(change: dict[str, Any]):
    with pytest.raises(ValidationError) as refused:
        DisposeContents(**USUAL | change)
    assert {fault["loc"][0] for fault in refused.value.errors()} == set(change)


@pytest.mark.parametrize(
    ("records", "numbers"),
    [("4", (4,)), ("4,7-9", (4, 7, 8, 9)), ("7-7", (7,)), (",4,,5", (4, 5)), ("3,1", (3, 1))],
)
def test_numbers_and_stretches_are_read_from_the_command_line(
    records: str, numbers: tuple[int, ...]
):
    given = ["--chain", "c", "--by", str(new_id()), "--reason", "r", "--law", "l"]
    command = disposing.read([*given, "--records", records])
    assert command is not None
    assert command.numbers == numbers


@pytest.mark.parametrize("records", ["", "a", "1-b", "9-7", "0"])
def test_what_names_no_record_ends_the_command(records: str, capsys: pytest.CaptureFixture[str]):
    given = ["--chain", "c", "--by", str(new_id()), "--reason", "r", "--law", "l"]
    with pytest.raises(SystemExit) as ended:
        disposing.read([*given, "--records", records])
    assert ended.value.code == 2
    assert "documentation dispose: error:" in capsys.readouterr().err


def head(chain: str, seq: int) -> Head:
    return Head(chain, seq, bytes([seq]) * 32)


def checkpoints_over(*states: list[Head]) -> list[Checkpoint]:
    page: list[Checkpoint] = []
    for heads in states:
        before = page[-1] if page else None
        page.append(follow(before, merkle.root(heads), "2026-05-04T10:00:00Z"))
    return page


def test_roots_over_the_heads_that_moved_are_right():
    states = [[head("a", 1)], [head("a", 1), head("b", 2)], [head("a", 3), head("b", 2)]]
    moved = [(1, head("a", 1)), (2, head("b", 2)), (3, head("a", 3))]
    heads: dict[str, Head] = {}
    assert wrong_roots(checkpoints_over(*states), moved, heads) == []
    assert heads == {"a": head("a", 3), "b": head("b", 2)}


def test_a_root_over_other_heads_is_named_and_the_walk_goes_on():
    states = [[head("a", 1)], [head("a", 9)], [head("a", 3)]]
    moved = [(1, head("a", 1)), (2, head("a", 2)), (3, head("a", 3))]
    assert wrong_roots(checkpoints_over(*states), moved, {}) == [2]


def test_a_page_stands_on_the_heads_of_the_one_before():
    page = checkpoints_over([head("a", 1), head("b", 2)])
    assert wrong_roots(page, [(1, head("b", 2))], {"a": head("a", 1)}) == []
    assert wrong_roots(page, [(1, head("b", 2))], {}) == [1]


def test_heads_of_an_excused_checkpoint_count_for_the_next():
    first, second, third = checkpoints_over([head("a", 1)], [head("a", 2)], [head("a", 2)])
    moved = [(1, head("a", 1)), (2, head("a", 2))]
    assert wrong_roots([first, third], moved, {}) == []
    assert second.number == 2


def stored(number: int, *, taken_over: bool) -> StoredCheckpoint:
    signed = sign(Checkpoint(number, "2026-05-04T10:00:00Z", bytes(32), bytes(32)), KEY)
    return StoredCheckpoint(signed, "k", 1, 1, taken_over)


PUBLISHED: SignedCheckpoint = stored(5, taken_over=True).signed


@pytest.mark.parametrize(
    ("number", "taken_over", "breaks", "excused"),
    [
        (4, True, [Declaration(3, PUBLISHED)], True),
        (5, True, [Declaration(3, PUBLISHED)], True),
        (3, True, [Declaration(3, PUBLISHED)], False),
        (6, True, [Declaration(3, PUBLISHED)], False),
        (4, False, [Declaration(3, PUBLISHED)], False),
        (4, True, [], False),
        (2, True, [Declaration(3, PUBLISHED), Declaration(0, PUBLISHED)], True),
    ],
)
def test_only_what_was_taken_over_and_declared_is_excused(
    number: int, taken_over: bool, breaks: list[Declaration], excused: bool
):
    assert is_excused(stored(number, taken_over=taken_over), breaks) is excused


@given(st.sets(st.integers(1, 200)), st.integers(0, 200), st.integers(1, 20))
def test_numbers_that_were_not_seen_are_exactly_the_gaps(numbers: set[int], last: int, most: int):
    seen = Seen()
    for number in sorted(numbers, reverse=True):
        seen.add(number)
    gaps = [number for number in range(1, last + 1) if number not in numbers]
    assert seen.missing(last, most) == gaps[:most]
