"""State feeds: rows of the owner's own table whose newest version was not published yet.

No outbox: each row keeps `published_version`; the relay sends rows where it is below `version`.
Consumers upsert by version, so a repeated or late record does no harm.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    LargeBinary,
    Row,
    Select,
    Table,
    Text,
    func,
    literal,
    select,
)
from sqlalchemy import update as sql_update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.base import Message, Topic

BATCH_BYTES = 8_000_000
"""Of contents in memory at once, beside the last one: a thousand of the longest would be 900 MB."""
_WIDE = (Text, LargeBinary, JSON, ARRAY)


@dataclass(frozen=True, slots=True)
class StateFeed:
    """A table published as state: `to_state` makes the message of a row.

    The table has `version` and `published_version`, and a partial index on rows where they
    differ, so that looking for work costs nothing when there is none.
    """

    table: Table
    id_column: str
    topic: Topic
    to_state: Callable[[Row[Any]], Message]

    @property
    def _id(self) -> Column[Any]:
        return self.table.c[self.id_column]

    def pending(self) -> ColumnElement[bool]:
        """Condition of a row still to be published."""
        return self.table.c.published_version < self.table.c.version

    def unpublished(self, limit: int, most_bytes: int = BATCH_BYTES) -> Select[Any]:
        """The next rows to publish: at most so many, and no further once they are so long."""
        wide = [c for c in self.table.c if isinstance(c.type, _WIDE)]
        lengths = (func.coalesce(func.octet_length(c.cast(Text)), 0) for c in wide)
        size = sum(lengths, start=literal(0)).label("row_bytes")
        rows = select(self.table, size).where(self.pending()).order_by(self._id).limit(limit)
        ahead = rows.subquery()
        before = func.sum(ahead.c.row_bytes).over(order_by=ahead.c[self.id_column])
        summed = select(ahead, (before - ahead.c.row_bytes).label("bytes_before")).subquery()
        columns = [summed.c[column.name] for column in self.table.c]
        return (
            select(*columns)
            .where(summed.c.bytes_before < most_bytes)
            .order_by(summed.c[self.id_column])
        )

    async def mark(self, connection: AsyncConnection, rows: Sequence[Row[Any]]) -> None:
        """Note which versions were sent; a row that moved on meanwhile stays pending."""
        ids = [getattr(row, self.id_column) for row in rows]
        # Locked by id first: an update alone locks in the order of its plan, and would deadlock
        # with an owner that changes many rows at once.
        held = select(self._id).where(self._id.in_(ids)).order_by(self._id)
        await connection.execute(held.with_for_update(key_share=True))
        versions = [row.version for row in rows]
        sent = (
            func.unnest(literal(ids, ARRAY(self._id.type)), literal(versions, ARRAY(BigInteger)))
            .table_valued("id", "version")
            .render_derived()
        )
        await connection.execute(
            sql_update(self.table)
            .values(published_version=sent.c.version)
            .where(self._id == sent.c.id, self.table.c.published_version < sent.c.version)
        )

    async def rise(self, connection: AsyncConnection, versions: Mapping[str, int]) -> None:
        """Put rows above versions that the topic holds already: published again as they are now.

        Rows that have reached the version given stay; keys without a row are passed over.
        """
        keys = sorted(versions)
        above = (
            func.unnest(
                literal(keys, ARRAY(self._id.type)),
                literal([versions[key] for key in keys], ARRAY(BigInteger)),
            )
            .table_valued("id", "version")
            .render_derived()
        )
        await connection.execute(
            sql_update(self.table)
            .values(version=above.c.version + 1)
            .where(self._id == above.c.id, self.table.c.version < above.c.version)
        )
