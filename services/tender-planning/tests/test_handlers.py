"""Batches in the database: several consumers at once, and the constraints behind them."""

import asyncio
import random

import pytest
from sqlalchemy.exc import IntegrityError

from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database
from tender_planning import consumers, jobs


async def test_consumers_in_the_same_cells_neither_deadlock_nor_lose(
    planning_database, sender, emptied, records_of
):
    engine = engine_of(planning_database)
    database = Database(engine, "tender-planning")
    handler = next(iter(consumers.hearing().handlers.values()))
    chance = random.Random(7)
    members = [new_id() for _ in range(6)]

    async def apply(events):
        async with database.begin(Origin("test")) as uow:
            await handler(records_of(events), uow)

    async def consume():
        waiting = []
        for _ in range(12):
            placed = [
                sender.place(
                    *(
                        sender.line(
                            number, cpv=f"30{chance.randint(10, 30)}3100", group=str(number)
                        )
                        for number in (1, 2, 3)
                    ),
                    member_id=chance.choice(members),
                )
                for _ in range(25)
            ]
            chance.shuffle(waiting)
            await apply([*placed, *(sender.accept(order) for order in waiting)])
            waiting = placed

    try:
        await asyncio.gather(*(consume() for _ in range(4)))
        recount = await jobs.recount(database)
    finally:
        await engine.dispose()
    assert (recount.lines, recount.differences) == (4 * 12 * 25 * 3, [])


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE order_line SET accepted_net = ordered_net + 0.01, outcome = 'accepted'",
        "UPDATE order_line SET accepted_net = ordered_net",
        "UPDATE order_line SET outcome = 'cancelled'",
        "UPDATE order_line SET outcome = 'changed', accepted_net = 110, reduced_net = -10",
        "UPDATE order_line SET month = '2026-01-02'",
        "UPDATE demand SET refused_net = ordered_net + 0.01",
        "UPDATE demand SET orders = lines + 1",
        "UPDATE demand SET cpv_class = '30213100'",
        "UPDATE group_demand SET quantity = NULL",
    ],
)
async def test_the_database_refuses_a_row_that_cannot_be(planning, sender, wrong):
    await planning.hear(sender.place())
    with pytest.raises(IntegrityError):
        await planning.connection.exec_driver_sql(wrong)


async def test_the_app_role_deletes_no_line(planning, sender):
    await planning.hear(sender.place())
    with pytest.raises(Exception, match="permission denied"):
        await planning.connection.exec_driver_sql("DELETE FROM order_line")
