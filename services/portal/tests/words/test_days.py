"""Days, months and times as the clock in Berlin shows them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from portal.words import figures


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 1, 2), "02.01.2026"),
        ("2026-01-02", "02.01.2026"),
        ("2028-02-29", "29.02.2028"),
        (date(2000, 1, 1), "01.01.2000"),
        (date(2199, 12, 31), "31.12.2199"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_day_is_written_with_the_day_first(value: date | str | None, shown: str) -> None:
    assert figures.day(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 9, 1), "09/2026"),
        ("2026-12-01", "12/2026"),
        (date(2026, 2, 28), "02/2026"),
        (None, ""),
    ],
)
def test_a_month_has_two_digits_and_its_year(value: date | str | None, shown: str) -> None:
    assert figures.month(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-07-01T12:05:00Z", "01.07.2026, 14:05 Uhr"),
        ("2026-12-01T12:05:00Z", "01.12.2026, 13:05 Uhr"),
        ("2025-12-31T23:30:00Z", "01.01.2026, 00:30 Uhr"),
        ("2026-06-30T22:00:00+00:00", "01.07.2026, 00:00 Uhr"),
        ("2026-03-01T09:00:00+05:00", "01.03.2026, 05:00 Uhr"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_time_is_shown_in_berlin_wherever_it_was_written(value: str | None, shown: str) -> None:
    assert figures.moment(value) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(-1, "29.03.2026, 01:59 Uhr"), (0, "29.03.2026, 03:00 Uhr")],
)
def test_the_hour_that_summer_takes_is_left_out(minutes: int, shown: str) -> None:
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert figures.moment(change + timedelta(minutes=minutes)) == shown


def test_the_hour_that_winter_gives_is_shown_twice() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert figures.moment(first) == figures.moment(second) == "25.10.2026, 02:30 Uhr"


def test_seconds_are_left_out_and_never_rounded_up() -> None:
    late = datetime(2026, 5, 4, 9, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert figures.moment(late) == "04.05.2026, 09:59 Uhr"


@pytest.mark.parametrize("text", ["morgen", "2026-13-01", "2026-02-29"])
def test_what_is_no_day_is_an_error_and_never_another_day(text: str) -> None:
    for read in (figures.day, figures.month, figures.moment):
        with pytest.raises(ValueError, match=r"isoformat|month|day"):
            read(text)
