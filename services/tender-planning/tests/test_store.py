"""The tables in the code are those of the migrations."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tender_planning.store.decisions import metadata


async def test_the_tables_are_those_of_the_migrated_database(connection):
    def compare(sync_connection):
        options = {
            "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            "compare_type": True,
        }
        context = MigrationContext.configure(sync_connection, opts=options)
        return compare_metadata(context, metadata)

    assert await connection.run_sync(compare) == []
