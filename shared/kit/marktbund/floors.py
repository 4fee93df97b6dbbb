"""Versions that must not be given out again: of keys whose news the log holds and we forgot.

A floor is the highest version of a key in the log. What the key announces later is numbered after
it, so that nobody meets a version twice and nobody sees a gap.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.base import Message
from marktbund.jsons import dumps

_SET = text("""
    INSERT INTO version_floor AS f (topic, key, version)
    SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:keys AS text[]),
                         CAST(:versions AS bigint[]))
    ON CONFLICT (topic, key) DO UPDATE
       SET version = greatest(f.version, excluded.version), decided = false
""")
_LIFT = text("""
    DELETE FROM version_floor AS f
     USING unnest(CAST(:topics AS text[]), CAST(:keys AS text[])) AS k (topic, key)
     WHERE f.topic = k.topic AND f.key = k.key
""")
_DECIDE = text("UPDATE version_floor SET decided = true WHERE NOT decided")
_HELD = text("""
    SELECT topic, key, version FROM version_floor WHERE (topic, key) IN (
           SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:keys AS text[])))
     ORDER BY topic, key FOR UPDATE
""")
_RAISE = text("UPDATE version_floor SET version = :version WHERE topic = :topic AND key = :key")
_RENUMBER = text("""
    UPDATE outbox SET payload = :payload,
           headers = jsonb_set(headers, '{aggregate_version}', CAST(:version AS jsonb))
     WHERE id = :id
""")

Key = tuple[str, str]
"""Topic without prefix, and the aggregate's key."""


async def put(connection: AsyncConnection, floors: Mapping[Key, int]) -> None:
    """Set floors; until they are decided they do not count as known."""
    keys = sorted(floors)
    values = {**_columns(keys), "versions": [floors[key] for key in keys]}
    await connection.execute(_SET, values)


async def lift(connection: AsyncConnection, keys: Iterable[Key]) -> None:
    """Take floors away where the database has caught up."""
    await connection.execute(_LIFT, _columns(sorted(keys)))


async def decide(connection: AsyncConnection) -> None:
    """What is left is given up: from now on it counts as known."""
    await connection.execute(_DECIDE)


async def renumber(connection: AsyncConnection, announced: Sequence[tuple[UUID, Message]]) -> None:
    """Give events just written to the outbox the next version after their key's floor."""
    keys = sorted({(event.topic.name, event.key) for _, event in announced})
    rows = await connection.execute(_HELD, _columns(keys))
    held = {(row.topic, row.key): int(row.version) for row in rows}
    for event_id, event in announced:
        key = (event.topic.name, event.key)
        if key not in held:
            continue
        version = max(event.version, held[key] + 1)
        held[key] = version
        if version != event.version:
            renumbered = event.model_copy(update={"version": version})
            values = {
                "id": event_id,
                "payload": renumbered.model_dump_json().encode(),
                "version": dumps(str(version)),
            }
            await connection.execute(_RENUMBER, values)
    for (topic, name), version in held.items():
        await connection.execute(_RAISE, {"topic": topic, "key": name, "version": version})


class _KeyColumns(TypedDict):
    topics: list[str]
    keys: list[str]


def _columns(keys: Sequence[Key]) -> _KeyColumns:
    return {"topics": [topic for topic, _ in keys], "keys": [key for _, key in keys]}
