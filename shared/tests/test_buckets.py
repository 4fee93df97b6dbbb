"""Quotas by themselves: what passes in any stretch of time, who is counted, what a refusal says."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from marktbund.errors import TooMany
from marktbund.quotas import MOST_KEYS, QUOTAS, Buckets, Quota, Quotas, address_of, count_request

TEN_A_MINUTE = Quota("reads", "account", 10, 60, "Abfragen")


class Seconds:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class State:
    """What hangs on an app or a request."""


def request(method: str = "GET", peer: str | None = "192.0.2.1", **quotas: int) -> Request:
    app = State()
    app.state = State()
    app.state.quotas = Quotas(quotas)
    client = None if peer is None else (peer, 40_000)
    return Request({"type": "http", "method": method, "client": client, "app": app, "state": {}})


def test_all_may_be_taken_in_one_go_and_then_one_every_so_often():
    clock = Seconds()
    buckets = Buckets(TEN_A_MINUTE, clock)
    assert [buckets.take("a") for _ in range(10)] == [0.0] * 10
    assert buckets.take("a") == pytest.approx(6.0)
    clock.now = 5.9
    assert buckets.take("a") == pytest.approx(0.1)
    clock.now = 6.0
    assert [buckets.take("a"), buckets.take("a") > 0] == [0.0, True]
    clock.now = 66.0
    assert [buckets.take("a") for _ in range(10)] == [0.0] * 10


def test_what_is_refused_is_not_counted():
    clock = Seconds()
    buckets = Buckets(TEN_A_MINUTE, clock)
    for _ in range(10):
        buckets.take("a")
    waits = [buckets.take("a") for _ in range(1_000)]
    assert max(waits) == min(waits) == pytest.approx(6.0)


@given(
    pauses=st.lists(st.floats(0, 90, allow_nan=False), min_size=1, max_size=120),
    count=st.integers(1, 8),
    seconds=st.sampled_from([1, 60, 3600]),
)
def test_no_stretch_as_long_as_the_period_lets_twice_as_many_pass(
    pauses: list[float], count: int, seconds: int
):
    """What is left over at its beginning, and what comes back while it lasts."""
    clock = Seconds()
    buckets = Buckets(Quota("reads", "account", count, seconds, "Abfragen"), clock)
    passed: list[float] = []
    for pause in pauses:
        clock.now += pause
        if buckets.take("a") == 0.0:
            passed.append(clock.now)
    for first in passed:
        within = [at for at in passed if first <= at < first + seconds]
        assert len(within) <= 2 * count


@given(waits=st.lists(st.floats(0, 30), min_size=1, max_size=60))
def test_who_waits_as_long_as_told_gets_in(waits: list[float]):
    clock = Seconds()
    buckets = Buckets(TEN_A_MINUTE, clock)
    for pause in waits:
        clock.now += pause
        wait = buckets.take("a")
        if wait:
            clock.now += wait
            assert buckets.take("a") == 0.0


@given(st.lists(st.sampled_from("abcdef"), max_size=80))
def test_one_account_takes_nothing_from_another(asked: list[str]):
    alone, together = Buckets(TEN_A_MINUTE, Seconds()), Buckets(TEN_A_MINUTE, Seconds())
    expected = {who: [alone.take(who) for _ in range(asked.count(who))] for who in set(asked)}
    answered: dict[str, list[float]] = {who: [] for who in expected}
    for who in asked:
        answered[who].append(together.take(who))
    assert answered == expected


@given(st.lists(st.integers(0, 40), max_size=200))
def test_no_more_accounts_are_remembered_than_may_be(asked: list[int]):
    buckets = Buckets(TEN_A_MINUTE, Seconds(), most=7)
    for number in asked:
        buckets.take(str(number))
    assert len(buckets) == min(7, len(set(asked)))


def test_a_clock_that_stands_still_or_steps_back_gives_nothing_away():
    clock = Seconds()
    clock.now = 1_000.0
    buckets = Buckets(TEN_A_MINUTE, clock)
    for _ in range(10):
        buckets.take("a")
    clock.now = 400.0
    assert buckets.take("a") > 0


@pytest.mark.parametrize("quota", QUOTAS, ids=lambda quota: quota.name)
def test_every_refusal_says_how_many_in_how_long_and_when_again(quota: Quota):
    clock = Seconds()
    quotas = Quotas(now=clock)
    for _ in range(quota.count):
        quotas.take(quota.name, "a")
    with pytest.raises(TooMany) as refused:
        quotas.take(quota.name, "a")
    error = refused.value
    periods = {60: "Minute", 300: "5 Minuten", 3600: "Stunde"}
    figure = f"{quota.count:,}".replace(",", ".")
    assert error.detail == f"Höchstens {figure} {quota.title} je {periods[quota.seconds]}."
    assert error.extra == {"quota": quota.name, "retry_after": error.retry_after}
    assert 1 <= error.retry_after <= quota.seconds
    clock.now += error.retry_after
    quotas.take(quota.name, "a")


@pytest.mark.parametrize(("count", "words"), [(60, "1 Sekunde"), (30, "2 Sekunden")])
def test_a_second_is_counted_in_german(count: int, words: str):
    quotas = Quotas({"pages": count}, now=Seconds())
    for _ in range(count):
        quotas.take("pages", "a")
    with pytest.raises(TooMany) as refused:
        quotas.take("pages", "a")
    assert refused.value.way_out == f"Bitte versuchen Sie es in {words} noch einmal."


def test_a_deployment_that_programs_drive_has_many_times_as_much():
    quotas = Quotas({"exports": 2}, times=3, now=Seconds())
    for _ in range(6):
        quotas.take("exports", "a")
    with pytest.raises(TooMany):
        quotas.take("exports", "a")


def test_what_runs_alone_is_over_when_it_failed():
    quotas = Quotas()
    failing = quotas.alone("exports", "a", "Ein Export")
    with pytest.raises(KeyError), failing:
        raise KeyError
    with quotas.alone("exports", "a", "Ein Export"):
        pass


def test_what_runs_alone_is_alone_by_account_and_by_kind():
    quotas = Quotas()
    with (
        quotas.alone("exports", "a", "Ein Export"),
        quotas.alone("exports", "b", "Ein Export"),
        quotas.alone("verifications", "a", "Eine Prüfung"),
    ):
        second = quotas.alone("verifications", "a", "Eine Prüfung")
        with pytest.raises(TooMany) as refused, second:
            pass
    assert refused.value.title == "Eine Prüfung läuft schon"


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.2", "192.0.2.2"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("/run/gateway.sock", "/run/gateway.sock"),
        (None, "unknown"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(peer: str | None, counted: str):
    """RFC 4291, 2.5.4: 64 bits of an address are its interface, which its owner draws anew."""
    assert address_of(request(peer=peer)) == counted


@pytest.mark.parametrize(
    ("method", "machine", "name"),
    [
        ("GET", False, "reads"),
        ("HEAD", False, "reads"),
        ("POST", False, "writes"),
        ("PUT", False, "writes"),
        ("DELETE", False, "writes"),
        ("GET", True, "machine_reads"),
        ("PATCH", True, "machine_writes"),
    ],
)
def test_a_request_counts_as_what_it_does_and_who_does_it(method: str, machine: bool, name: str):
    counted = request(method, **{name: 1})
    count_request(counted, "opaque-1", machine=machine)
    assert counted.state.account == "opaque-1"
    with pytest.raises(TooMany) as refused:
        count_request(counted, "opaque-1", machine=machine)
    assert refused.value.extra["quota"] == name
    count_request(counted, "opaque-2", machine=machine)


def test_a_machine_may_more_than_a_person_and_reading_more_than_writing():
    counts = {quota.name: quota.count for quota in QUOTAS}
    order = ["writes", "reads", "machine_writes", "machine_reads"]
    assert all(counts[less] < counts[more] for less, more in pairwise(order))
    assert MOST_KEYS * len(QUOTAS) < 1_000_000


@pytest.mark.parametrize("names", [{"raeds": 1}, {"reads": 1, "": 1}, {"READS": 1}])
def test_a_quota_nobody_knows_is_no_quota(names: dict[str, int]):
    with pytest.raises(ValueError, match="no such quota"):
        Quotas(names)
