"""A relay that sends as FastStream's publish_batch does: a batch, one partition, whatever the keys.

Not with that function itself, which has one set of headers for all records of a batch.
"""

from collections.abc import Sequence
from itertools import groupby

from marktbund import composition
from marktbund.relay import Relay
from marktbund.telemetry import tracing
from tests.failures.planted.building import build

Record = tuple[str, str, bytes, dict[str, str]]


class WholeBatches(Relay):
    """The partition is drawn anew for every batch."""

    async def _send_traced(
        self, records: Sequence[Record], steps: tracing.Steps
    ) -> tuple[int, BaseException | None]:
        for topic, group in groupby(sorted(records, key=lambda each: each[0]), lambda r: r[0]):
            await self._publish_batch(self._prefix + topic, list(group))
        return len(records), None

    async def _publish_batch(self, topic: str, records: Sequence[Record]) -> None:
        producer = await self._started_producer()
        batch = producer.create_batch()
        for _, key, value, headers in records:
            told = [(name, text.encode()) for name, text in headers.items()]
            added = batch.append(key=key.encode(), value=value, timestamp=None, headers=told)
            assert added is not None, "the batch is full"
        await (await producer.send_batch(batch, topic, partition=None))


if __name__ == "__main__":
    build(composition, "Relay", WholeBatches)
