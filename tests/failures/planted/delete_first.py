"""A relay that deletes before it sends."""

from sqlalchemy import text

from marktbund import workers
from marktbund.relay import _NEXT, BATCH, BATCH_BYTES, Relay
from tests.failures.planted.building import build

GONE = text("DELETE FROM outbox WHERE seq = ANY(:seqs)")


class DeleteFirst(Relay):
    """What is not confirmed after the commit is nowhere any more."""

    async def _send_letters(self) -> None:
        async with self._database.engine.begin() as connection:
            bounds = {"batch": BATCH, "bytes": BATCH_BYTES}
            rows = (await connection.execute(_NEXT, bounds)).all()
            await connection.execute(GONE, {"seqs": [row.seq for row in rows]})
        records = [(row.topic, row.aggregateid, row.payload, row.headers) for row in rows]
        _, failure = await self._send(records)
        if failure is not None:
            raise failure


if __name__ == "__main__":
    build(workers, "Relay", DeleteFirst)
