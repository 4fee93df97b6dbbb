"""Breaker and retries as tables: every state with every outcome, and what has room then."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from marktbund.contracts.supplier_gateway import BreakerState, CallResult
from supplier_gateway.domain.breakers import (
    CALLS_AT_ONCE,
    FAILURES_TO_OPEN,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    UNASKED_PAUSE,
    Breaker,
    rooms_of,
)
from supplier_gateway.domain.deliveries import JITTER, PAUSES, CallOutcome, Delivery

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WHOLE = Breaker()
SHAKY = Breaker(failures=FAILURES_TO_OPEN - 1)
OPEN = Breaker(5, 1, NOW + SECOND)
TRYING = Breaker(5, 1, NOW)
SLOWED = Breaker(0, 0, NOW + SECOND)
BROKEN = ("timeout", "unreachable", "target_refused", "server_error")
ANSWERED = ("delivered", "rejected", "gone")


@pytest.mark.parametrize(
    ("breaker", "state", "room"),
    [
        (WHOLE, "closed", CALLS_AT_ONCE),
        (SHAKY, "closed", CALLS_AT_ONCE),
        (OPEN, "open", 0),
        (TRYING, "half_open", 1),
        (SLOWED, "open", 0),
    ],
)
def test_a_state_has_its_room(breaker: Breaker, state: BreakerState, room: int):
    assert (breaker.state(NOW), breaker.room(NOW, 0)) == (state, room)


@pytest.mark.parametrize("result", BROKEN)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (WHOLE, Breaker(failures=1)),
        (SHAKY, Breaker(5, 1, NOW + FIRST_PAUSE)),
        (OPEN, OPEN),
        (TRYING, Breaker(6, 2, NOW + 2 * FIRST_PAUSE)),
        (SLOWED, SLOWED),
    ],
)
def test_a_broken_call_moves_it_on(before: Breaker, result: CallResult, after: Breaker):
    assert before.heard(CallOutcome(result), NOW) == after


@pytest.mark.parametrize("result", ANSWERED)
@pytest.mark.parametrize("before", [WHOLE, SHAKY, OPEN, TRYING, SLOWED])
def test_an_answer_makes_it_whole(before: Breaker, result: CallResult):
    assert before.heard(CallOutcome(result), NOW) == WHOLE


@pytest.mark.parametrize(
    ("before", "asked", "until"),
    [
        (WHOLE, None, NOW + UNASKED_PAUSE),
        (WHOLE, timedelta(seconds=-5), NOW),
        (WHOLE, timedelta(days=1), NOW + LONGEST_PAUSE),
        (OPEN, timedelta(milliseconds=1), NOW + SECOND),
        (OPEN, 2 * SECOND, NOW + 2 * SECOND),
        (SHAKY, SECOND, NOW + SECOND),
    ],
)
def test_a_pause_asked_for_only_lengthens_and_counts_as_no_failure(
    before: Breaker, asked: timedelta | None, until: datetime
):
    after = before.heard(CallOutcome("throttled", 429, asked), NOW)
    assert (after.failures, after.trips) == (before.failures, before.trips)
    assert after.blocked_until == until


@pytest.mark.parametrize(
    ("breaker", "calling", "expected"),
    [
        (WHOLE, 0, 4),
        (WHOLE, 3, 1),
        (WHOLE, 4, None),
        (WHOLE, 9, None),
        (TRYING, 0, 1),
        (TRYING, 1, None),
        (OPEN, 0, None),
    ],
)
def test_only_suppliers_with_room_are_called(breaker: Breaker, calling: int, expected: int | None):
    assert rooms_of([(UUID(int=1), breaker, calling)], NOW).get(UUID(int=1)) == expected


def test_one_suppliers_trouble_takes_no_room_from_another():
    rooms = rooms_of([(UUID(int=1), OPEN, 0), (UUID(int=2), WHOLE, 1)], NOW)
    assert rooms == {UUID(int=2): 3}


@pytest.mark.parametrize("step", range(len(PAUSES)))
@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_every_step_of_the_schedule_waits_its_pause(step: int, chance: float):
    delivery = Delivery(UUID(int=1), "order", NOW, attempts=step + 1, step=step)
    after = delivery.failed(CallOutcome("timeout"), NOW, chance)
    assert after.step == step + 1
    assert after.next_attempt_at == NOW + PAUSES[step] * (1 + JITTER * chance)


def test_after_the_last_step_it_is_given_up():
    delivery = Delivery(UUID(int=1), "order", NOW, attempts=10, step=len(PAUSES))
    after = delivery.failed(CallOutcome("timeout"), NOW, 0.0)
    assert (after.abandoned_at, after.step, after.open, after.given_up) == (NOW, 10, False, True)
