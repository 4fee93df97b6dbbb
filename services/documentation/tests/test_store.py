"""The tables are what the migration makes, and the app role can only add to the file."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.store import pages
from documentation.store.tables import metadata
from marktbund.ids import new_id


async def test_the_tables_equal_the_migrated_database(connection: AsyncConnection):
    def ours(_: Any, name: str, kind: str, reflected: bool, other: Any) -> bool:
        return kind != "table" or not reflected or name in metadata.tables

    def differences(sync: Connection) -> list[Any]:
        context = MigrationContext.configure(sync, opts={"include_object": ours})
        return list(compare_metadata(context, metadata))

    assert await connection.run_sync(differences) == []


@pytest.mark.parametrize("table", ["record", "payload", "checkpoint", "checkpoint_head", "ledger"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}", "TRUNCATE {}"])
async def test_the_app_role_cannot_change_the_file(
    connection: AsyncConnection, table: str, statement: str
):
    column = {"ledger": "ledger_id", "checkpoint": "root"}.get(table, "seq")
    with pytest.raises(DBAPIError, match="permission denied"):
        await connection.execute(text(statement.format(table, column, column)))


async def test_pages_end_by_bytes_too(ledger: Any, build: Any):
    town = new_id()
    big = b'{"x": "' + b"x" * 890_000 + b'"}'
    events = [build.event(order.event, value=big) for order in build.orders(town, 25)]
    await ledger.ingest(events)
    await ledger.sealer(ledger.database)
    sizes = [len(page) async for page in pages.pages(ledger.database, str(town), 25)]
    assert sum(sizes) == 25
    assert max(sizes) <= 10
