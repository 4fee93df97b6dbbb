"""A consumer that commits the next offset in a transaction before the effects."""

from collections.abc import Sequence

from aiokafka import ConsumerRecord
from opentelemetry.trace import SpanKind

from marktbund.consuming import dead_letters, offsets, subscriber
from marktbund.consuming.batches import Batches, _tallies
from marktbund.consuming.dead_letters import Parked
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.telemetry import tracing
from tests.failures.planted.building import build


class OffsetsFirst(Batches):
    """Two transactions where there must be one."""

    async def _transaction(self, given: Sequence[ConsumerRecord], bad: Parked | None) -> None:
        records = self._not_passed(given)
        if not records:
            return
        tallies = _tallies(records)
        origin = Origin(correlation_id=str(new_id()))
        async with self._database.begin(origin) as uow:
            await offsets.lock(
                uow.connection, self._consumer, {tp: self.expected.get(tp) for tp in tallies}
            )
            await offsets.advance(uow.connection, self._consumer, tallies)
        self.expected.update({tp: tally.next_offset for tp, tally in tallies.items()})
        with tracing.Steps(SpanKind.CONSUMER) as steps:
            async with self._database.begin(origin) as uow:
                readable, parked = await self._sort(uow, records, bad)
                effects = await self.effects(uow, readable, steps)
                await dead_letters.park(uow.connection, self._consumer, parked)
                self._count(tallies, effects, parked)
                await offsets.advance(uow.connection, self._consumer, tallies)


if __name__ == "__main__":
    build(subscriber, "Batches", OffsetsFirst)
