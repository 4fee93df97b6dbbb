"""A walk in steps: where it is, what is known, when it begins anew; names as far as they fit."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documentation.domain.naming import CHARACTERS, listed
from documentation.domain.passes import ANEW_AFTER, Pass

NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_pass_that_has_not_ended_never_begins_anew() -> None:
    assert not Pass("log", NOON).begins_anew(NOON + 30 * ANEW_AFTER)


@pytest.mark.parametrize(
    ("finished", "now", "anew"),
    [
        (NOON, NOON + ANEW_AFTER - SECOND, False),
        (NOON, NOON + ANEW_AFTER, True),
        (NOON + 2 * ANEW_AFTER, NOON + 2 * ANEW_AFTER, True),
        (NOON - SECOND, NOON + ANEW_AFTER, False),
    ],
)
def test_the_next_is_due_a_day_after_the_beginning_of_one_that_ended(
    finished: datetime, now: datetime, anew: bool
) -> None:
    assert Pass("checkpoints", NOON, finished_at=finished).begins_anew(now) is anew


def test_what_the_last_pass_found_is_known_until_this_one_ends() -> None:
    known = Pass("log", NOON).went_on(3, ["a", "b"]).ended(NOON + SECOND)
    walking = known.anew(NOON + ANEW_AFTER).went_on(2, ["c"])
    assert (walking.counted, walking.findings, walking.named) == (1, 2, "c")
    done = walking.ended(NOON + ANEW_AFTER + SECOND)
    assert (done.findings, done.named, done.finished_at) == (1, "c", NOON + ANEW_AFTER + SECOND)


def test_a_pass_that_finds_more_than_the_last_says_so_at_once() -> None:
    known = Pass("log", NOON).went_on(3, ["a"]).ended(NOON)
    walking = known.anew(NOON + ANEW_AFTER).went_on(1, ["x", "y"])
    assert walking.findings == 2
    assert walking.went_on(2, ["z"]).findings == 3


def test_a_step_without_findings_keeps_the_names_and_moves_on() -> None:
    walked = Pass("anchor", NOON).went_on(1, ["a"]).went_on(5, [])
    assert (walked.position, walked.counted, walked.named) == (5, 1, "a")


def test_a_pass_without_findings_names_nothing_at_its_end() -> None:
    clean = Pass("anchor", NOON).went_on(1, ["a"]).ended(NOON).anew(NOON).went_on(1, []).ended(NOON)
    assert (clean.findings, clean.named) == (0, "")


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a, b"),
        (["x" * (CHARACTERS - 2)], "x" * (CHARACTERS - 2)),
        (["x" * (CHARACTERS - 1)], " and 1 more"),
        (["a", "x" * CHARACTERS, "b"], "a and 2 more"),
    ],
)
def test_names_are_listed_as_far_as_they_fit(names: list[str], shown: str) -> None:
    assert listed(names) == shown


@given(st.lists(st.text("abc", min_size=1, max_size=300), max_size=40))
def test_every_name_is_shown_or_counted(names: list[str]) -> None:
    text = listed(names)
    shown, _, more = text.partition(" and ")
    count = len(shown.split(", ")) if shown else 0
    assert count + int(more.removesuffix(" more") or 0) == len(names)
    assert len(shown) <= CHARACTERS
