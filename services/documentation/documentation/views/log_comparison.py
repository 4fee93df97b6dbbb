"""The file held against the log: is every event of the topics in it, byte for byte, and no other?

The chain is evidence: it is compared and never replaced.
"""

from collections.abc import Sequence

from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.records import leaf_hash
from documentation.domain.verifier import DISPOSED, RESTORED
from marktbund.envelope import Received

MOST_NAMED = 100
_BEGIN = text("CREATE TEMP TABLE heard (event_id uuid PRIMARY KEY)")
_HEAR = text("""
    INSERT INTO heard SELECT unnest(CAST(:ids AS uuid[])) ON CONFLICT DO NOTHING
    RETURNING event_id
""")
_FILED = text("""
    SELECT r.event_id, r.leaf, p.salt FROM record AS r LEFT JOIN payload AS p USING (chain_id, seq)
     WHERE r.event_id = ANY(:ids)
    UNION ALL
    SELECT event_id, leaf, salt FROM unsealed WHERE event_id = ANY(:ids)
""")
_BEYOND = text("""
    SELECT event_id FROM (SELECT event_id, type FROM record
                          UNION SELECT event_id, type FROM unsealed) AS filed
     WHERE type <> ALL(:own)
       AND NOT EXISTS (SELECT 1 FROM heard WHERE heard.event_id = filed.event_id)
""")


class LogComparison(BaseModel):
    """events: of the log, repeated ones counted once. missing: not filed. altered: filed with
    other bytes. beyond: filed, and not in the log. The first of them are named.
    """

    events: int = 0
    missing: int = 0
    altered: int = 0
    beyond: int = 0
    named: list[str] = Field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether file and log hold the same events."""
        return not (self.missing or self.altered or self.beyond)

    async def begin(self, connection: AsyncConnection) -> None:
        """Make room for the ids heard, in the connection that everything else uses."""
        await connection.execute(_BEGIN)

    async def take(self, connection: AsyncConnection, records: Sequence[Received]) -> None:
        """Hold one page of the log against the file."""
        by_id = {record.event_id: record for record in records}
        asked = {"ids": list(by_id)}
        fresh = set((await connection.execute(_HEAR, asked)).scalars())
        self.events += len(fresh)
        filed = set()
        for event_id, leaf, salt in await connection.execute(_FILED, asked):
            filed.add(event_id)
            # Without a salt the content was disposed of: nothing is left to compare.
            if salt is not None and leaf_hash(salt, by_id[event_id].value) != leaf:
                self.altered += 1
                self._name("altered", str(event_id))
        for event_id in fresh - filed:
            self.missing += 1
            self._name("missing", str(event_id))

    async def finish(self, connection: AsyncConnection) -> None:
        """Look for what is filed beside what the log has."""
        for event_id in (
            await connection.execute(_BEYOND, {"own": [DISPOSED, RESTORED]})
        ).scalars():
            self.beyond += 1
            self._name("beyond", str(event_id))

    def _name(self, what: str, event_id: str) -> None:
        if len(self.named) < MOST_NAMED:
            self.named.append(f"{what} {event_id}")
