"""Tables of a second generation: made like the first, compared row by row, exchanged, removed."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from marktbund.consuming.dead_letters import Parked, park
from marktbund.ids import new_id
from marktbund.rebuilding import ReadModels, shadow
from marktbund.rebuilding.comparing import MOST_SHOWN, Compared, compare, parked_apart
from marktbund.rebuilding.shadow import CONSUMING, OLD, SCHEMA, TiedError
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import rolled_back
from marktbund.unit_of_work import create_engine

from .desk import NO_RECORD

ME = "generations.v1"


@pytest.fixture
async def owner(platform: ServiceDatabase, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """As the owner's role, in a transaction that is rolled back."""
    del engine
    made = create_engine(platform.owner_url, application="generations", pool_size=1)
    async for connection in rolled_back(made):
        yield connection
    await made.dispose()


async def put(connection: AsyncConnection, schema: str, *rows: tuple[int, str | None]) -> None:
    for number, words in rows:
        await connection.execute(
            text(f"INSERT INTO {schema}.counted VALUES (:number, :words)"),
            {"number": number, "words": words},
        )


@pytest.fixture
async def both(owner: AsyncConnection) -> AsyncConnection:
    """A live table, two rows in it, and an empty one of the second generation."""
    await owner.execute(text("CREATE TABLE public.counted (number int, words text)"))
    await shadow.make(owner, ["counted"])
    return owner


async def compared(both: AsyncConnection) -> Compared:
    return await compare(both, both, "counted")


async def test_two_empty_tables_are_equal(both: AsyncConnection):
    assert await compared(both) == Compared("counted", 0, 0)


async def test_the_order_of_rows_says_nothing(both: AsyncConnection):
    await put(both, "public", (1, "a"), (2, None), (2, None))
    await put(both, SCHEMA, (2, None), (1, "a"), (2, None))
    outcome = await compared(both)
    assert (outcome, outcome.equal) == (Compared("counted", 3, 3), True)


async def test_a_changed_row_differs_on_both_sides(both: AsyncConnection):
    await put(both, "public", (1, "a"), (2, "b"))
    await put(both, SCHEMA, (1, "a"), (2, "B"))
    outcome = await compared(both)
    assert outcome == Compared("counted", 2, 2, 1, 1, ["+ (2,B)", "- (2,b)"])
    assert not outcome.equal


async def test_nothing_and_an_empty_text_are_not_the_same(both: AsyncConnection):
    await put(both, "public", (1, None))
    await put(both, SCHEMA, (1, ""))
    assert (await compared(both)).shown == ['+ (1,"")', "- (1,)"]


async def test_a_row_that_stands_twice_is_missing_once(both: AsyncConnection):
    await put(both, "public", (1, "a"), (1, "a"), (1, "a"))
    await put(both, SCHEMA, (1, "a"))
    assert await compared(both) == Compared("counted", 3, 1, 2, 0, ["- (1,a)"] * 2)


async def test_rows_of_one_side_alone_are_counted_and_the_first_are_shown(both: AsyncConnection):
    await put(both, SCHEMA, *((number, "x") for number in range(100, 130)))
    outcome = await compared(both)
    assert (outcome.only_live, outcome.only_rebuilt) == (0, 30)
    assert outcome.shown == [f"+ ({number},x)" for number in range(100, 100 + MOST_SHOWN)]


async def test_rows_are_matched_whatever_letters_they_begin_with(both: AsyncConnection):
    """Both sides must sort alike: PostgreSQL by bytes, Python by code points."""
    words = ["Z", "a", "ä", "Ä", "ß", "€", "\ufffd", "\U0001f600", "zz", "", '"', "\\"]
    await put(both, "public", *((1, word) for word in words))
    await put(both, SCHEMA, *((1, word) for word in reversed(words)), (1, "é"))
    outcome = await compared(both)
    assert (outcome.only_live, outcome.only_rebuilt, outcome.shown) == (0, 1, ["+ (1,é)"])


async def test_records_parked_on_both_sides_are_no_difference(both: AsyncConnection):
    records = [replace(NO_RECORD, topic="t", partition=3, offset=n, key=b"k") for n in (7, 8, 9)]
    await park(both, ME, [Parked(records[0], "c", "x"), Parked(records[1], "c", "x")])
    await park(both, "another.v1", [Parked(records[2], "c", "x")])
    assert await parked_apart(both, both, ME, ["t"]) == ["t 3@7", "t 3@8"]
    assert await parked_apart(both, both, ME, ["other"]) == []
    await both.execute(
        text(f"INSERT INTO {SCHEMA}.dead_letter SELECT * FROM public.dead_letter WHERE topic = 't'")
    )
    assert await parked_apart(both, both, ME, ["t"]) == []
    settle = f"UPDATE public.dead_letter SET status = 'discarded' WHERE consumer = '{ME}'"
    await both.execute(text(settle + " AND record_offset = 8"))
    assert await parked_apart(both, both, ME, ["t"]) == ["t 3@8"]


async def tables(connection: AsyncConnection, schema: str) -> set[str]:
    rows = await connection.execute(
        text("SELECT tablename FROM pg_tables WHERE schemaname = :schema"), {"schema": schema}
    )
    return set(rows.scalars())


async def test_a_generation_has_its_tables_and_what_the_platform_writes(both: AsyncConnection):
    assert await shadow.exists(both)
    assert await tables(both, SCHEMA) == {"counted", *CONSUMING}


async def test_it_is_empty_and_refuses_what_the_live_one_refuses(owner: AsyncConnection):
    assert not await shadow.exists(owner)
    await shadow.make(owner, ["principal"])
    assert await owner.scalar(text(f"SELECT count(*) FROM {SCHEMA}.principal")) == 0
    row = f"""INSERT INTO {SCHEMA}.principal
                  (person_id, sub, kind, active, grants, mandates, version)
              VALUES ('{new_id()}', 's', '%s', true, '[]', '[]', 1)"""
    await owner.execute(text(row % "person"))
    with pytest.raises(Exception, match="check constraint"):
        await owner.execute(text(row % "animal"))


async def test_a_swap_keeps_the_old_rows_aside_and_a_second_one_drops_them(both: AsyncConnection):
    await put(both, "public", (1, "old"))
    await put(both, SCHEMA, (2, "new"))
    await shadow.swap(both, ["counted"])
    live = text("SELECT words FROM public.counted")
    assert (await both.execute(live)).scalars().all() == ["new"]
    aside = text(f"SELECT words FROM {OLD}.counted")
    assert (await both.execute(aside)).scalars().all() == ["old"]
    assert not await shadow.exists(both)
    await shadow.make(both, ["counted"])
    await shadow.swap(both, ["counted"])
    assert (await both.execute(live)).scalars().all() == []
    assert (await both.execute(aside)).scalars().all() == ["new"]


async def test_dropping_takes_both_away_and_leaves_the_live_table(both: AsyncConnection):
    await put(both, "public", (1, "live"))
    await shadow.drop(both)
    assert not await shadow.exists(both)
    assert await both.scalar(text("SELECT count(*) FROM public.counted")) == 1
    await shadow.drop(both)


@pytest.mark.parametrize("tied", ["counted", "referring"])
async def test_tables_that_refer_to_each_other_are_not_exchanged(both: AsyncConnection, tied: str):
    await both.execute(text("ALTER TABLE public.counted ADD PRIMARY KEY (number)"))
    await both.execute(text("CREATE TABLE public.referring (number int REFERENCES public.counted)"))
    with pytest.raises(TiedError, match="referring refers to counted"):
        await shadow.swap(both, [tied])
    assert await shadow.exists(both)


def test_what_others_refer_to_is_compared_and_not_swapped():
    models = ReadModels((), ("b", "a", "c"), kept=frozenset({"a", "z"}))
    assert models.swapped == ["b", "c"]
    assert ReadModels((), ("a",)).swapped == ["a"]
