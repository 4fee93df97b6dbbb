"""Many questions and many writes in one statement."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Column, Date, MetaData, Numeric, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.ids import new_id
from marktbund.statements import Clause, ask, hold, inserting, row_of, rows_of, write

GOODS = Table(
    "goods",
    MetaData(),
    Column("id", Uuid),
    Column("price", Numeric(10, 3)),
    Column("day", Date),
    Column("words", JSONB),
    Column("name", Text),
)


@pytest.fixture
async def goods(connection: AsyncConnection) -> AsyncConnection:
    columns = "id uuid, price numeric(10, 3), day date, words jsonb, name text"
    await connection.execute(text(f"CREATE TEMP TABLE goods ({columns})"))
    return connection


def rows() -> list[dict]:
    words = {"a": ["Straße", None, 'x"y']}
    first = {"id": new_id(), "price": Decimal("1.5"), "day": date(2026, 2, 28), "words": words}
    return [first | {"name": "a"}, dict.fromkeys(first) | {"name": None}]


async def test_rows_come_back_as_they_were_put(goods: AsyncConnection):
    put = rows()
    await write(goods, *inserting(GOODS, put))
    back = await ask(
        goods,
        Clause("all_of_them", rows_of("SELECT id, price, day, words, name FROM goods")),
        Clause("first", row_of("SELECT price, words FROM goods WHERE name = :name"), {"name": "a"}),
        Clause("none", row_of("SELECT id, price FROM goods WHERE name = :other"), {"other": "b"}),
        Clause("few", rows_of("SELECT id FROM goods WHERE name = :other"), {"other": "b"}),
    )
    assert back.all_of_them == [tuple(row.values()) for row in put]
    assert (str(back.first[0]), back.first[1]) == ("1.500", put[0]["words"])
    assert (back.none, back.few) == (None, [])


async def test_no_rows_are_no_write():
    assert inserting(GOODS, []) == ()


async def test_one_name_of_a_value_means_one_value(connection: AsyncConnection):
    same = Clause("b", "CAST(:x AS int)", {"x": 1})
    assert tuple(await ask(connection, Clause("a", "CAST(:x AS int)", {"x": 1}), same)) == (1, 1)
    with pytest.raises(ValueError, match="b means something else by x"):
        await ask(connection, Clause("a", "CAST(:x AS int)", {"x": 2}), same)


async def test_what_a_write_shows_may_rest_on_the_others(goods: AsyncConnection):
    (put,) = inserting(GOODS, rows())
    noted = Clause("noted", f"{put.sql} RETURNING name", put.values, "(SELECT count(*) FROM noted)")
    beside = Clause(
        "beside", "SELECT max(name) AS name FROM noted", {}, "(SELECT name FROM beside)"
    )
    shown = await write(goods, noted, beside)
    assert (shown.noted, shown.beside) == (2, "a")


async def test_locks_are_taken_in_everybodys_order_whatever_the_order_they_are_named_in(
    goods: AsyncConnection,
):
    await goods.execute(text("CREATE TEMP SEQUENCE taken"))
    drawn = "SELECT nextval('taken') AS no WHERE {first}"
    clauses = [
        Clause(name, drawn, {}, f"(SELECT no FROM {name})") for name in ("third", "first", "second")
    ]
    held = await hold(goods, ("first", "second", "third"), *clauses)
    assert held is not None
    assert (held.first, held.second, held.third) == (1, 2, 3)
    assert await hold(goods, ()) is None
