"""Gather, decide, write: how many statements a handler takes, however long the list."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from catalog import handlers
from catalog.commands import PublishPriceList, StagePriceList
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.errors import Conflict, NotFound
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork


@contextmanager
def statements(uow: UnitOfWork) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(" ".join(statement.split())[:40])

    connection = uow.connection.sync_connection
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize("articles", [1, 300])
async def test_a_list_is_staged_by_four_statements(
    uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes], articles: int
):
    command = StagePriceList.from_csv(await supplier(), csv_of(*({} for _ in range(articles))))
    with statements(uow) as sent:
        staged = await handlers.stage_price_list(command, new_id(), uow)
    assert len(sent) == 4
    assert (staged.number, staged.articles, staged.difference.added) == (1, articles, articles)


async def test_a_list_is_published_by_eight_statements_and_a_second_time_by_two(
    uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id: UUID = await supplier()
    command = StagePriceList.from_csv(supplier_id, csv_of({}, {}))
    staged = await handlers.stage_price_list(command, new_id(), uow)
    publish = PublishPriceList(supplier_id=supplier_id, number=staged.number)
    with statements(uow) as first:
        published = await handlers.publish_price_list(publish, new_id(), uow)
    with statements(uow) as again:
        assert await handlers.publish_price_list(publish, new_id(), uow) == published
    assert (len(first), len(again)) == (8, 2)
    rows = await uow.connection.scalar(text("SELECT count(*) FROM price_list_row"))
    assert rows == 0


async def test_a_refusal_stages_and_publishes_nothing(
    uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    unknown = StagePriceList.from_csv(new_id(), csv_of({}))
    with pytest.raises(NotFound) as nobody:
        await handlers.stage_price_list(unknown, new_id(), uow)
    assert nobody.value.code == "supplier_unknown"
    supplier_id: UUID = await supplier()
    for rows in (({},), ({}, {})):
        command = StagePriceList.from_csv(supplier_id, csv_of(*rows))
        await handlers.stage_price_list(command, new_id(), uow)
    newer = PublishPriceList(supplier_id=supplier_id, number=2)
    await handlers.publish_price_list(newer, new_id(), uow)
    older = PublishPriceList(supplier_id=supplier_id, number=1)
    with pytest.raises(Conflict):
        await handlers.publish_price_list(older, new_id(), uow)
    asked = text("SELECT number, status FROM price_list ORDER BY number")
    assert [tuple(row) for row in await uow.connection.execute(asked)] == [
        (1, "superseded"),
        (2, "in_force"),
    ]


async def test_a_batch_of_states_is_one_statement_and_an_empty_one_none(
    uow: UnitOfWork, received: Callable[..., Any]
):
    states = [
        SupplierState(version=version, supplier_id=new_id(), name="Papier AG", status="active")
        for version in (1, 2, 3)
    ]
    with statements(uow) as sent:
        await handlers.keep_suppliers([received(state) for state in states], uow)
        await handlers.keep_suppliers([], uow)
        await handlers.keep_agreements([], uow)
    assert len(sent) == 1


async def test_numbers_go_on_where_a_list_was_never_published(
    uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id: UUID = await supplier()
    numbers = []
    for _ in range(3):
        command = StagePriceList.from_csv(supplier_id, csv_of({}))
        numbers.append((await handlers.stage_price_list(command, new_id(), uow)).number)
    assert numbers == [1, 2, 3]
