"""The tables as code and as migrated, their rights, and what is published of them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog import handlers, store
from catalog.commands import PublishPriceList, StagePriceList
from marktbund.contracts.catalog import ArticleState
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork

(FEED,) = store.FEEDS


async def in_force(uow: UnitOfWork, supplier_id: UUID, content: bytes) -> None:
    command = StagePriceList.from_csv(supplier_id, content)
    staged = await handlers.stage_price_list(command, new_id(), uow)
    publish = PublishPriceList(supplier_id=supplier_id, number=staged.number)
    await handlers.publish_price_list(publish, new_id(), uow)
    for moment in ("IMMEDIATE", "DEFERRED"):  # what a commit would check
        await uow.connection.execute(text(f"SET CONSTRAINTS ALL {moment}"))


async def pending(uow: UnitOfWork) -> list[ArticleState]:
    rows = (await uow.connection.execute(FEED.unpublished(100))).all()
    await FEED.mark(uow.connection, rows)
    states = [FEED.to_state(row) for row in rows]
    return [state for state in states if isinstance(state, ArticleState)]


async def test_code_and_database_have_the_same_tables(connection: AsyncConnection):
    def ours(_: Any, name: str | None, kind: str, *__: Any) -> bool:
        return kind == "column" or (kind == "table" and name in store.metadata.tables)

    def differences(sync: Connection) -> list[Any]:
        context = MigrationContext.configure(sync, opts={"include_object": ours})
        return list(compare_metadata(context, store.metadata))

    assert await connection.run_sync(differences) == []


async def test_states_follow_what_changed_and_nothing_else(
    uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    await in_force(uow, supplier_id, csv_of({}, {}, {}))
    first = await pending(uow)
    assert [(s.article_number, s.version, s.status) for s in first] == [
        ("BR-1", 1, "active"),
        ("BR-2", 1, "active"),
        ("BR-3", 1, "active"),
    ]
    assert first[0].unit_price_net == Decimal("4.27")
    assert first[0].comparable_group == "mfr:lennepap|len 8764187"
    assert (first[0].minimum_quantity, first[0].quantity_interval) == (Decimal(1), None)
    await in_force(uow, supplier_id, csv_of({"unit_price_net": "4.270"}, {"vat_rate": "7"}))
    second = {state.article_number: state for state in await pending(uow)}
    assert sorted(second) == ["BR-2", "BR-3"]
    assert (second["BR-2"].version, second["BR-2"].vat_rate) == (2, Decimal(7))
    assert (second["BR-3"].version, second["BR-3"].status) == (2, "withdrawn")
    assert {state.price_list for state in second.values()} == {2}
    assert second["BR-2"].article_id == first[1].article_id
    await in_force(uow, supplier_id, csv_of({}, {"vat_rate": "7"}, {}))
    (third,) = await pending(uow)
    assert (third.article_id, third.version, third.status) == (first[2].article_id, 3, "active")


async def test_a_new_interval_is_a_new_state(
    uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    bounds = {"minimum_quantity": "10", "quantity_interval": "5"}
    for row in ({}, bounds, bounds | {"quantity_interval": "5.0"}):
        await in_force(uow, supplier_id, csv_of(row))
    (state,) = await pending(uow)
    assert (state.version, state.price_list) == (2, 2)
    assert (state.minimum_quantity, state.quantity_interval) == (Decimal(10), Decimal(5))


async def test_published_lists_keep_no_rows(
    uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    waiting = StagePriceList.from_csv(supplier_id, csv_of({}))
    await handlers.stage_price_list(waiting, new_id(), uow)
    await in_force(uow, supplier_id, csv_of({}, {}))
    assert await uow.connection.scalar(text("SELECT count(*) FROM price_list_row")) == 0


@pytest.mark.parametrize(
    "change",
    [
        "unit_price_net = -1",
        "unit_price_net = 1.00001",
        "vat_rate = 101",
        "cpv = '123'",
        "minimum_quantity = 0",
        "quantity_interval = 0",
        "order_unit = 'Stück'",
        "status = 'gone'",
        "published_version = version + 1",
        "price_list = 99",
    ],
)
async def test_a_bad_article_cannot_be_kept(
    uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes], change: str
):
    await in_force(uow, await supplier(), csv_of({}))
    with pytest.raises(IntegrityError):
        async with uow.connection.begin_nested():
            await uow.connection.execute(text(f"UPDATE article SET {change}"))


@pytest.mark.parametrize("table", ["article", "price_list", "catalogue", "supplier"])
async def test_the_app_role_deletes_nothing_that_was_published(uow: UnitOfWork, table: str):
    with pytest.raises(DBAPIError, match="permission denied"):
        async with uow.connection.begin_nested():
            await uow.connection.execute(text(f"DELETE FROM {table}"))
