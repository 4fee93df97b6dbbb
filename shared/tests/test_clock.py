"""Two clocks, and the German calendar day."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from marktbund import clock

NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


def test_an_instant_keeps_its_meaning_in_utc():
    sent = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert clock.to_utc(sent) == sent
    assert clock.to_utc(sent).isoformat() == "2025-12-31T23:30:00+00:00"


def test_a_time_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        clock.to_utc(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake itself


@pytest.mark.parametrize(
    "edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"], ids=["first", "last"]
)
def test_a_time_beyond_the_calendar_is_refused_like_any_other(edge: str):
    with pytest.raises(ValueError, match="year"):
        clock.to_utc(datetime.fromisoformat(edge))


def test_the_business_day_is_the_one_in_berlin():
    assert clock.business_date(NEW_YEAR) == date(2026, 1, 1)
    assert clock.business_month(NEW_YEAR) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_summer_time_moves_the_end_of_the_day(moment: datetime, day: date):
    assert clock.business_date(moment) == day
