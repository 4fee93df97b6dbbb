"""The tables as the code sees them are the tables as migrated; the database guards its rows."""

from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.ids import new_id
from supplier_gateway.store import metadata


async def test_the_tables_are_the_migrated_ones(connection: AsyncConnection):
    def own(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name in metadata.tables

    def differences(sync: Connection) -> list[object]:
        options = {"include_name": own, "compare_type": True}
        return compare_metadata(MigrationContext.configure(sync, opts=options), metadata)

    assert await connection.run_sync(differences) == []


LINE = "UPDATE supplier_order_line SET "
# Part of the tests' ids: the same in every process that collects them.
ANSWERED = "response_id = '0198f0a2-0000-7000-8000-000000000001', "


@pytest.mark.parametrize(
    "change",
    [
        LINE + ANSWERED + "state = 'changed', agreed_quantity = 11, agreed_unit_price_net = 1",
        LINE + ANSWERED + "state = 'changed', agreed_quantity = 5, agreed_unit_price_net = 2.51",
        LINE + ANSWERED + "state = 'accepted', agreed_quantity = 9, agreed_unit_price_net = 2.5",
        LINE + ANSWERED + "state = 'refused', agreed_quantity = 1, agreed_unit_price_net = 0",
        LINE + "state = 'accepted'",
        LINE + "despatched_quantity = 1",
        "UPDATE supplier_order SET status = 'cancelled'",
        "UPDATE supplier_order SET net_total = 0",
        LINE + "quantity = 100",
        "UPDATE delivery SET supplier_id = delivery_id",
        "DELETE FROM delivery",
    ],
)
async def test_a_bad_row_is_impossible(
    change: str, hear, place_order: Callable, line: Callable, connection: AsyncConnection
):
    await hear(place_order(new_id(), line(1)))
    with pytest.raises(DBAPIError, match=r"check constraint|permission denied"):
        await connection.execute(text(change))
