"""Reads what the services announced: every record of the event topics, counted once per event id.

In: a broker and a deployment's prefix. Out: counts by type and by the chain an event belongs to.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from marktbund.contracts import TOPICS
from marktbund.jsons import loads
from marktbund.kafka_access import KafkaAccess
from marktbund.topics import PARTITIONS

COOPERATIVE = "cooperative"
"""The chain of events that concern no member."""

_AT_ONCE = 2_000
_WAIT_MS = 500


@dataclass(slots=True)
class Announced:
    """Distinct events by type name and by chain; `repeated`: records sent more than once.

    routes: what was decided about spot orders when they were sent off, by outcome.
    """

    types: Counter[str] = field(default_factory=Counter)
    chains: Counter[str] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)
    repeated: int = 0

    @property
    def total(self) -> int:
        """All distinct events."""
        return self.types.total()


def recorded_topics(prefix: str) -> list[str]:
    """The topics whose events belong in the file: facts, except documentation's own."""
    return [
        prefix + topic.name
        for topic in TOPICS.values()
        if topic.kind == "events" and topic.owner != "documentation"
    ]


class Reader:
    """Reads the event topics of a deployment outside any consumer group. Use `async with`."""

    def __init__(self, kafka: KafkaAccess, prefix: str) -> None:
        self._recorded = recorded_topics(prefix)
        self._consumer = AIOKafkaConsumer(
            **kafka.aiokafka(),
            client_id=f"{prefix}demo-reconciliation",
            enable_auto_commit=False,
        )

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._consumer.stop()

    async def ends(self, topics: Iterable[str] | None = None) -> dict[TopicPartition, int]:
        """The present end of every partition of these topics, else of all recorded ones."""
        partitions = [
            TopicPartition(topic, partition)
            for topic in (self._recorded if topics is None else topics)
            for partition in range(PARTITIONS)
        ]
        ends: dict[TopicPartition, int] = await self._consumer.end_offsets(partitions)
        return ends

    async def read(self) -> Announced:
        """Everything up to the present ends."""
        ends = {partition: end for partition, end in (await self.ends()).items() if end}
        self._consumer.assign(list(ends))
        await self._consumer.seek_to_beginning(*ends)
        announced = Announced()
        seen: set[bytes] = set()
        while ends:
            page = await self._consumer.getmany(timeout_ms=_WAIT_MS, max_records=_AT_ONCE)
            for partition, records in page.items():
                for record in records:
                    _count(record, seen, announced)
                if partition in ends and records[-1].offset + 1 >= ends[partition]:
                    del ends[partition]
        return announced


def _count(record: ConsumerRecord, seen: set[bytes], announced: Announced) -> None:
    headers = dict(record.headers)
    if headers["ce_id"] in seen:
        announced.repeated += 1
        return
    seen.add(headers["ce_id"])
    kind, value = headers["ce_type"].decode().split(".")[-2], loads(record.value)
    announced.types[kind] += 1
    announced.chains[value.get("member_id") or COOPERATIVE] += 1
    if kind == "OrderSubmitted" and value.get("order_kind", "spot") == "spot":
        announced.routes[(value.get("decision") or {}).get("outcome", "")] += 1
