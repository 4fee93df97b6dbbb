"""Which aggregate's version each own topic counts: what the database knows to have announced."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.base import Topic
from marktbund.feeds import StateFeed

_FLOORS = text("""
    SELECT key, version FROM version_floor WHERE topic = :topic AND decided AND key = ANY(:keys)
""")


@dataclass(frozen=True, slots=True)
class Owned:
    """An own topic. `versions`: SQL that gives (key, version) for the texts bound as `keys`."""

    topic: Topic
    versions: str


def counted(topic: Topic, table: str, id_column: str, version_column: str = "version") -> Owned:
    """A topic whose versions a column of the aggregate's own table counts."""
    return Owned(
        topic,
        f"SELECT {id_column}::text AS key, {version_column} AS version FROM {table}"
        f" WHERE {id_column} = ANY(CAST(:keys AS uuid[]))",
    )


def everything(owned: Sequence[Owned], feeds: Sequence[StateFeed]) -> dict[Topic, Owned]:
    """Every own topic, states among them."""
    states = [counted(feed.topic, feed.table.name, feed.id_column) for feed in feeds]
    return {own.topic: own for own in (*owned, *states)}


async def known_versions(
    connection: AsyncConnection, owned: Owned, keys: Collection[str]
) -> Mapping[str, int]:
    """Key -> the highest version this database accounts for; keys it does not know are left out.

    What an operator has given up is accounted for, too.
    """
    asked = {"keys": sorted(keys)}
    known: dict[str, int] = {}
    for statement, values in (
        (text(owned.versions), asked),
        (_FLOORS, asked | {"topic": owned.topic.name}),
    ):
        for key, version in await connection.execute(statement, values):
            known[key] = max(version, known.get(key, 0))
    return known
