"""Many suppliers' endpoints in a process of their own: `python -m benchmarks.endpoints`.

In: POST /<number>/<manner>; manner: fine, slow (answers after 5 s), silent (never does). Out: on
stdout the port; GET /log: supplier order -> epoch seconds of its first arrival, then forgotten.
"""

import asyncio
import json
import time

from marktbund.testing.receiver import Heard, Reply, listening

SLOW_SECONDS = 5.0


class Endpoints:
    """Answers by manner and keeps when each document first came."""

    def __init__(self) -> None:
        self._arrived: dict[str, float] = {}

    async def __call__(self, heard: Heard) -> Reply:
        """One request."""
        if heard.path == "/log":
            log, self._arrived = self._arrived, {}
            return Reply(200, body=json.dumps(log).encode())
        now = time.time()
        self._arrived.setdefault(json.loads(heard.body)["data"]["supplier_order_id"], now)
        manner = heard.path.rsplit("/", 1)[1]
        if manner == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        elif manner == "silent":
            await asyncio.Event().wait()
        return Reply(204)


async def _serve() -> None:
    async with listening(Endpoints()) as endpoint:
        print(endpoint.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
