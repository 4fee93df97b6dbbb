"""The recount finds what is not what its lines add up to."""

import asyncio
import json
import os
import sys
from decimal import Decimal

import pytest

from marktbund.envelope import Origin
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database
from tender_planning import consumers, jobs


async def test_nothing_heard_is_nothing_to_find(planning):
    recount = await jobs.recount(planning.database)
    assert (recount.lines, recount.cells, recount.differences) == (0, 0, [])


async def test_live_cells_are_what_their_lines_add_up_to(planning, sender):
    placed = sender.place(sender.line(1), sender.line(2, cpv="", unit="RM"))
    await planning.hear(placed, sender.accept(placed))
    recount = await jobs.recount(planning.database)
    assert (recount.lines, recount.cells, recount.group_cells, recount.differences) == (2, 2, 1, [])
    assert (recount.supply_cells, recount.price_cells) == (2, 2)


@pytest.mark.parametrize(
    ("fault", "table"),
    [
        ("UPDATE demand SET ordered_net = ordered_net + 0.01", "demand"),
        ("UPDATE group_demand SET quantity = quantity + 1", "group_demand"),
        ("UPDATE demand SET lines = lines + 1", "demand"),
        ("UPDATE group_supply SET accepted_net = 0.01", "group_supply"),
        ("UPDATE group_supply SET quantity = quantity + 1", "group_supply"),
        ("UPDATE group_price SET lines = lines + 1", "group_price"),
        ("UPDATE group_price SET quantity = quantity + 1", "group_price"),
    ],
)
async def test_a_planted_fault_is_found(planning, sender, fault, table):
    await planning.hear(sender.place())
    await planning.connection.exec_driver_sql(fault)
    [difference] = (await jobs.recount(planning.database)).differences
    assert difference.table == table
    assert difference.live != difference.recounted


async def test_a_cell_without_lines_is_found(planning, sender):
    placed = sender.place()
    await planning.hear(placed)
    await planning.connection.exec_driver_sql("UPDATE demand SET month = '2026-02-01'")
    lost, made_up = (await jobs.recount(planning.database)).differences
    assert (lost.live, made_up.recounted) == (None, None)
    assert Decimal(lost.recounted["ordered_net"]) == Decimal("100.00")


async def _run(database):
    settings = {"DATABASE_URL": database.app_url, "KAFKA": "x", "ISSUER_URL": "x", "HTTP_PORT": "1"}
    settings |= {"KAFKA_USER": "x", "KAFKA_PASSWORD": "x"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tender_planning.main", "recount"),
        env=os.environ | {f"MARKTBUND_{name}": value for name, value in settings.items()},
        stdout=asyncio.subprocess.PIPE,
    )
    written, _ = await process.communicate()
    return process.returncode, json.loads(written)


async def test_the_command_prints_json_and_ends_with_1_when_something_differs(
    planning_database, sender, emptied, records_of
):
    engine = engine_of(planning_database)
    handler = next(iter(consumers.hearing().handlers.values()))
    async with Database(engine, "tender-planning").begin(Origin("test")) as uow:
        await handler(records_of([sender.place()]), uow)
    code, recount = await _run(planning_database)
    assert (code, recount["lines"], recount["differences"]) == (0, 1, [])
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE demand SET ordered_net = 200")
    code, recount = await _run(planning_database)
    [difference] = recount["differences"]
    assert (code, difference["live"]["ordered_net"]) == (1, "200.00")
    assert difference["recounted"]["ordered_net"] == "100.00"
    await engine.dispose()
