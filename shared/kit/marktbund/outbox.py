"""The letterbox: announced events as rows, in the transaction that caused them.

Columns are what Debezium's outbox event router expects, so that it could read the table instead
of our relay. `seq` is drawn when the row is inserted, after the aggregate's row lock, so per key
the order of seq is the order of commits. Sent rows are deleted: no cursor, no gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import floors
from marktbund.contracts.base import Message
from marktbund.envelope import MAX_VALUE_BYTES, Origin, write_headers
from marktbund.errors import TooLarge
from marktbund.ids import new_id
from marktbund.jsons import dumps
from marktbund.statements import Clause

_COLUMNS = ("id", "aggregatetype", "aggregateid", "type", "topic", "payload", "headers")
_PUT = """
    INSERT INTO outbox (id, aggregatetype, aggregateid, type, topic, payload, headers)
    SELECT * FROM unnest(
        CAST(:letter_id AS uuid[]), CAST(:letter_aggregatetype AS text[]),
        CAST(:letter_aggregateid AS text[]), CAST(:letter_type AS text[]),
        CAST(:letter_topic AS text[]), CAST(:letter_payload AS bytea[]),
        CAST(:letter_headers AS jsonb[]))
    RETURNING topic, aggregateid
"""
# Whether any of these keys has a floor: hardly ever, and no round trip more.
_FLOORED = """
    EXISTS (SELECT 1 FROM letters JOIN version_floor AS f
                ON f.topic = letters.topic AND f.key = letters.aggregateid)
"""


@dataclass(frozen=True, slots=True)
class Letters:
    """Events on their way into the outbox: a part of a write that shows whether to renumber."""

    part: Clause
    events: tuple[tuple[UUID, Message], ...]

    async def renumber(self, connection: AsyncConnection) -> None:
        """Give them versions after the floors of their keys."""
        await floors.renumber(connection, self.events)


def letters(source: str, now: datetime, announced: Sequence[tuple[Message, Origin]]) -> Letters:
    """Events as rows, in the order given.

    Raises TooLarge (`event_too_large`) before anything is written: an event the broker would
    refuse must stop its own transaction, not everybody's relay.
    """
    rows = []
    for event, origin in announced:
        payload = event.model_dump_json().encode()
        if len(payload) > MAX_VALUE_BYTES:
            raise TooLarge("event_too_large", "Der Vorgang ist zu groß", way_out="Bitte aufteilen.")
        event_id = new_id()
        headers = dumps(write_headers(event, event_id, source, now, origin))
        subject, topic = event.topic.subject, event.topic.name
        rows.append((event_id, subject, event.key, event.type_name(), topic, payload, headers))
    columns = {f"letter_{name}": [row[at] for row in rows] for at, name in enumerate(_COLUMNS)}
    events = (event for event, _ in announced)
    return Letters(
        Clause("letters", _PUT, columns, _FLOORED),
        tuple(zip((row[0] for row in rows), events, strict=True)),
    )
