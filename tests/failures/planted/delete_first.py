"""A relay that deletes before it sends."""

from marktbund import composition
from marktbund.relay import _DELETE, _NEXT, BATCH, Relay
from tests.failures.planted.building import build


class DeleteFirst(Relay):
    """What is not confirmed after the commit is nowhere any more."""

    async def _send_letters(self, shards: list[int]) -> None:
        fence = {"task": self._leases.task, "owner": self._leases.owner}
        async with self._database.engine.begin() as connection:
            rows = (await connection.execute(_NEXT, {"shards": shards, "batch": BATCH})).all()
            await connection.execute(_DELETE, {"seqs": [row.seq for row in rows], **fence})
        records = [(row.topic, row.aggregateid, row.payload, row.headers) for row in rows]
        _, failure = await self._send(records)
        if failure is not None:
            raise failure


if __name__ == "__main__":
    build(composition, "Relay", DeleteFirst)
