"""What a scrape wants to know of channels: counted by state, never by supplier."""

from collections import Counter
from collections.abc import Iterable, Mapping

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock
from supplier_gateway.store.channels import channel_of

MOST_ROWS = 10_000
STATES = ("closed", "half_open", "open", "disabled")

# One step into each supplier's queue: neither history nor a long backlog is counted.
_CHANNELS = text(f"""
    SELECT c.*, d.next_attempt_at
      FROM (SELECT * FROM channel LIMIT {MOST_ROWS}) AS c LEFT JOIN LATERAL (
        SELECT next_attempt_at FROM delivery WHERE supplier_id = c.supplier_id
           AND acknowledged_at IS NULL AND abandoned_at IS NULL
         ORDER BY next_attempt_at, seq LIMIT 1) AS d ON true
""")
_ABANDONED = text(f"""
    SELECT count(*) FROM (SELECT 1 FROM delivery
      WHERE acknowledged_at IS NULL AND abandoned_at IS NOT NULL LIMIT {MOST_ROWS}) AS d
""")


async def gauges(connection: AsyncConnection) -> list[Metric]:
    """Channels by state of their breaker, how late documents are, how many are given up."""
    now = clock.now()
    counted: Counter[str] = Counter()
    late = dict.fromkeys(("open", "shut"), 0.0)
    for row in (await connection.execute(_CHANNELS)).mappings():
        channel = channel_of(row)
        state = "disabled" if channel.status == "disabled" else channel.breaker.state(now)
        counted[state] += 1
        way = "shut" if state in {"open", "disabled"} else "open"
        if row["next_attempt_at"] is not None:
            late[way] = max(late[way], (now - row["next_attempt_at"]).total_seconds())
    return [
        _family("channels", "Suppliers with a channel, by state", "state", counted, STATES),
        _family("overdue_seconds", "Since when the oldest is due", "channel", late, late),
        GaugeMetricFamily(
            "marktbund_webhook_abandoned",
            f"Documents given up and not fetched, up to {MOST_ROWS}",
            value=await connection.scalar(_ABANDONED),
        ),
    ]


def _family(
    name: str, says: str, label: str, values: Mapping[str, float], names: Iterable[str]
) -> Metric:
    family = GaugeMetricFamily(f"marktbund_webhook_{name}", says, labels=[label])
    for label_value in names:
        family.add_metric([label_value], values[label_value])
    return family
