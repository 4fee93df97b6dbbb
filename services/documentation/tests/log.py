"""Kafka as far as documentation looks at it: its own topic, and the log of everything heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import text

from documentation.domain.checkpoints import SignedCheckpoint, signed_of
from marktbund.ahead import LogAwayError
from marktbund.contracts.documentation import CHECKPOINT_EVENTS, CheckpointSigned
from marktbund.envelope import Received
from marktbund.testing import records
from marktbund.unit_of_work import Database


@dataclass
class Topic:
    """What the relay has sent of the outbox: kept whatever becomes of the database.

    away: Kafka does not answer. held: the relay does not send.
    """

    database: Database
    sent: dict[int, CheckpointSigned] = field(default_factory=dict)
    away: bool = False
    held: bool = False

    async def __call__(self) -> SignedCheckpoint | None:
        """What stands last there, as `jobs.LastPublished` says it."""
        if self.away:
            raise LogAwayError("KafkaConnectionError")
        if not self.held:
            await self.relay()
        return signed_of(self.sent[max(self.sent)]) if self.sent else None

    async def relay(self) -> None:
        """Send what waits."""
        async with self.database.reading() as connection:
            rows = await connection.execute(
                text("SELECT payload FROM outbox WHERE type LIKE '%.CheckpointSigned.%'")
            )
            for payload in rows.scalars():
                event = CheckpointSigned.model_validate_json(payload)
                self.sent.setdefault(event.number, event)


@dataclass
class LogBook:
    """The log as it stands in Kafka: everything heard, and what the relay has sent."""

    topic: Topic
    records: dict[tuple[str, int], list[Received]] = field(default_factory=dict)

    def write(self, heard: Sequence[Received]) -> None:
        """Append, in partition 0 of each topic."""
        for record in heard:
            kept = self.records.setdefault((record.topic.name, 0), [])
            kept.append(replace(record, offset=len(kept)))

    def _of(self, partition: tuple[str, int]) -> list[Received]:
        if partition[0] != CHECKPOINT_EVENTS.name:
            return self.records[partition]
        return [records.received(event) for _, event in sorted(self.topic.sent.items())]

    async def ends(self, topics: Sequence[Any]) -> dict[tuple[str, int], int]:
        return {(topic.name, 0): len(self._of((topic.name, 0))) for topic in topics}

    async def read(self, stretches: Mapping[tuple[str, int], tuple[int, int]]) -> list[Received]:
        return [
            record
            for partition, (begin, end) in stretches.items()
            for record in self._of(partition)[begin:end]
        ]
