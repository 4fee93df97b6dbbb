"""The letterbox: announced events as rows, in the transaction that caused them.

Columns are what Debezium's outbox event router expects, so that it could read the table instead
of our relay. `seq` is drawn when the row is inserted, after the aggregate's row lock, so per key
the order of seq is the order of commits. Sent rows are deleted: no cursor, no gap.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import floors
from marktbund.contracts.base import Message
from marktbund.envelope import MAX_VALUE_BYTES, Origin, write_headers
from marktbund.errors import TooLarge
from marktbund.ids import new_id, shard_of
from marktbund.jsons import dumps

_COLUMNS = ("id", "aggregatetype", "aggregateid", "type", "topic", "payload", "headers", "shard")
# What is returned is whether any of these keys has a floor: hardly ever, and no round trip more.
_INSERT = text("""
    WITH put AS (
        INSERT INTO outbox (id, aggregatetype, aggregateid, type, topic, payload, headers, shard)
        SELECT * FROM unnest(
            CAST(:id AS uuid[]), CAST(:aggregatetype AS text[]), CAST(:aggregateid AS text[]),
            CAST(:type AS text[]), CAST(:topic AS text[]), CAST(:payload AS bytea[]),
            CAST(:headers AS jsonb[]), CAST(:shard AS smallint[]))
        RETURNING topic, aggregateid
    )
    SELECT EXISTS (SELECT 1 FROM put JOIN version_floor AS f
                       ON f.topic = put.topic AND f.key = put.aggregateid)
""")


async def write(
    connection: AsyncConnection,
    source: str,
    now: datetime,
    announced: Sequence[tuple[Message, Origin]],
) -> None:
    """Put events into the outbox, in the order given, one round trip.

    Raises TooLarge (`event_too_large`) before anything is written: an event the broker would
    refuse must stop its own transaction, not everybody's relay.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for event, origin in announced:
        payload = event.model_dump_json().encode()
        if len(payload) > MAX_VALUE_BYTES:
            raise TooLarge("event_too_large", "Der Vorgang ist zu groß", way_out="Bitte aufteilen.")
        event_id = new_id()
        columns["id"].append(event_id)
        columns["aggregatetype"].append(event.topic.subject)
        columns["aggregateid"].append(event.key)
        columns["type"].append(event.type_name())
        columns["topic"].append(event.topic.name)
        columns["payload"].append(payload)
        columns["headers"].append(dumps(write_headers(event, event_id, source, now, origin)))
        columns["shard"].append(shard_of(event.key.encode()))
    if await connection.scalar(_INSERT, columns):
        events = (event for event, _ in announced)
        await floors.renumber(connection, list(zip(columns["id"], events, strict=True)))
