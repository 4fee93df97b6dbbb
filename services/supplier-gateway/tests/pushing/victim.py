"""A worker in a process of its own, which the test kills: `python victim.py` with the environment
variables DATABASE_URL and CHANNEL_KEY.
"""

import asyncio
import os

from marktbund import clock
from marktbund.unit_of_work import Database, create_engine
from supplier_gateway.gateways.vault import Vault
from supplier_gateway.gateways.webhooks import HttpCaller
from supplier_gateway.jobs import Dispatcher


async def work() -> None:
    engine = create_engine(os.environ["DATABASE_URL"], application="victim")
    caller = HttpCaller(clock.now, private_allowed=True)
    dispatcher = Dispatcher(Vault([os.environ["CHANNEL_KEY"]]), caller, demo=False)
    await dispatcher(Database(engine, "supplier-gateway"))


if __name__ == "__main__":
    asyncio.run(work())
