"""Who names a document, uploads it and sweeps it at the same moment, on committed rows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from marktbund import clock
from marktbund.envelope import Origin
from marktbund.errors import Invalid
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database
from orders.ordering.domain.attachments import Attachment
from orders.ordering.store import attachments, documents

ORIGIN = Origin("test")
SHA256 = "ab" * 32
QUOTE = Attachment(new_id(), SHA256, "application/pdf", 1)
LATER = clock.now() + timedelta(days=31)
WAITS = """
    SELECT count(*) FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


@pytest.fixture
async def database(orders_database: ServiceDatabase) -> AsyncIterator[Database]:
    """A database with one document that nothing names yet."""
    engine = engine_of(orders_database)
    made = Database(engine, "orders")
    async with made.begin(ORIGIN) as uow:
        await documents.touch(uow, SHA256)
        await attachments.add(uow, QUOTE, new_id())
    yield made
    async with made.begin(ORIGIN) as uow:
        await uow.connection.execute(text("DELETE FROM attachment"))
        await uow.connection.execute(text("DELETE FROM document_content"))
    await engine.dispose()


async def somebody_waits(database: Database) -> None:
    # A transaction sees the sessions as they were when it first asked: each question has its own.
    async with asyncio.timeout(30):
        while not await waiting(database):
            await asyncio.sleep(0.01)


async def waiting(database: Database) -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(text(WAITS)) or 0)


async def name(database: Database) -> None:
    async with database.begin(ORIGIN) as uow:
        await attachments.require(uow, QUOTE.member_id, {"lines[0]": SHA256})


async def test_what_an_order_is_just_naming_is_not_swept(database: Database):
    async with database.begin(ORIGIN) as uow:
        await attachments.require(uow, QUOTE.member_id, {"lines[0]": SHA256})
        async with database.begin(ORIGIN) as sweep:
            assert await documents.forget_unnamed(sweep, LATER, 10) == 0
    async with database.begin(ORIGIN) as sweep:
        assert await documents.forget_unnamed(sweep, LATER, 10) == 0
        assert await documents.orphans(sweep.connection, LATER, 10) == []


async def test_what_is_just_being_swept_can_no_longer_be_named(database: Database):
    async with database.begin(ORIGIN) as sweep:
        assert await documents.forget_unnamed(sweep, LATER, 10) == 1
        naming = asyncio.create_task(name(database))
        await somebody_waits(database)
    with pytest.raises(Invalid, match="document_unknown"):
        await naming


async def test_an_upload_waits_for_the_sweep_of_its_content_and_begins_anew(database: Database):
    async def upload() -> None:
        async with database.begin(ORIGIN) as uow:
            await documents.touch(uow, SHA256)

    async with database.begin(ORIGIN) as uow:
        await documents.forget_unnamed(uow, LATER, 10)
    async with database.begin(ORIGIN) as sweep:
        assert await documents.hold_orphan(sweep, SHA256, LATER)
        uploading = asyncio.create_task(upload())
        await somebody_waits(database)
        await documents.forget(sweep, SHA256)
    await uploading
    async with database.begin(ORIGIN) as sweep:
        assert not await documents.hold_orphan(sweep, SHA256, clock.now() - timedelta(days=1))
        assert await documents.orphans(sweep.connection, LATER, 10) == [SHA256]
