"""Two clocks: system time for tokens and leases, business time for orders and windows."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def now() -> datetime:
    """System time, aware, UTC."""
    return datetime.now(UTC)


def to_utc(moment: datetime) -> datetime:
    """The same instant in UTC.

    Raises ValueError for a naive time, as nobody can know which instant it means, and for one
    at the edge of the calendar that has no UTC form.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without an offset names no instant")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time before year 1 or after year 9999") from error


def business_date(moment: datetime) -> date:
    """The calendar day in Europe/Berlin an instant falls on."""
    return moment.astimezone(BERLIN).date()


def business_month(moment: datetime) -> date:
    """First day of the Europe/Berlin month an instant falls in; the cell of the demand cube."""
    return business_date(moment).replace(day=1)
