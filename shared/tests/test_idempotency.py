"""Once per key, whoever asks at the same time."""

from collections.abc import Awaitable, Callable

import pytest
from pydantic import BaseModel
from sqlalchemy import text

from marktbund.envelope import Origin
from marktbund.errors import Conflict, Invalid
from marktbund.idempotency import Once
from marktbund.ids import new_id
from marktbund.jsons import loads
from marktbund.unit_of_work import Database

ORIGIN = Origin("test")
BODY, OTHER = b"\1" * 32, b"\2" * 32


class Receipt(BaseModel):
    number: int
    name: str = "Straße"


class Work:
    """Counts how often it was really done."""

    def __init__(self) -> None:
        self.done = 0

    async def __call__(self) -> Receipt:
        self.done += 1
        return Receipt(number=self.done)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def actor() -> str:
    return f"sub-{new_id()}"


async def ask(
    database: Database, actor: str, work: Callable[[], Awaitable[BaseModel]], body: bytes = BODY
):
    async with database.begin(ORIGIN) as uow:
        return await Once(uow, actor, "key-4711", body)(work)


async def test_the_second_time_gets_the_first_answer(database: Database, actor: str, work: Work):
    first = await ask(database, actor, work)
    again = await ask(database, actor, work)
    assert (first.status_code, again.status_code, work.done) == (201, 201, 1)
    assert loads(first.body) == loads(again.body) == {"number": 1, "name": "Straße"}
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"


async def test_another_body_under_the_same_key(database: Database, actor: str, work: Work):
    await ask(database, actor, work)
    with pytest.raises(Invalid) as refused:
        await ask(database, actor, work, OTHER)
    assert (refused.value.code, work.done) == ("idempotency_key_reused", 1)


async def test_somebody_elses_key_is_another_key(database: Database, actor: str, work: Work):
    await ask(database, actor, work)
    await ask(database, f"{actor}-2", work)
    assert work.done == 2


async def test_work_that_fails_leaves_the_key_free(database: Database, actor: str, work: Work):
    async def fails() -> Receipt:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(database, actor, fails)
    assert loads((await ask(database, actor, work)).body)["number"] == 1


async def test_while_the_first_works_the_others_are_told_so(
    database: Database, actor: str, work: Work
):
    async def meanwhile() -> Receipt:
        for body in (BODY, OTHER):
            with pytest.raises(Conflict) as refused:
                await ask(database, actor, work, body)
            assert refused.value.code == "request_in_flight"
        return await work()

    await ask(database, actor, meanwhile)
    assert work.done == 1
    assert (await ask(database, actor, work)).headers["idempotency-replayed"] == "true"


async def test_the_answer_is_kept_in_the_transaction_of_its_work(
    database: Database, actor: str, work: Work
):
    async def answer_and_fail() -> None:
        async with database.begin(ORIGIN) as uow:
            await Once(uow, actor, "key-4711", BODY)(work)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await answer_and_fail()
    async with database.reading() as connection:
        query = text("SELECT count(*) FROM idempotency WHERE actor = :actor")
        assert await connection.scalar(query, {"actor": actor}) == 0
    await ask(database, actor, work)
    assert work.done == 2
