"""The tables in the code are those of the migrations, and refuse what must never stand in them."""

from collections.abc import Mapping

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import TextClause, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from orders.ground.store.tables import metadata


async def test_the_tables_are_those_of_the_migrated_database(connection):
    def compare(sync_connection):
        options = {
            "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            "compare_type": True,
        }
        context = MigrationContext.configure(sync_connection, opts=options)
        return compare_metadata(context, metadata)

    assert await connection.run_sync(compare) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM spot_order",
        "DELETE FROM order_line",
        "UPDATE order_line SET quantity = 1",
        "UPDATE wanted_line SET quantity = 1",
        "DELETE FROM supplier_order",
        "DELETE FROM supplier_order_line",
        "DELETE FROM article",
        "TRUNCATE spot_order CASCADE",
        "ALTER TABLE spot_order ADD COLUMN more text",
        "DROP TABLE supplier_order_line",
    ],
)
async def test_the_app_role_cannot(connection, statement: str):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        await connection.execute(text(statement))


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("spot_order", "status = 'lost'"),
        ("spot_order", "status = 'draft'"),
        ("spot_order", "placed_at = NULL"),
        ("spot_order", "submitted_at = NULL"),
        ("spot_order", "net_total = -1"),
        ("spot_order", "reference = repeat('x', 61)"),
        ("supplier_order", "status = 'lost'"),
        ("supplier_order", "version = 0"),
        ("supplier_order_line", "decision = 'accepted'"),
        ("supplier_order_line", "accepted_net = 1"),
        ("supplier_order_line", "decision = 'refused', refused_net = ordered_net - 0.01"),
        ("supplier_order_line", "cancelled_net = -1, reduced_net = 1"),
    ],
)
async def test_a_row_that_must_not_be(desk, table: str, change: str):
    await desk.ordered()
    with pytest.raises(IntegrityError):
        await desk.uow.connection.execute(text(f"UPDATE {table} SET {change}"))


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": "0"},
        {"quantity": "9999999.001"},
        {"net_amount": "37.51"},
        {"cpv": "'3019763'"},
        {"vat_rate": "101"},
        {"line_no": "0"},
    ],
)
async def test_a_line_that_must_not_be(desk, change: Mapping[str, str]):
    await desk.ordered((desk.paper, "3"))
    columns = [column.name for column in metadata.tables["order_line"].c]
    fresh = {"line_no": "line_no + 1"}

    def copy(changed: Mapping[str, str]) -> TextClause:
        values = ", ".join(changed.get(name, name) for name in columns)
        return text(
            f"INSERT INTO order_line ({', '.join(columns)}) SELECT {values} FROM order_line"
        )

    savepoint = await desk.uow.connection.begin_nested()
    await desk.uow.connection.execute(copy(fresh))
    await savepoint.rollback()
    with pytest.raises(IntegrityError, match="check"):
        await desk.uow.connection.execute(copy(fresh | change))
