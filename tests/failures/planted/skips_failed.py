"""A relay that leaves a failed row where it is and goes on with the rows behind it."""

from marktbund import workers
from marktbund.relay import _NEXT, BATCH, BATCH_BYTES, Relay
from tests.failures.planted.building import build
from tests.failures.planted.delete_first import GONE


class SkipsFailed(Relay):
    """Sends every row for itself; the failed one comes again in the next pass."""

    async def _send_letters(self) -> None:
        async with self._database.reading() as connection:
            bounds = {"batch": BATCH, "bytes": BATCH_BYTES}
            rows = (await connection.execute(_NEXT, bounds)).all()
        confirmed = []
        for row in rows:
            record = (row.topic, row.aggregateid, row.payload, row.headers)
            _, failure = await self._send([record])
            if failure is None:
                confirmed.append(row.seq)
        async with self._database.engine.begin() as connection:
            await connection.execute(GONE, {"seqs": confirmed})


if __name__ == "__main__":
    build(workers, "Relay", SkipsFailed)
