"""On a real server: a role reaches its own database only, and changes there what it must."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.devstack.deployment import Deployment
from deploy.devstack.passwords import passwords
from deploy.devstack.provisioning import Engines, owner_url
from deploy.devstack.roles import ensure_databases
from deploy.devstack.services import SERVICES, DeployedService
from marktbund import migrating
from marktbund.testing.engines.selection import KafkaBroker, PostgresServer
from tests.security.conftest import LONGER, PREFIX
from tests.security.table_rights import rights_of

OURS = Deployment("security", PREFIX, "test")
THEIRS = Deployment("security-two", LONGER, "test")
_RIGHTS = """
    SELECT c.relname AS name, has_table_privilege(c.oid, 'INSERT') AS insert,
           has_table_privilege(c.oid, 'UPDATE') AS update,
           has_table_privilege(c.oid, 'DELETE') AS delete,
           ARRAY(SELECT a.attname::text FROM pg_attribute AS a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
                  ORDER BY a.attname) AS columns
      FROM pg_class AS c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
       AND NOT c.relispartition
"""

each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
Secret = dict[str, str]


@pytest.fixture(scope="session")
def secret(
    postgres: PostgresServer, kafka: KafkaBroker, tmp_path_factory: pytest.TempPathFactory
) -> Secret:
    """Two deployments' databases as `make up` makes them, ours migrated; their passwords."""
    secrets: Secret = {}
    for deployment in (OURS, THEIRS):
        directory: Path = tmp_path_factory.mktemp(deployment.name)
        secrets |= passwords(directory, deployment)
        asyncio.run(ensure_databases(postgres, deployment, secrets))
    for service in SERVICES:
        url = owner_url(OURS, service, Engines(postgres, kafka, ""), secrets)
        migrating.upgrade(service.name, "head", url=url)
    return secrets


@pytest.fixture
def login(postgres: PostgresServer, secret: Secret) -> Callable[..., asyncpg.Connection]:
    """Connect as a role of ours."""

    def connect(role: str, database: str, password: str = "") -> asyncpg.Connection:
        return asyncpg.connect(
            host=postgres.host,
            port=postgres.port,
            user=role,
            password=password or secret[role],
            database=database,
        )

    return connect


async def refused(connection: asyncpg.Connection, statement: str) -> bool:
    """Whether the server denies the statement; what it allows is taken back."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return True
    finally:
        await transaction.rollback()
    return False


async def tables(connection: asyncpg.Connection) -> list[str]:
    """The tables of the service, and the platform's in it."""
    rows = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') ORDER BY relname"
    )
    return [row["relname"] for row in rows]


def attempts(table: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ADD COLUMN more int"
    yield f"ALTER TABLE {table} DISABLE TRIGGER ALL"
    yield f"CREATE INDEX more ON {table} ((1))"
    yield f"TRUNCATE {table}"
    yield f"DROP TABLE {table}"


@each_service
async def test_a_role_connects_to_its_own_database_only(login, service: DeployedService):
    databases = {d.database(other) for d in (OURS, THEIRS) for other in SERVICES}
    for role in (OURS.owner(service), *OURS.working_roles(service)):
        reached = set()
        for database in (*databases, "postgres", "template1"):
            try:
                await (await login(role, database)).close()
                reached.add(database)
            except asyncpg.InsufficientPrivilegeError:
                continue
        assert reached == {OURS.database(service)}


@each_service
async def test_only_the_right_password_opens(login, secret: Secret, service: DeployedService):
    own, app = OURS.database(service), OURS.app(service)
    for wrong in ("wrong", secret[THEIRS.app(service)], secret[OURS.owner(service)]):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await login(app, own, wrong)


@each_service
async def test_a_working_role_changes_no_table(login, service: DeployedService):
    for role in OURS.working_roles(service):
        connection = await login(role, OURS.database(service))
        try:
            assert await refused(connection, "CREATE TABLE mine (id int)")
            allowed = [
                attempt
                for table in await tables(connection)
                for attempt in attempts(table)
                if not await refused(connection, attempt)
            ]
        finally:
            await connection.close()
        assert allowed == []


def words(row: asyncpg.Record) -> str:
    """A table's rights as they stand in `table_rights`."""
    insert, delete = ["insert"] * row["insert"], ["delete"] * row["delete"]
    some = [f"update({', '.join(row['columns'])})"] if row["columns"] else []
    return " ".join([*insert, *(["update"] if row["update"] else some), *delete])


@each_service
async def test_a_role_writes_into_every_table_what_is_on_the_list(login, service: DeployedService):
    connection = await login(OURS.app(service), OURS.database(service))
    try:
        rights = {row["name"]: words(row) for row in await connection.fetch(_RIGHTS)}
    finally:
        await connection.close()
    assert rights == rights_of(service.name)


@each_service
async def test_what_is_written_once_is_neither_changed_nor_deleted(login, service: DeployedService):
    once = {name for name, rights in rights_of(service.name).items() if rights in ("", "insert")}
    connection = await login(OURS.app(service), OURS.database(service))
    try:
        for table in once:
            column = await connection.fetchval(
                "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1",
                table,
            )
            assert await refused(connection, f"UPDATE {table} SET {column} = DEFAULT"), table
            assert await refused(connection, f"DELETE FROM {table}"), table
    finally:
        await connection.close()


async def test_disposal_deletes_what_signed_records_name_and_nothing_else(login):
    documentation = next(service for service in SERVICES if service.name == "documentation")
    database = OURS.database(documentation)
    connection = await login(f"{database}_disposal", database)
    try:
        deletable = [
            table
            for table in await tables(connection)
            if not await refused(connection, f"DELETE FROM {table}")
        ]
        assert deletable == []
        for statement in ("UPDATE payload SET seq = DEFAULT", "SELECT * FROM record"):
            assert await refused(connection, statement)
        assert not await refused(connection, "SELECT dispose_filed()")
    finally:
        await connection.close()


@each_service
async def test_a_role_is_nothing_but_itself(
    postgres: PostgresServer, secret: Secret, service: DeployedService
):
    roles = [OURS.owner(service), *OURS.working_roles(service)]
    admin = await asyncpg.connect(postgres.url())
    try:
        rows = await admin.fetch(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY($1::text[]) AND NOT (rolsuper OR"
            " rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls) AND NOT EXISTS"
            " (SELECT FROM pg_auth_members WHERE pg_roles.oid IN (member, roleid))",
            roles,
        )
    finally:
        await admin.close()
    assert sorted(row["rolname"] for row in rows) == sorted(roles)
