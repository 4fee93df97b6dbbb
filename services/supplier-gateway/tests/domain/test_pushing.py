"""A document on its way: the schedule of Standard Webhooks, what is said of it, and replays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.supplier_gateway import (
    DeliveryAbandoned,
    DeliveryAcknowledged,
    DeliveryFailed,
    DeliveryReplayed,
)
from marktbund.errors import Conflict
from marktbund.ids import new_id
from supplier_gateway.domain import pushing
from supplier_gateway.domain.deliveries import (
    JITTER,
    LIFETIME,
    PAUSES,
    Attempt,
    CallOutcome,
    Delivery,
)
from supplier_gateway.domain.lines import Line
from supplier_gateway.domain.orders import AddressedOrder

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TIMEOUT = CallOutcome("timeout")


def order(*documents: str) -> AddressedOrder:
    made = AddressedOrder(
        supplier_order_id=new_id(),
        order_id=new_id(),
        member_id=new_id(),
        supplier_id=new_id(),
        lines=(Line(1, Decimal(1), Decimal(1)),),
        deliveries=tuple(Delivery(new_id(), document, NOW) for document in documents or ("order",)),
        delivery_version=len(documents) or 1,
    )
    return made.due(NOW)


def begun(made: AddressedOrder) -> tuple[AddressedOrder, Attempt]:
    """The next call for the order's first document, as a claim counts it."""
    first, *others = made.deliveries
    called = replace(first, attempts=first.attempts + 1)
    return (
        replace(made, deliveries=(called, *others)),
        Attempt(first.delivery_id, called.attempts),
    )


def fail(made: AddressedOrder, outcome: CallOutcome, now: datetime, chance: float = 0.0):
    made, attempt = begun(made)
    return pushing.failed(made, attempt, outcome, now, chance)


def test_the_schedule_is_the_one_of_standard_webhooks():
    made, now, waits = order(), NOW, []
    for number in range(1, 10):
        made, [event] = fail(made, TIMEOUT, now)
        assert isinstance(event, DeliveryFailed)
        assert (event.attempts, event.reason, event.version) == (number, "timeout", number + 1)
        waits.append(event.next_attempt_at - now)
        now = event.next_attempt_at
    assert [wait.total_seconds() for wait in waits] == [
        5,
        5 * 60,
        30 * 60,
        2 * 3600,
        5 * 3600,
        10 * 3600,
        14 * 3600,
        20 * 3600,
        24 * 3600,
    ]
    made, [event] = fail(made, CallOutcome("server_error", 502), now)
    assert isinstance(event, DeliveryAbandoned)
    assert (event.attempts, event.reason, event.http_status) == (10, "server_error", 502)
    assert (made.deliveries[0].given_up, made.deliveries[0].open) == (True, False)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, "delivered"),
        (204, "delivered"),
        (299, "delivered"),
        (301, "rejected"),
        (307, "rejected"),
        (400, "rejected"),
        (410, "gone"),
        (429, "throttled"),
        (500, "server_error"),
        (503, "server_error"),
        (199, "rejected"),
    ],
)
def test_what_a_status_means(status: int, result: str):
    assert CallOutcome.of(status, None).result == result


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (timedelta(seconds=1), timedelta(seconds=5)),
        (timedelta(minutes=7), timedelta(minutes=7)),
        (timedelta(days=300), timedelta(hours=24)),
        (timedelta(days=-1), timedelta(seconds=5)),
    ],
)
def test_a_pause_asked_for_is_honoured_within_a_day(asked: timedelta, wait: timedelta):
    _, [event] = fail(order(), CallOutcome.of(429, asked), NOW)
    assert event.next_attempt_at == NOW + wait


def test_an_answer_of_2xx_acknowledges_by_webhook_once():
    made = order()
    delivery_id = made.deliveries[0].delivery_id
    changed, [event] = pushing.arrived(made, delivery_id, NOW)
    assert isinstance(event, DeliveryAcknowledged)
    assert (event.channel, event.version) == ("webhook", 2)
    assert pushing.arrived(changed, delivery_id, NOW) == (changed, [])


def test_a_document_that_was_fetched_meanwhile_is_no_trouble():
    made, attempt = begun(order())
    fetched, _ = made.acknowledge(attempt.delivery_id, NOW)
    assert pushing.failed(fetched, attempt, TIMEOUT, NOW, 0) == (fetched, [])


def test_a_call_given_up_as_lost_says_nothing_when_it_fails_late():
    made, lost = begun(order())
    made, _ = begun(made)
    assert pushing.failed(made, lost, TIMEOUT, NOW, 0) == (made, [])


def test_an_endpoint_that_is_gone_has_no_next_attempt():
    _, [event] = fail(order(), CallOutcome("gone", 410), NOW)
    assert (event.reason, event.http_status, event.next_attempt_at) == ("gone", 410, None)


def test_a_cancellation_waits_until_its_order_arrived_or_was_given_up():
    made = order("order", "cancellation")
    first, second = made.deliveries
    assert (first.next_attempt_at, second.next_attempt_at) == (NOW, None)
    arrived, _ = made.acknowledge(first.delivery_id, NOW)
    assert arrived.due(NOW).deliveries[1].next_attempt_at == NOW
    lost = replace(made, deliveries=(first.abandoned(NOW), second))
    assert lost.due(NOW).deliveries[1].next_attempt_at == NOW


def test_a_document_behind_a_shut_channel_is_told_once_and_given_up_after_its_time():
    made = order()
    delivery_id = made.deliveries[0].delivery_id
    until = NOW + timedelta(seconds=30)
    held, [event] = pushing.held_back(made, delivery_id, "supplier_unreachable", NOW, until)
    assert isinstance(event, DeliveryFailed)
    assert (event.attempts, event.next_attempt_at) == (0, until)
    assert pushing.held_back(held, delivery_id, "supplier_unreachable", NOW, until)[1] == []
    at_last = NOW + LIFETIME
    assert pushing.held_back(held, delivery_id, "channel_disabled", at_last, None)[1] == []
    late = at_last + timedelta(seconds=1)
    _, [end] = pushing.held_back(held, delivery_id, "channel_disabled", late, None)
    assert isinstance(end, DeliveryAbandoned)


def test_a_replay_begins_the_schedule_anew_and_counts_on():
    made, now = order(), NOW
    for _ in range(10):
        made, [event] = fail(made, TIMEOUT, now)
    person = new_id()
    made, [event] = pushing.replayed(made, made.deliveries[0].delivery_id, person, now)
    assert isinstance(event, DeliveryReplayed)
    assert (event.person_id, made.deliveries[0].next_attempt_at) == (person, now)
    _, [event] = fail(made, TIMEOUT, now)
    assert (event.attempts, event.next_attempt_at) == (11, now + timedelta(seconds=5))


def test_what_arrived_or_waits_is_not_replayed():
    made = order("order", "cancellation")
    first, second = made.deliveries
    with pytest.raises(Conflict, match="delivery_waits"):
        pushing.replayed(made, second.delivery_id, new_id(), NOW)
    made, _ = made.acknowledge(first.delivery_id, NOW)
    with pytest.raises(Conflict, match="delivery_acknowledged"):
        pushing.replayed(made, first.delivery_id, new_id(), NOW)


FAILURES = st.sampled_from(
    [
        TIMEOUT,
        CallOutcome("rejected", 404),
        CallOutcome("gone", 410),
        CallOutcome.of(429, timedelta(hours=9)),
        CallOutcome.of(503, timedelta(days=9)),
    ]
)


@given(st.lists(st.tuples(FAILURES, st.floats(0, 1)), min_size=12, max_size=12))
def test_every_schedule_ends_after_ten_calls_and_moves_forward(
    story: list[tuple[CallOutcome, float]],
):
    made, now, news = order(), NOW, []
    for outcome, chance in story:
        made, events = fail(made, outcome, now, chance)
        news += events
        after = made.deliveries[0]
        if after.open:
            assert after.next_attempt_at is not None
            wait = after.next_attempt_at - now
            floor = max(PAUSES[after.step - 1], outcome.retry_after or timedelta(0))
            assert floor <= wait <= floor * (1 + JITTER)
            now = after.next_attempt_at
    assert [type(event) for event in news] == [DeliveryFailed] * 9 + [DeliveryAbandoned]
    assert [event.version for event in news] == list(range(2, 12))
