"""The body of a call: a document as its supplier would fetch it, framed as the standard asks."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.jsons import dumps
from supplier_gateway.views.supplier_orders import LINES, delivery_views

_TYPES = {"order": "order.placed", "cancellation": "order.cancelled"}
_DOCUMENTS = text(f"""
    SELECT d.delivery_id, d.document, d.queued_at, o.*, {LINES}
      FROM delivery AS d
      JOIN supplier_order AS o USING (supplier_order_id)
      JOIN supplier_order_line AS l USING (supplier_order_id)
     WHERE d.delivery_id = ANY(:ids)
     ORDER BY d.seq, l.line_no
""")


async def bodies(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """JSON of documents by delivery: `type`, `timestamp` (business time), `data` as fetched."""
    rows = (await connection.execute(_DOCUMENTS, {"ids": list(ids)})).mappings().all()
    return {
        view.delivery_id: dumps(
            {
                "type": _TYPES[view.document],
                "timestamp": view.queued_at.isoformat(),
                "data": view.model_dump(mode="json"),
            }
        )
        for view in delivery_views(rows)
    }
