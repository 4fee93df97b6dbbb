"""Days from outside: strings, and years this product deals with."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from marktbund.days import Day

DAY = TypeAdapter(Day)


@pytest.mark.parametrize("sent", ["2026-12-01", date(2026, 12, 1)])
def test_a_day_is_written_in_iso_form(sent: object):
    assert DAY.validate_python(sent) == date(2026, 12, 1)


@pytest.mark.parametrize(
    "sent",
    [
        1767225600,
        1767225600.5,
        "1767225600",
        "2026-12-01T00:00:00",
        "2026-1-1",
        "01.12.2026",
        "2026-02-30",
        "\u0662026-12-01",
        "",
        True,
        None,
        datetime(2026, 12, 1, tzinfo=UTC),
        "0001-01-01",
        "1999-12-31",
        "2200-01-01",
        "9999-12-31",
    ],
)
def test_what_is_no_day(sent: object):
    with pytest.raises(ValidationError):
        DAY.validate_python(sent)


@pytest.mark.parametrize("edge", ["2000-01-01", "2199-12-31"])
def test_the_edges_of_the_calendar(edge: str):
    assert DAY.validate_json(f'"{edge}"').isoformat() == edge
