"""A read model built again from the log: compared, swapped in, and never at the live one's cost."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund import clock
from marktbund.consuming import Consumer, Handler, Hearing
from marktbund.consuming.inbox import ensure_partitions
from marktbund.contracts.members import PERSON_STATE, PersonState
from marktbund.envelope import Received
from marktbund.ids import new_id
from marktbund.principals import keep_principals
from marktbund.rebuilding import ReadModels, commands, shadow
from marktbund.rebuilding.generation import AheadOfLiveError, AstrayError, Generation, Shadow
from marktbund.rebuilding.shadow import TiedError
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import KafkaBroker, PostgresServer
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database, UnitOfWork, create_engine

from .conftest import relaying
from .test_delivery import ORIGIN

PEOPLE = ReadModels((PERSON_STATE,), ("principal",))


@dataclass
class Rebuilt:
    """A service that keeps people, its live consumer caught up, and the owner's command."""

    database: Database
    kafka: KafkaBroker
    prefix: str
    made: ServiceDatabase
    live: AsyncEngine

    async def tell(self, *people: PersonState) -> None:
        async with self.database.begin(ORIGIN) as uow:
            uow.announce(*people)
        async with relaying(self.database, self.kafka, self.prefix):
            while await self.value("SELECT count(*) FROM outbox"):
                await self.database.wait_for_commit(self.database.commits, 0.02)

    async def hear(self, people: int) -> None:
        """The live consumer applies everything there is."""
        consumer = Consumer(self.database, self.kafka.admin, self.hearing(), prefix=self.prefix)
        await consumer.start()
        try:
            while await self.value("SELECT count(*) FROM principal") < people:
                await self.database.wait_for_commit(self.database.commits, 0.02)
        finally:
            await consumer.stop()

    @staticmethod
    def hearing(handler: Handler | None = None) -> Hearing:
        return Hearing({PERSON_STATE: handler or keep_principals()})

    def generation(self, models: ReadModels = PEOPLE, **how: Any) -> Generation:
        made = create_engine(
            self.made.owner_url, application="rebuild", search_path="rebuild, public"
        )
        return Generation(
            Shadow(made, "members"), self.kafka.admin, self.prefix, self.hearing(**how), models
        )

    async def do(self, verb: str, **how: Any) -> bool:
        live = create_engine(self.made.owner_url, application="rebuild")
        return await commands._carry_out(verb, self.generation(**how), live)

    async def value(self, query: str) -> int:
        async with self.database.reading() as connection:
            return int(await connection.scalar(text(query)))

    async def as_owner(self, statement: str) -> None:
        async with self.live.begin() as connection:
            await connection.execute(text(statement))


def person(number: int) -> PersonState:
    return PersonState(
        version=1, person_id=new_id(), kind="person", sub=f"s-{number}", grants=(), active=True
    )


@pytest.fixture(scope="module")
def people_database(postgres: PostgresServer) -> ServiceDatabase:
    return make_database(postgres, "members", prefix="people_")


@pytest.fixture
async def rebuilt(
    people_database: ServiceDatabase, kafka: KafkaBroker, prefix: str
) -> AsyncIterator[Rebuilt]:
    engine = engine_of(people_database)
    live = create_engine(people_database.owner_url, application="owner")
    async with live.begin() as connection:
        await ensure_partitions(connection, clock.now().date())
        await shadow.drop(connection)
        for table in ("outbox", "principal", "published", "consumer_offset", "idempotency"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")
        await connection.exec_driver_sql("UPDATE lease SET lease_until = '-infinity'")
    made = Rebuilt(Database(engine, "members"), kafka, prefix, people_database, live)
    await made.tell(*(person(number) for number in range(30)))
    await made.hear(30)
    yield made
    await live.dispose()
    await engine.dispose()


def printed_by(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


async def test_a_generation_from_the_same_log_is_the_same(rebuilt: Rebuilt, capsys):
    assert await rebuilt.do("run")
    printed = printed_by(capsys)
    assert '"live_rows":30,"rebuilt_rows":30,"only_live":0,"only_rebuilt":0' in printed
    assert '"applied":30,"of":30' in printed
    await rebuilt.tell(person(99))
    await rebuilt.hear(31)
    assert await rebuilt.do("run")
    assert '"generation":"goes on"' in (printed := printed_by(capsys))
    assert '"rebuilt_rows":31' in printed


async def test_differences_are_listed_and_a_swap_takes_them_away(rebuilt: Rebuilt, capsys):
    await rebuilt.as_owner("UPDATE principal SET active = false WHERE sub = 's-3'")
    await rebuilt.as_owner("DELETE FROM principal WHERE sub = 's-4'")
    assert not await rebuilt.do("run")
    printed = printed_by(capsys)
    assert '"only_live":1,"only_rebuilt":2' in printed
    assert "s-3" in printed
    assert await rebuilt.value("SELECT count(*) FROM principal WHERE active") == 28
    await rebuilt.tell(person(98))
    await rebuilt.hear(30)
    assert await rebuilt.do("swap")
    assert await rebuilt.value("SELECT count(*) FROM principal WHERE active") == 31
    assert await rebuilt.value("SELECT count(*) FROM principal WHERE sub = 's-98'") == 1
    async with rebuilt.live.connect() as connection:
        old = await connection.scalar(text("SELECT count(*) FROM rebuild_old.principal"))
    assert old == 30
    assert await rebuilt.do("drop")
    await rebuilt.tell(person(97))
    await rebuilt.hear(32)


async def test_names_rights_and_constraints_come_along(rebuilt: Rebuilt):
    query = text("""
        SELECT c.relname, c.relacl::text, c.reloptions, array_agg(i.indexrelid::regclass::text),
               array_agg(pg_get_indexdef(i.indexrelid))
          FROM pg_class AS c JOIN pg_index AS i ON i.indrelid = c.oid
         WHERE c.oid = 'public.principal'::regclass GROUP BY c.oid
    """)
    async with rebuilt.live.connect() as connection:
        before = (await connection.execute(query)).one()
    assert await rebuilt.do("run")
    assert await rebuilt.do("swap")
    async with rebuilt.live.connect() as connection:
        assert (await connection.execute(query)).one() == before
    with pytest.raises(ProgrammingError, match="must be owner"):
        async with rebuilt.database.engine.begin() as connection:
            await connection.execute(text("ALTER TABLE principal ADD COLUMN more text"))


async def test_a_handler_that_writes_elsewhere_is_stopped(rebuilt: Rebuilt):
    async def astray(records: Sequence[Received], uow: UnitOfWork) -> None:
        await keep_principals()(records, uow)
        await uow.connection.execute(
            text(
                "INSERT INTO idempotency (actor, key, request_sha256, status, body)"
                " VALUES ('a', 'k', '', 200, '{}')"
            )
        )

    generation = rebuilt.generation(handler=astray)
    async with rebuilt.live.begin() as connection:
        await shadow.make(connection, PEOPLE.tables)
        ends = await generation.live_positions(connection)
    with pytest.raises(AstrayError, match="idempotency"):
        await generation.catch_up(ends, lambda *_: None)
    await generation.shadow.engine.dispose()
    assert await rebuilt.value("SELECT count(*) FROM idempotency") == 0


async def test_a_generation_beyond_the_live_one_is_refused(rebuilt: Rebuilt):
    assert await rebuilt.do("run")
    await rebuilt.as_owner("UPDATE public.consumer_offset SET next_offset = 0")
    generation = rebuilt.generation()
    async with rebuilt.live.connect() as connection:
        ends = await generation.live_positions(connection)
    with pytest.raises(AheadOfLiveError):
        await generation.catch_up(ends, lambda *_: None)
    await generation.shadow.engine.dispose()
    assert not await rebuilt.do("swap")


async def test_tables_that_others_refer_to_are_not_swapped(rebuilt: Rebuilt):
    async with rebuilt.live.connect() as connection:
        await shadow.make(connection, ["member"])
        with pytest.raises(TiedError, match="refers to member"):
            await shadow.swap(connection, ["member"])
    assert ReadModels((), ("supplier", "principal"), kept=frozenset({"supplier"})).swapped == [
        "principal"
    ]
