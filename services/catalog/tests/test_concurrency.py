"""What holds when two do something at once; committed, and cleaned up by the owner."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from catalog import handlers, jobs, store
from catalog.commands import PublishPriceList, StagePriceList
from catalog.domain.catalogues import PriceList
from marktbund.contracts.base import Message
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.contracts.tender_planning import GroupState
from marktbund.envelope import Origin, Received
from marktbund.errors import Conflict
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database

ORIGIN = Origin(correlation_id="test")
(FEED,) = store.FEEDS
CORRECTION = GroupState(
    version=1,
    correction_id=new_id(),
    source="txt:fineliner schwarz||H87",
    to_group="rev:1",
    reason="Geprüft",
    reviewed_by=new_id(),
    reviewed_at=datetime(2026, 3, 1, tzinfo=UTC),
    status="active",
)


@pytest.fixture
async def database(catalog_database: ServiceDatabase) -> AsyncIterator[Database]:
    engine = engine_of(catalog_database)
    yield Database(engine, "catalog")
    await engine.dispose()
    owner = await asyncpg.connect(catalog_database.owner_url.replace("+asyncpg", ""))
    await owner.execute(
        "TRUNCATE supplier, catalogue, price_list, price_list_row, article, outbox"
        ", group_correction"
    )
    await owner.close()


@pytest.fixture
async def supplier_id(database: Database, received: Callable[[Message], Received]) -> UUID:
    state = SupplierState(supplier_id=new_id(), name="Bürowelt", status="active", version=1)
    async with database.begin(ORIGIN) as uow:
        await handlers.keep_suppliers([received(state)], uow)
    return state.supplier_id


async def stage(database: Database, supplier_id: UUID, content: bytes) -> int:
    async with database.begin(ORIGIN) as uow:
        command = StagePriceList.from_csv(supplier_id, content)
        return (await handlers.stage_price_list(command, new_id(), uow)).number


async def publish(database: Database, supplier_id: UUID, number: int) -> PriceList:
    async with database.begin(ORIGIN) as uow:
        command = PublishPriceList(supplier_id=supplier_id, number=number)
        return await handlers.publish_price_list(command, new_id(), uow)


async def test_lists_staged_and_published_at_once_stay_in_line(
    database: Database, supplier_id: UUID, csv_of: Callable[..., bytes]
):
    numbers = await asyncio.gather(*(stage(database, supplier_id, csv_of({})) for _ in range(4)))
    assert sorted(numbers) == [1, 2, 3, 4]
    outcomes = await asyncio.gather(
        *(publish(database, supplier_id, number) for number in (1, 2, 3, 4, 4)),
        return_exceptions=True,
    )
    assert all(isinstance(outcome, PriceList | Conflict) for outcome in outcomes), outcomes
    async with database.reading() as connection:
        events = await connection.scalars(
            text(
                "SELECT convert_from(payload, 'UTF8')::jsonb ->> 'version' FROM outbox ORDER BY seq"
            )
        )
        versions = list(events)
        in_force = await connection.scalar(
            text("SELECT number FROM price_list WHERE status = 'in_force'")
        )
    assert versions == [str(number) for number in range(1, len(versions) + 1)]
    assert in_force == 4


async def test_publishing_does_not_deadlock_with_the_relay(
    database: Database, supplier_id: UUID, csv_of: Callable[..., bytes]
):
    done = asyncio.Event()

    async def relay() -> None:
        while not done.is_set():
            async with database.engine.begin() as connection:
                rows = (await connection.execute(FEED.unpublished(200))).all()
                if rows:
                    await FEED.mark(connection, rows)
            await asyncio.sleep(0)

    relays = [asyncio.create_task(relay()) for _ in range(2)]
    try:
        for price in range(1, 6):
            places = range(400 - price)
            rows = ({"unit_price_net": f"{price}.{row_no % 3}"} for row_no in places)
            number = await stage(database, supplier_id, csv_of(*rows))
            await publish(database, supplier_id, number)
    finally:
        done.set()
        outcomes = await asyncio.gather(*relays, return_exceptions=True)
    assert outcomes == [None, None]


async def test_no_article_misses_a_correction_heard_while_its_list_comes_into_force(
    database: Database,
    supplier_id: UUID,
    csv_of: Callable[..., bytes],
    received: Callable[[Message], Received],
):
    async def review() -> None:
        async with database.begin(ORIGIN) as uow:
            await handlers.keep_corrections([received(CORRECTION)], uow)
        await jobs.follow_corrections(database)

    pen = {"name": "Fineliner schwarz", "content": "", "order_unit": "H87"}
    number = await stage(database, supplier_id, csv_of(pen, pen))
    async with database.begin(ORIGIN) as uow:
        command = PublishPriceList(supplier_id=supplier_id, number=number)
        await handlers.publish_price_list(command, new_id(), uow)
        reviewing = asyncio.create_task(review())
        await asyncio.wait({reviewing}, timeout=0.5)
    await reviewing
    async with database.reading() as connection:
        groups = await connection.execute(text("SELECT corrected_group FROM article"))
        assert list(groups.scalars()) == ["rev:1", "rev:1"]


async def test_following_corrections_rests_when_none_is_pending(
    database: Database, received: Callable[[Message], Received]
):
    await jobs.follow_corrections(database)
    assert database.commits == 0
    async with database.begin(ORIGIN) as uow:
        await handlers.keep_corrections([received(CORRECTION)], uow)
    await jobs.follow_corrections(database)
    settled = database.commits
    assert settled > 1
    await jobs.follow_corrections(database)
    assert database.commits == settled
