"""What is kept for a time only goes after it, and nothing else does."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from marktbund.envelope import Origin
from marktbund.expiring import ANSWERS_KEPT_FOR, drop_months, expire, forget_answers
from marktbund.idempotency import Once
from marktbund.ids import new_id
from marktbund.unit_of_work import Database

from .test_idempotency import BODY, Work

NOW = datetime(2026, 12, 1, tzinfo=UTC)
MONTHS = """
    SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'inbox'::regclass ORDER BY 1
"""


async def months(database: Database) -> set[str]:
    async with database.reading() as connection:
        return set(await connection.scalars(text(MONTHS)))


async def answered(database: Database, actor: str, at: datetime, count: int = 1) -> None:
    query = """
        INSERT INTO idempotency (actor, key, request_sha256, status, body, created_at)
        SELECT :actor, 'key-' || n, '', 201, '{}', :at FROM generate_series(1, :count) AS n
    """
    async with database.engine.begin() as connection:
        await connection.execute(text(query), {"actor": actor, "at": at, "count": count})


async def kept(database: Database, actor: str) -> int:
    query = text("SELECT count(*) FROM idempotency WHERE actor = :actor")
    async with database.reading() as connection:
        return int(await connection.scalar(query, {"actor": actor}) or 0)


async def test_an_answer_goes_after_thirty_days_and_not_a_moment_before(database: Database):
    old, young = f"sub-{new_id()}", f"sub-{new_id()}"
    await answered(database, old, NOW - ANSWERS_KEPT_FOR - timedelta(seconds=1))
    await answered(database, young, NOW - ANSWERS_KEPT_FOR + timedelta(seconds=1))
    await expire(database, NOW)
    assert (await kept(database, old), await kept(database, young)) == (0, 1)


async def test_more_answers_than_one_commit_takes_all_go(database: Database):
    actor = f"sub-{new_id()}"
    await answered(database, actor, NOW - timedelta(days=400), count=2_001)
    assert await forget_answers(database, NOW - timedelta(days=300)) >= 2_001
    assert await kept(database, actor) == 0


async def test_an_answer_somebody_reads_is_left_for_the_next_turn(database: Database):
    actor = f"sub-{new_id()}"
    await answered(database, actor, NOW - timedelta(days=40))
    lock = text("SELECT 1 FROM idempotency WHERE actor = :actor FOR UPDATE")
    async with database.engine.begin() as other:
        await other.execute(lock, {"actor": actor})
        await expire(database, NOW)
        assert await kept(database, actor) == 1
    await expire(database, NOW)
    assert await kept(database, actor) == 0


async def test_a_key_whose_answer_went_is_carried_out_anew(database: Database):
    actor, work = f"sub-{new_id()}", Work()
    for count in (1, 2):
        async with database.begin(Origin("test")) as uow:
            await Once(uow, actor, "key-4711", BODY)(work)
        assert work.done == count
        await forget_answers(database, datetime.now(UTC) + timedelta(seconds=1))


async def test_months_of_the_inbox_go_once_they_ended_long_enough_ago(database: Database):
    async with database.engine.begin() as connection:
        for month in (date(2019, 11, 1), date(2019, 12, 1), date(2020, 1, 1)):
            await connection.execute(text("SELECT ensure_inbox_partition(:m)"), {"m": month})
    before = await months(database)
    assert await drop_months(database, date(2019, 12, 31)) == 1
    assert before - await months(database) == {"inbox_201911"}
    assert await drop_months(database, date(2020, 2, 1)) == 2
    assert before - await months(database) == {"inbox_201911", "inbox_201912", "inbox_202001"}
    assert "inbox_default" in await months(database)


async def test_a_month_that_a_consumer_writes_to_stays_until_the_next_turn(database: Database):
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT ensure_inbox_partition(:m)"), {"m": date(2018, 1, 1)})
    enter = text("INSERT INTO inbox (event_id, consumer) VALUES (:id, 'members')")
    async with database.engine.begin() as consumer:
        await consumer.execute(enter, {"id": UUID("0160b000-0000-7000-8000-000000000000")})
        assert await drop_months(database, date(2018, 2, 1)) == 0
    assert "inbox_201801" in await months(database)
    assert await drop_months(database, date(2018, 2, 1)) == 1


@pytest.mark.parametrize("name", ["inbox_default", "inbox_203001"])
async def test_what_is_not_old_is_never_dropped(database: Database, name: str):
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT ensure_inbox_partition(:m)"), {"m": date(2030, 1, 1)})
    await expire(database, NOW)
    assert name in await months(database)
