"""What waits is sealed."""

from opentelemetry.trace import SpanKind

from documentation import handlers
from documentation.jobs.holding import holding
from documentation.store import sealing
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.leases import Lease
from marktbund.telemetry.tracing import Steps
from marktbund.unit_of_work import Database


class Sealer:
    """Seals everything that waits, 1,000 events per commit, while it holds the lease."""

    def __init__(self) -> None:
        self._lease: Lease | None = None

    async def __call__(self, database: Database) -> None:
        """Work until nothing waits. Raises SealerReplacedError; the next run asks for the lease."""
        self._lease = self._lease or Lease(database.engine, "sealer")
        while await self._lease.keep():
            async with database.reading() as connection:
                if not await sealing.anything_waiting(connection):
                    return
            with holding(self._lease) as holder, Steps(SpanKind.INTERNAL) as steps:
                async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
                    for traceparent in await handlers.seal_batch(holder, uow):
                        steps.begin("seal", traceparent, {})
