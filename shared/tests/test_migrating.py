"""Migrations: as the owner, once, with the rights the app role needs and no more."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from marktbund import migrating
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import PostgresServer

SCHEMA = """
    SELECT c.oid::bigint, c.relname, c.relacl::text, a.attnum, a.attname, a.xmin::text
      FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 4
"""


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    """Answers of one query over a connection of its own; to be called outside an event loop."""

    async def asked() -> list[tuple[object, ...]]:
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    return asyncio.run(asked())


@pytest.fixture(scope="module")
def migrated(postgres: PostgresServer) -> ServiceDatabase:
    return make_database(postgres, "members", prefix="migrating_")


def test_a_second_upgrade_does_nothing(migrated: ServiceDatabase):
    before = rows(migrated.owner_url, SCHEMA)
    leases = rows(migrated.owner_url, "SELECT *, xmin::text FROM lease ORDER BY shard")
    migrating.upgrade("members", url=migrated.owner_url)
    assert rows(migrated.owner_url, SCHEMA) == before
    assert rows(migrated.owner_url, "SELECT *, xmin::text FROM lease ORDER BY shard") == leases
    assert len(leases) == 16


def test_the_database_knows_its_revision(migrated: ServiceDatabase):
    ((revision,),) = rows(migrated.owner_url, "SELECT version_num FROM alembic_version")
    assert str(revision).startswith("0")


def test_everything_belongs_to_the_owner(migrated: ServiceDatabase):
    owners = rows(
        migrated.owner_url, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    )
    assert owners == [(f"{migrated.name}_owner",)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (id int)",
        "ALTER TABLE outbox ADD COLUMN more text",
        "DROP TABLE inbox",
        "TRUNCATE outbox",
        "UPDATE alembic_version SET version_num = '0000'",
        "SELECT * FROM alembic_version",
    ],
)
def test_the_app_role_changes_no_schema(migrated: ServiceDatabase, statement: str):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        rows(migrated.app_url, statement)


@pytest.mark.parametrize("name", ["supplier-gateway", "supplier_gateway"])
def test_a_service_is_named_as_folder_or_package(name: str):
    location = migrating.config(name).get_main_option("script_location")
    assert location is not None
    assert location.endswith("services/supplier-gateway/migrations")


def test_a_service_that_is_not_there_is_named():
    with pytest.raises(ModuleNotFoundError, match="no service is called nobody"):
        migrating.config("nobody")
