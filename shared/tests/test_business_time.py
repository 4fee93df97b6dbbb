"""Days and months in Berlin: every change to and from summer time, every end of a year."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund import clock
from marktbund.german import day_words, moment_words, month_words

INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))

DAYS = [
    # Directive 2000/84/EC: the last Sundays of March and October, at 01:00 UTC.
    ("2026-03-28T22:59:59", "2026-03-28"),
    ("2026-03-28T23:00:00", "2026-03-29"),
    ("2026-03-29T00:59:59", "2026-03-29"),
    ("2026-03-29T21:59:59", "2026-03-29"),
    ("2026-03-29T22:00:00", "2026-03-30"),
    ("2026-10-24T21:59:59", "2026-10-24"),
    ("2026-10-24T22:00:00", "2026-10-25"),
    ("2026-10-25T22:59:59", "2026-10-25"),
    ("2026-10-25T23:00:00", "2026-10-26"),
    ("2026-12-31T22:59:59", "2026-12-31"),
    ("2026-12-31T23:00:00", "2027-01-01"),
    ("2024-02-28T23:00:00", "2024-02-29"),
    ("2023-02-28T23:00:00", "2023-03-01"),
    ("2026-06-30T21:59:59", "2026-06-30"),
    ("2026-06-30T22:00:00", "2026-07-01"),
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(("moment", "day"), DAYS)
def test_a_day_begins_at_midnight_in_berlin(moment: str, day: str):
    assert clock.business_date(utc(moment)).isoformat() == day


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2026-01-31T22:59:59", "2026-01-01"),
        ("2026-01-31T23:00:00", "2026-02-01"),
        ("2026-07-31T21:59:59", "2026-07-01"),
        ("2026-07-31T22:00:00", "2026-08-01"),
        ("2026-12-31T23:00:00", "2027-01-01"),
    ],
)
def test_a_month_is_the_one_of_its_day_in_berlin(moment: str, month: str):
    assert clock.business_month(utc(moment)).isoformat() == month


@given(INSTANTS, OFFSETS)
def test_an_instant_is_of_one_day_wherever_it_was_written(moment: datetime, offset: timezone):
    elsewhere = moment.astimezone(offset)
    assert clock.to_utc(elsewhere) == moment
    assert clock.to_utc(elsewhere).utcoffset() == timedelta(0)
    assert clock.business_date(elsewhere) == clock.business_date(moment)


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_later_is_never_an_earlier_day(moment: datetime, later: timedelta):
    assert clock.business_date(moment) <= clock.business_date(moment + later)
    assert clock.business_month(moment) <= clock.business_month(moment + later)


@given(INSTANTS)
def test_berlin_is_one_or_two_hours_ahead(moment: datetime):
    day = clock.business_date(moment)
    assert {day} <= {(moment + timedelta(hours=hours)).date() for hours in (1, 2)}


@given(INSTANTS)
def test_a_month_begins_with_its_first_day(moment: datetime):
    month = clock.business_month(moment)
    assert (month.day, month) == (1, clock.business_date(moment).replace(day=1))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-03-29T00:30:00", "29.03.2026, 01:30 Uhr"),
        ("2026-03-29T01:30:00", "29.03.2026, 03:30 Uhr"),
        ("2026-10-25T00:30:00", "25.10.2026, 02:30 Uhr"),
        ("2026-10-25T01:30:00", "25.10.2026, 02:30 Uhr"),
        ("2026-10-25T02:30:00", "25.10.2026, 03:30 Uhr"),
        ("2026-12-31T23:00:00", "01.01.2027, 00:00 Uhr"),
        ("2026-07-01T10:05:59", "01.07.2026, 12:05 Uhr"),
    ],
)
def test_a_moment_is_shown_as_clocks_on_the_wall_have_it(moment: str, words: str):
    assert moment_words(utc(moment)) == words


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_is_written_day_first_with_all_its_digits(day: date):
    assert day_words(day) == f"{day.day:02}.{day.month:02}.{day.year:04}"
    assert month_words(day) == f"{day.month:02}/{day.year:04}"


@pytest.mark.parametrize("naive", [datetime(2026, 1, 1), datetime.min, datetime.max])  # noqa: DTZ001, DTZ901
def test_a_time_without_an_offset_names_no_instant(naive: datetime):
    with pytest.raises(ValueError, match="without an offset"):
        clock.to_utc(naive)
