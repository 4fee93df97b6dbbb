"""A supplier's breaker: what opens it, what closes it, how long it stays open."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplier_gateway.domain.breakers import (
    CALLS_AT_ONCE,
    FAILURES_TO_OPEN,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    UNASKED_PAUSE,
    Breaker,
    pause,
)
from supplier_gateway.domain.deliveries import CallOutcome

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BROKEN = CallOutcome("timeout")
FINE = CallOutcome("delivered", 204)
OUTCOMES = [
    FINE,
    BROKEN,
    CallOutcome("unreachable"),
    CallOutcome("target_refused"),
    CallOutcome("server_error", 503),
    CallOutcome("rejected", 404),
    CallOutcome("gone", 410),
    CallOutcome("throttled", 429),
    CallOutcome("throttled", 429, timedelta(days=3)),
]


def opened(now: datetime = NOW) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES_TO_OPEN):
        breaker = breaker.heard(BROKEN, now)
    return breaker


def test_it_opens_with_the_fifth_failure_in_a_row():
    breaker = Breaker()
    for _ in range(FAILURES_TO_OPEN - 1):
        breaker = breaker.heard(BROKEN, NOW)
    assert breaker.state(NOW) == "closed"
    assert breaker.heard(FINE, NOW).heard(BROKEN, NOW).state(NOW) == "closed"
    assert breaker.heard(BROKEN, NOW).state(NOW) == "open"


def test_after_its_pause_one_call_may_try():
    breaker = opened()
    assert breaker.room(NOW + FIRST_PAUSE - timedelta(microseconds=1), 0) == 0
    assert breaker.state(NOW + FIRST_PAUSE) == "half_open"
    assert [breaker.room(NOW + FIRST_PAUSE, flying) for flying in (0, 1, 4)] == [1, 0, 0]


def test_the_try_decides():
    later = NOW + FIRST_PAUSE
    assert opened().heard(FINE, later) == Breaker()
    again = opened().heard(BROKEN, later)
    assert (again.state(later), again.blocked_until) == ("open", later + 2 * FIRST_PAUSE)


def test_late_failures_do_not_lengthen_the_pause():
    assert opened().heard(BROKEN, NOW + timedelta(seconds=20)) == opened()


@pytest.mark.parametrize("outcome", [CallOutcome("rejected", 404), CallOutcome("gone", 410), FINE])
def test_an_answer_of_any_kind_shows_that_somebody_is_there(outcome: CallOutcome):
    assert opened().heard(outcome, NOW + FIRST_PAUSE) == Breaker()


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (None, UNASKED_PAUSE),
        (timedelta(seconds=90), timedelta(seconds=90)),
        (timedelta(days=3), LONGEST_PAUSE),
    ],
)
def test_a_pause_asked_for_is_kept_within_bounds(asked: timedelta | None, kept: timedelta):
    breaker = Breaker().heard(CallOutcome("throttled", 429, asked), NOW)
    assert breaker.state(NOW + kept - timedelta(microseconds=1)) == "open"
    assert breaker.state(NOW + kept) == "closed"


def test_the_pauses_double_up_to_ten_minutes():
    seconds = [pause(trips).total_seconds() for trips in (1, 2, 3, 4, 5, 6, 7, 1000)]
    assert seconds == [30, 60, 120, 240, 480, 600, 600, 600]


@given(st.lists(st.tuples(st.sampled_from(OUTCOMES), st.integers(0, 900)), max_size=60))
def test_no_story_blocks_a_supplier_for_good_or_lets_too_much_through(
    story: list[tuple[CallOutcome, int]],
):
    breaker, now = Breaker(), NOW
    for outcome, seconds in story:
        now += timedelta(seconds=seconds)
        breaker = breaker.heard(outcome, now)
        assert 0 <= breaker.room(now, 0) <= CALLS_AT_ONCE
        assert (breaker.blocked_until or now) <= now + LONGEST_PAUSE
        assert breaker.room(now + LONGEST_PAUSE, 0) >= 1
        assert breaker.trips == 0 or breaker.blocked_until is not None
        if outcome.result == "delivered":
            assert breaker == Breaker()
