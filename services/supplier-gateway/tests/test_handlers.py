"""Handlers against each other: two connections, one supplier order, real commits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from marktbund.contracts import MESSAGES
from marktbund.contracts.base import Message
from marktbund.contracts.orders import SupplierOrderPlaced
from marktbund.envelope import Origin
from marktbund.errors import Conflict, Invalid
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database, UnitOfWork
from supplier_gateway import handlers
from supplier_gateway.commands import AdviseDespatch, AnswerLine, AnswerOrder, SendLine
from supplier_gateway.store import metadata

ORIGIN = Origin("test")


@pytest.fixture
async def database(gateway_database: ServiceDatabase) -> AsyncIterator[Database]:
    engine = engine_of(gateway_database)
    yield Database(engine, "supplier-gateway")
    await engine.dispose()
    owner = create_async_engine(gateway_database.owner_url)
    async with owner.begin() as connection:
        names = ", ".join([*metadata.tables, "outbox"])
        await connection.execute(text(f"TRUNCATE {names}"))
    await owner.dispose()


@pytest.fixture
async def placed(
    database: Database, hear, place_order: Callable, line: Callable
) -> SupplierOrderPlaced:
    order = place_order(new_id(), *(line(number) for number in range(1, 9)))
    async with database.begin(ORIGIN) as uow:
        await handlers.take_orders([hear.record(order)], uow)
    return order


async def announced(database: Database) -> list[Message]:
    async with database.reading() as connection:
        rows = await connection.execute(text("SELECT type, payload FROM outbox ORDER BY seq"))
        return [MESSAGES[row.type].model_validate_json(row.payload) for row in rows]


async def answer(database: Database, placed: SupplierOrderPlaced, *line_nos: int):
    lines = tuple(AnswerLine(line_no=number, decision="accepted") for number in line_nos)
    ids = (placed.supplier_id, placed.supplier_order_id)
    async with database.begin(ORIGIN) as uow:
        return await handlers.answer_order(*ids, AnswerOrder(lines=lines), uow)


async def test_of_many_answers_to_one_line_one_counts(database: Database, placed):
    tries = (answer(database, placed, 1) for _ in range(6))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert (len(refused), {error.code for error in refused}) == (5, {"line_already_answered"})
    versions = [(event.topic.subject, event.version) for event in await announced(database)]
    assert versions == [("delivery", 1), ("delivery", 2), ("response", 1)]


async def test_answers_to_different_lines_queue_up_without_a_gap(database: Database, placed):
    await asyncio.gather(*(answer(database, placed, number) for number in range(1, 9)))
    events = [e for e in await announced(database) if e.topic.subject == "response"]
    assert [event.version for event in events] == list(range(1, 9))


async def test_two_despatches_never_send_more_than_agreed(database: Database, placed):
    await answer(database, placed, 1)
    command = AdviseDespatch(
        despatched_on=date(2026, 3, 4), lines=(SendLine(line_no=1, quantity=Decimal(6)),)
    )

    async def despatch() -> None:
        async with database.begin(ORIGIN) as uow:
            await handlers.advise_despatch(
                placed.supplier_id, placed.supplier_order_id, command, uow
            )

    outcomes = await asyncio.gather(despatch(), despatch(), return_exceptions=True)
    [refused] = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(refused, Invalid)
    assert refused.code == "more_than_agreed"


async def test_a_cancellation_and_an_answer_take_turns(
    database: Database, placed, hear, take_back: Callable
):
    record = hear.record(take_back(placed))

    async def cancel() -> None:
        async with database.begin(ORIGIN) as uow:
            await handlers.take_orders([record], uow)

    outcomes = await asyncio.gather(
        cancel(), answer(database, placed, 1), answer(database, placed, 2), return_exceptions=True
    )
    codes = {outcome.code for outcome in outcomes if isinstance(outcome, Exception)}
    assert codes <= {"order_cancelled"}
    by_topic: dict[str, list[int]] = {}
    for event in await announced(database):
        by_topic.setdefault(event.topic.subject, []).append(event.version)
    for versions in by_topic.values():
        assert versions == list(range(1, len(versions) + 1))


async def test_the_same_order_in_two_batches_at_once_is_taken_in_once(
    database: Database, hear, place_order: Callable
):
    orders = [place_order(new_id()) for _ in range(20)]

    async def take(records: list) -> None:
        async with database.begin(ORIGIN) as uow:
            await handlers.take_orders(records, uow)

    await asyncio.gather(*(take([hear.record(order) for order in orders]) for _ in range(3)))
    events = await announced(database)
    assert len(events) == 20
    assert {event.key for event in events} == {str(order.supplier_order_id) for order in orders}


async def test_a_handler_leaves_the_commit_to_the_unit_of_work(database: Database, placed):
    async def broken(uow: UnitOfWork) -> None:
        lines = (AnswerLine(line_no=1, decision="accepted"),)
        ids = (placed.supplier_id, placed.supplier_order_id)
        await handlers.answer_order(*ids, AnswerOrder(lines=lines), uow)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        async with database.begin(ORIGIN) as uow:
            await broken(uow)
    assert len(await announced(database)) == 1
    assert (await answer(database, placed, 1)).version == 1
