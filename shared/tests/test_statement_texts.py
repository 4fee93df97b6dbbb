"""Statements put together: what goes in as a value never becomes SQL, and every name once."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.statements import Clause, ask, hold, inserting, row_of, rows_of, write

IN_ONE_TRANSACTION = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PARCELS = Table(
    "parcels",
    MetaData(),
    Column("id", Integer),
    Column("net", Numeric(18, 2)),
    Column("at", DateTime(timezone=True)),
    Column("owner", Uuid),
    Column("words", JSONB),
    Column("name", Text),
    Column("open", Boolean),
)
COLUMNS = (
    "id int, net numeric(18, 2), at timestamptz, owner uuid, words jsonb, name text, open bool"
)
ALL = "SELECT id, net, at, owner, words, name, open FROM parcels ORDER BY id"


@pytest.fixture
async def parcels(connection: AsyncConnection) -> AsyncConnection:
    await connection.execute(text(f"CREATE TEMP TABLE IF NOT EXISTS parcels ({COLUMNS})"))
    return connection


def parcel(number: int, **changes: Any) -> dict[str, Any]:
    values = {
        "id": number,
        "net": Decimal("1234.50"),
        "at": datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
        "owner": UUID(int=number),
        "words": {"a": ["Straße", None, 1, True, {"b": "'; DROP TABLE parcels; --"}]},
        "name": "Papier",
        "open": True,
    }
    return values | changes


async def kept(connection: AsyncConnection) -> list[tuple[Any, ...]]:
    known = await ask(connection, Clause("parcels", rows_of(ALL)))
    return list(known.parcels)


async def test_every_kind_of_value_comes_back_as_it_was(parcels: AsyncConnection):
    rows = [parcel(1), parcel(2, net=Decimal("-0.01"), open=False), parcel(3, name="")]
    await write(parcels, *inserting(PARCELS, rows))
    assert await kept(parcels) == [tuple(row.values()) for row in rows]


async def test_a_row_without_a_value_has_none(parcels: AsyncConnection):
    rows = [parcel(1), dict.fromkeys(parcel(2)) | {"id": 2}]
    await write(parcels, *inserting(PARCELS, rows))
    assert (await kept(parcels))[1] == (2, None, None, None, None, None, None)


@IN_ONE_TRANSACTION
@given(
    names=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
        min_size=1,
        max_size=5,
    )
)
async def test_no_text_becomes_a_statement(parcels: AsyncConnection, names: list[str]):
    await parcels.execute(text("DELETE FROM parcels"))
    rows = [parcel(n, name=name, words=[name, {name: n}]) for n, name in enumerate(names)]
    await write(parcels, *inserting(PARCELS, rows))
    assert await kept(parcels) == [tuple(row.values()) for row in rows]


@pytest.mark.parametrize(
    "name",
    ["'; DROP TABLE parcels; --", '"', "\\", "%s", ":name", "{first}", "$1", "NULL", "\u202e"],
)
async def test_what_looks_like_sql_is_a_name(parcels: AsyncConnection, name: str):
    await write(parcels, *inserting(PARCELS, [parcel(1, name=name)]))
    query = row_of("SELECT id FROM parcels WHERE name = :name")
    known = await ask(parcels, Clause("mine", query, {"name": name}))
    assert tuple(known.mine) == (1,)


async def test_only_the_columns_of_the_rows_are_written(parcels: AsyncConnection):
    await write(parcels, *inserting(PARCELS, [{"id": 7, "name": "x"}, {"id": 8, "name": "y"}]))
    assert [(row[0], row[5]) for row in await kept(parcels)] == [(7, "x"), (8, "y")]


async def test_what_a_column_does_not_take_is_an_error_and_no_row(parcels: AsyncConnection):
    (put,) = inserting(PARCELS, [parcel(1), parcel(2, net=Decimal(10) ** 17)])

    async def written() -> None:
        async with parcels.begin_nested():
            await write(parcels, put)

    with pytest.raises(DBAPIError):
        await written()
    assert await kept(parcels) == []


async def test_a_question_without_a_row_is_none_and_without_rows_an_empty_list(
    parcels: AsyncConnection,
):
    missing = {"missing": 99}
    known = await ask(
        parcels,
        Clause("one_row", row_of("SELECT id FROM parcels WHERE id = :missing"), missing),
        Clause("many", rows_of("SELECT id FROM parcels WHERE id = :missing"), missing),
        Clause("plain", "(SELECT max(id) FROM parcels)"),
    )
    assert (known.one_row, known.many, known.plain) == (None, [], None)


async def test_questions_see_one_moment(parcels: AsyncConnection):
    await write(parcels, *inserting(PARCELS, [parcel(1)]))
    count = "(SELECT count(*) FROM parcels)"
    known = await ask(parcels, *(Clause(name, count) for name in "abc"))
    assert tuple(known) == (1, 1, 1)


@pytest.mark.parametrize("work", [ask, write])
async def test_a_name_that_means_two_values_is_a_fault(
    parcels: AsyncConnection, work: Callable[..., Any]
):
    first = Clause("first", "SELECT CAST(:x AS int)", {"x": 1})
    second = Clause("second", "SELECT CAST(:x AS int)", {"x": 2})
    with pytest.raises(ValueError, match="second means something else by x"):
        await work(parcels, first, second)


async def test_a_lock_nobody_knows_the_order_of_is_not_taken(parcels: AsyncConnection):
    stranger = Clause("stranger", "SELECT 1 WHERE {first}")
    with pytest.raises(ValueError, match="not in"):
        await hold(parcels, ("needs", "pots"), stranger)


async def test_a_lock_waits_for_the_one_before_it_even_where_that_locks_nothing(
    parcels: AsyncConnection,
):
    await write(parcels, *inserting(PARCELS, [parcel(1), parcel(2)]))
    nothing = "SELECT id FROM parcels WHERE id = 99 AND {first} FOR UPDATE"
    row = "SELECT id FROM parcels WHERE id = 1 AND {first} FOR UPDATE"
    held = await hold(
        parcels,
        ("needs", "pots"),
        Clause("pots", row, {}, "(SELECT id FROM pots)"),
        Clause("needs", nothing, {}, "(SELECT count(*) FROM needs)"),
    )
    assert held is not None
    assert (held.needs, held.pots) == (0, 1)


async def test_a_write_that_shows_nothing_says_that_it_was_done(parcels: AsyncConnection):
    (put,) = inserting(PARCELS, [parcel(1)])
    assert tuple(await write(parcels, put)) == (1,)


def test_no_rows_are_no_write_and_rows_are_one():
    assert inserting(PARCELS, []) == ()
    (put,) = inserting(PARCELS, [parcel(number) for number in range(500)])
    assert put.name == "put_parcels"
    assert len(put.values) == len(PARCELS.columns)
    assert all(len(values) == 500 for values in put.values.values())
    assert put.sql.count("CAST(") == len(PARCELS.columns)


def test_a_day_stays_a_day():
    days = Table("days", MetaData(), Column("day", Text))
    (put,) = inserting(days, [{"day": date(2026, 2, 28)}])
    assert put.values == {"days_day": [date(2026, 2, 28)]}
