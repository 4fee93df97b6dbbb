"""Questions about channels and what became of each document: for the office, and for suppliers.

Nothing here knows a secret: how many sign, and until when, is all that is told.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.supplier_gateway import (
    AttemptAnswer,
    ChannelAnswer,
    DeliveryAnswer,
    DeliveryLogAnswer,
)
from marktbund.errors import NotFound
from supplier_gateway.store.channels import channel_of

TroublePage = Annotated[int, Field(ge=1, le=200)]

_CHANNEL = text("""
    SELECT c.*,
           (SELECT count(*) FROM channel_secret AS s WHERE s.supplier_id = c.supplier_id
              AND (s.expires_at IS NULL OR s.expires_at > :now)) AS secrets,
           (SELECT min(s.expires_at) FROM channel_secret AS s WHERE s.supplier_id = c.supplier_id
              AND s.expires_at > :now) AS secret_expires_at
      FROM channel AS c WHERE c.supplier_id = :supplier_id
""")
_STATE = """CASE WHEN d.acknowledged_at IS NOT NULL THEN 'acknowledged'
                 WHEN d.abandoned_at IS NOT NULL THEN 'abandoned'
                 WHEN d.step > 0 OR d.held_at IS NOT NULL THEN 'failing'
                 ELSE 'waiting' END AS state"""
_LOG = text(f"""
    SELECT d.*, {_STATE}, a.number, a.begun_at, a.ended_at, a.result, a.http_status,
           a.next_attempt_at AS next_try, a.cause
      FROM supplier_order AS o JOIN delivery AS d USING (supplier_order_id)
      LEFT JOIN attempt AS a USING (delivery_id)
     WHERE o.supplier_order_id = :supplier_order_id
       AND (CAST(:supplier_id AS uuid) IS NULL OR o.supplier_id = :supplier_id)
     ORDER BY d.seq, a.number
""")
_ABANDONED = text(f"""
    SELECT d.*, {_STATE} FROM delivery AS d
     WHERE d.supplier_id = :supplier_id AND d.acknowledged_at IS NULL
       AND d.abandoned_at IS NOT NULL
       AND d.seq > coalesce((SELECT seq FROM delivery WHERE delivery_id = :after), 0)
     ORDER BY d.seq LIMIT :limit
""")


async def channel(connection: AsyncConnection, supplier_id: UUID, now: datetime) -> ChannelAnswer:
    """A supplier's channel. Raises NotFound (`channel_unknown`) for one that fetches."""
    parameters = {"supplier_id": supplier_id, "now": now}
    row = (await connection.execute(_CHANNEL, parameters)).mappings().one_or_none()
    if row is None:
        raise NotFound("channel_unknown", "Dieser Lieferant hat keinen Webhook-Kanal")
    stored = channel_of(row)
    return ChannelAnswer(
        supplier_id=supplier_id,
        url=stored.url,
        status=stored.status,
        breaker=stored.breaker.state(now),
        failures=stored.breaker.failures,
        blocked_until=stored.breaker.blocked_until,
        secrets=row["secrets"],
        secret_expires_at=row["secret_expires_at"],
    )


async def delivery_log(
    connection: AsyncConnection, supplier_order_id: UUID, supplier_id: UUID | None = None
) -> list[DeliveryLogAnswer]:
    """A supplier order's documents with every attempt; with `supplier_id`, only if it is theirs.

    Raises NotFound (`supplier_order_unknown`).
    """
    key = {"supplier_order_id": supplier_order_id, "supplier_id": supplier_id}
    rows = (await connection.execute(_LOG, key)).mappings().all()
    if not rows:
        raise NotFound("supplier_order_unknown", "Diese Lieferantenbestellung gibt es nicht")
    groups = groupby(rows, key=lambda row: row["delivery_id"])
    return [_with_log(list(group)) for _, group in groups]


async def abandoned(
    connection: AsyncConnection, supplier_id: UUID, after: UUID | None, limit: int
) -> list[DeliveryAnswer]:
    """A supplier's documents nobody calls for any more, the oldest first.

    `after`: the last delivery_id of the page before; an unknown one begins anew.
    """
    page = {"supplier_id": supplier_id, "after": after, "limit": limit}
    rows = await connection.execute(_ABANDONED, page)
    return [DeliveryAnswer.model_validate(row) for row in rows]


def _with_log(rows: Sequence[RowMapping]) -> DeliveryLogAnswer:
    log = tuple(
        AttemptAnswer.model_validate({**row, "next_attempt_at": row["next_try"]})
        for row in rows
        if row["number"] is not None
    )
    return DeliveryLogAnswer.model_validate({**rows[0], "log": log})
