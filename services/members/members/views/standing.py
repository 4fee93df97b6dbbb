"""What a scrape wants to know of mails: how late, how many given up; never whose."""

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock

MOST_ROWS = 10_000

_OLDEST = text(f"""
    SELECT extract(epoch FROM CAST(:now AS timestamptz) - min(noted_at))
      FROM (SELECT noted_at FROM mail WHERE state = 'waiting'
             ORDER BY next_attempt_at LIMIT {MOST_ROWS}) AS m
""")
_GIVEN_UP = text(f"""
    SELECT count(*) FROM (SELECT 1 FROM mail
      WHERE state = 'given_up' AND ended_at > CAST(:now AS timestamptz) - interval '1 day'
      LIMIT {MOST_ROWS}) AS m
""")


async def gauges(connection: AsyncConnection) -> list[Metric]:
    """How old the oldest mail is that still waits, and how many were given up within a day."""
    now = {"now": clock.now()}
    return [
        GaugeMetricFamily(
            "marktbund_mail_oldest_seconds",
            "Age of the oldest mail not sent; 0: none waits",
            value=float(await connection.scalar(_OLDEST, now) or 0.0),
        ),
        GaugeMetricFamily(
            "marktbund_mail_given_up",
            f"Mails given up within a day, up to {MOST_ROWS}",
            value=await connection.scalar(_GIVEN_UP, now),
        ),
    ]
