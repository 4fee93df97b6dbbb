"""The SQL of the runbooks runs, as the app role, on a service's real database."""

import re
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import engine_of, rolled_back
from tests.architecture.tree import ROOT

SERVICE_OF = {
    "supplier-unreachable": "supplier-gateway",
    "mail-not-sent": "members",
    "uploads": "orders",
    "sign-ins-not-told": "members",
    "authority-chained": "members",
    "anchor-not-delivered": "documentation",
    "signing-refused": "documentation",
}
"""Runbooks about one service's own tables; the others work on any database."""
RUNBOOKS = {file.stem: file.read_text() for file in (ROOT / "docs" / "runbooks").glob("*.md")}


def statements(runbook: str) -> Iterator[str]:
    """Every statement in the runbook's SQL blocks; the test brings its own transaction."""
    for block in re.findall(r"```sql\n(.*?)```", RUNBOOKS[runbook], re.DOTALL):
        for statement in block.split(";"):
            if statement.strip() not in {"", "BEGIN", "COMMIT"}:
                yield statement


@pytest.fixture
async def connection(database: ServiceDatabase) -> AsyncIterator[AsyncConnection]:
    engine = engine_of(database)
    async for made in rolled_back(engine):
        yield made
    await engine.dispose()


@pytest.fixture
def database(runbook: str, databases: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    """Made outside the event loop."""
    return databases(SERVICE_OF.get(runbook, "orders"))


@pytest.mark.parametrize("runbook", RUNBOOKS)
async def test_the_sql_of_a_runbook_runs(runbook: str, connection: AsyncConnection):
    for statement in statements(runbook):
        await connection.execute(text(statement))
