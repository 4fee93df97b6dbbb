"""The SQL of the runbooks runs, as the app role, on a service's real database."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import engine_of, rolled_back
from tests.architecture.tree import ROOT

RUNBOOKS = {file.stem: file.read_text() for file in (ROOT / "docs" / "runbooks").glob("*.md")}
TOPIC = "members.member.state.v1"


def statements(runbook: str) -> Iterator[str]:
    """Every statement in the runbook's SQL blocks; the test brings its own transaction."""
    for block in re.findall(r"```sql\n(.*?)```", RUNBOOKS[runbook], re.DOTALL):
        for statement in block.split(";"):
            if statement.strip() not in {"", "BEGIN", "COMMIT"}:
                yield statement


@pytest.fixture
async def connection(
    orders_database: ServiceDatabase,
) -> AsyncIterator[AsyncConnection]:
    engine = engine_of(orders_database)
    async for made in rolled_back(engine):
        yield made
    await engine.dispose()


@pytest.fixture(scope="session")
def orders_database(databases: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return databases("orders")


@pytest.mark.parametrize("runbook", RUNBOOKS)
async def test_the_sql_of_a_runbook_runs(runbook: str, connection: AsyncConnection):
    for statement in statements(runbook):
        await connection.execute(text(statement))


async def plant(connection: AsyncConnection, partition: int, parked: list[int]) -> None:
    await connection.execute(
        text("""INSERT INTO consumer_offset
                (consumer, topic, partition, next_offset, cluster_id, topic_id)
                VALUES ('orders.v1', :topic, :partition, 40, 'c', 't')"""),
        {"topic": TOPIC, "partition": partition},
    )
    for offset in parked:
        await connection.execute(
            text("""INSERT INTO dead_letter
                    (id, consumer, topic, partition, record_offset, headers, code, cause)
                    VALUES (:id, 'orders.v1', :topic, :partition, :offset, '[]', 'x', 'y')"""),
            {"id": uuid4(), "topic": TOPIC, "partition": partition, "offset": offset},
        )


async def test_freeing_dead_letters_rewinds_their_partition_and_no_other(
    connection: AsyncConnection,
):
    await plant(connection, 3, [17, 21])
    await plant(connection, 4, [5])
    freeing = [each for each in statements("dead-letters") if "DELETE" in each]
    assert len(freeing) == 1
    for _ in range(2):  # a second time there is nothing to free, and nothing moves
        await connection.execute(text(freeing[0]))
        rows = await connection.execute(
            text("SELECT partition, next_offset FROM consumer_offset ORDER BY partition")
        )
        assert [tuple(row) for row in rows] == [(3, 17), (4, 40)]
        left = await connection.execute(text("SELECT partition, record_offset FROM dead_letter"))
        assert [tuple(row) for row in left] == [(4, 5)]
