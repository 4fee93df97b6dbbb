"""What a scrape learns of channels: counted by state, how late, how many given up; no names."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from marktbund import clock
from supplier_gateway.views import standing

URL = "http://127.0.0.1:9/"


async def scraped(pushing) -> dict[tuple[str, str], float]:
    """(metric without prefix, label) -> value."""
    families = await standing.gauges(pushing.doors.database.connection)
    return {
        (sample.name.removeprefix("marktbund_webhook_"), "".join(sample.labels.values())): (
            sample.value
        )
        for family in families
        for sample in family.samples
    }


async def test_channels_are_counted_by_state(pushing, register):
    changes = {
        "fine": "failures = 2",
        "open": "trips = 1, blocked_until = now() + interval '1 hour'",
        "trying": "trips = 1, blocked_until = now() - interval '1 second'",
        "gone": "status = 'disabled'",
    }
    for name, change in changes.items():
        supplier = await register(name)
        await supplier.register_channel(URL)
        await pushing.doors.database.connection.execute(
            text(f"UPDATE channel SET {change} WHERE supplier_id = :id"),
            {"id": supplier.supplier_id},
        )
    await register("fetches")
    gauges = await scraped(pushing)
    states = {state: gauges["channels", state] for state in standing.STATES}
    assert states == {"closed": 1, "half_open": 1, "open": 1, "disabled": 1}


@pytest.mark.parametrize(("shut", "other"), [(False, "shut"), (True, "open")])
async def test_how_late_is_told_apart_by_whether_anybody_may_call(
    pushing, hear, place_order, supplier, shut: bool, other: str
):
    assert (await scraped(pushing))["overdue_seconds", "open"] == 0
    await supplier.register_channel(URL)
    await hear(place_order(supplier.supplier_id))
    connection = pushing.doors.database.connection
    late = {"at": clock.now() - timedelta(minutes=5)}
    await connection.execute(text("UPDATE delivery SET next_attempt_at = :at"), late)
    if shut:
        await connection.execute(text("UPDATE channel SET status = 'disabled'"))
    gauges = await scraped(pushing)
    assert gauges["overdue_seconds", "shut" if shut else "open"] == pytest.approx(300, abs=30)
    assert gauges["overdue_seconds", other] == 0
    assert gauges["abandoned", ""] == 0
    await connection.execute(text("UPDATE delivery SET abandoned_at = now()"))
    assert (await scraped(pushing))["abandoned", ""] == 1
