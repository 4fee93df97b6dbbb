"""What a scrape wants to know of mails, sign-ins and who belongs to whom: how late, how many."""

from dataclasses import dataclass
from uuid import UUID

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
_UNTOLD = text(f"""
    SELECT extract(epoch FROM CAST(:now AS timestamptz) - min(since))
      FROM (SELECT since FROM sign_in WHERE told < wanted AND refused_at IS NULL
             ORDER BY next_attempt_at LIMIT {MOST_ROWS}) AS s
""")
_GIVEN_UP = text(f"""
    SELECT count(*) FROM (SELECT 1 FROM mail
      WHERE state = 'given_up' AND ended_at > CAST(:now AS timestamptz) - interval '1 day'
      LIMIT {MOST_ROWS}) AS m
""")

_REFUSED = text(f"""
    SELECT count(*) FROM (SELECT 1 FROM sign_in WHERE refused_at IS NOT NULL
                           LIMIT {MOST_ROWS}) AS s
""")
_CHAINED = """
    SELECT m.member_id, m.contracting_authority_id AS authority_id,
           a.contracting_authority_id AS root_id
      FROM member AS m JOIN member AS a ON a.member_id = m.contracting_authority_id
     WHERE a.contracting_authority_id IS NOT NULL
"""
_CHAINS = text(f"SELECT count(*) FROM ({_CHAINED}) AS c")
_NAMED = text(f"{_CHAINED} ORDER BY m.member_id")


@dataclass(frozen=True, slots=True)
class Chained:
    """A member whose authority belongs to another in turn: no door takes that any more."""

    member_id: UUID
    authority_id: UUID
    root_id: UUID


async def chained(connection: AsyncConnection) -> list[Chained]:
    """All of them, by id."""
    rows = await connection.execute(_NAMED)
    return [Chained(row.member_id, row.authority_id, row.root_id) for row in rows]


async def gauges(connection: AsyncConnection) -> list[Metric]:
    """Age of the oldest mail and account that wait, how many mails were given up within a day,
    how many members belong to one that belongs to another.
    """
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
        GaugeMetricFamily(
            "marktbund_sign_in_oldest_seconds",
            "Since when Keycloak does not know of an account's change; 0: it knows all",
            value=float(await connection.scalar(_UNTOLD, now) or 0.0),
        ),
        GaugeMetricFamily(
            "marktbund_sign_in_refused",
            f"Accounts that Keycloak does not take as they are, up to {MOST_ROWS}",
            value=await connection.scalar(_REFUSED),
        ),
        GaugeMetricFamily(
            "marktbund_authority_chains",
            "Members whose contracting authority belongs to another in turn",
            value=await connection.scalar(_CHAINS),
        ),
    ]
