"""Two workers look at one supplier at the same moment: its places are counted under its lock."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import engine_of
from supplier_gateway import handlers
from supplier_gateway.domain.breakers import CALLS_AT_ONCE
from supplier_gateway.domain.channels import Channel
from supplier_gateway.domain.suppliers import Supplier
from supplier_gateway.store import channels, suppliers

ORIGIN = Origin("test")
SLOW_COUNT = (
    """
    CREATE FUNCTION held_up() RETURNS boolean VOLATILE LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('application_name') = 'slow' THEN
            PERFORM pg_advisory_xact_lock_shared(16);
        END IF;
        RETURN true;
    END $$
    """,
    "CREATE POLICY held_up ON channel USING (held_up())",
    "ALTER TABLE channel ENABLE ROW LEVEL SECURITY",
)
FAST_COUNT = (
    "ALTER TABLE channel DISABLE ROW LEVEL SECURITY",
    "DROP POLICY held_up ON channel",
    "DROP FUNCTION held_up",
)


@pytest.fixture
async def superuser(emptied: str) -> AsyncIterator[AsyncConnection]:
    """The worker `slow` is held up by lock 16 between its snapshot and its lock of the channel."""
    engine = engine_of(ServiceDatabase("", "", emptied, ""))
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in SLOW_COUNT:
            await connection.execute(text(statement))
        yield connection
        for statement in FAST_COUNT:
            await connection.execute(text(statement))
    await engine.dispose()


@pytest.mark.parametrize(("trips", "room"), [(0, CALLS_AT_ONCE), (1, 1)])
async def test_two_workers_that_look_at_once_share_one_bulkhead_and_one_trial(
    database, place_order, hear_record, superuser: AsyncConnection, trips: int, room: int
):
    async with database.begin(ORIGIN) as uow:
        supplier, _ = Supplier.register(new_id(), "Büro GmbH")
        channel = Channel(supplier.supplier_id, "http://127.0.0.1:9/")
        await uow.write(*suppliers.adding(supplier))
        await uow.write(*channels.putting(channel, uow.now))
        placed = [hear_record(place_order(supplier.supplier_id)) for _ in range(12)]
        await handlers.take_orders(placed, uow)
    now = clock.now() + timedelta(seconds=1)
    await superuser.execute(
        text("UPDATE channel SET trips = :trips, blocked_until = now()"), {"trips": trips}
    )

    async def claim(application: str) -> int:
        async with database.begin(ORIGIN) as uow:
            named = text("SELECT set_config('application_name', :name, true)")
            await uow.connection.execute(named, {"name": application})
            claimed = await handlers.claim_documents([supplier.supplier_id], 100, now, uow)
        return len(claimed.claims)

    await superuser.execute(text("SELECT pg_advisory_lock(16)"))
    slow = asyncio.create_task(claim("slow"))
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    async with asyncio.timeout(30):
        while not await superuser.scalar(text(waits)):
            await asyncio.sleep(0.01)
    quick = await claim("quick")
    await superuser.execute(text("SELECT pg_advisory_unlock(16)"))
    assert quick + await slow == room
