"""A database dumped, changed and put back, on a real PostgreSQL."""

import asyncio

import asyncpg
import pytest

from deploy.devstack import backups
from deploy.devstack.passwords import passwords
from deploy.devstack.roles import ensure_databases
from deploy.devstack.stack import start
from marktbund.testing.engines.errors import EngineError


def _quiet(_step):
    return None


def _no_contents(_deployment, _engines, _secret):
    return None


@pytest.fixture(scope="module")
def engines(places, deployment):
    started = start(deployment, places, _quiet, contents=_no_contents)
    secret = passwords(places.of(deployment), deployment)
    asyncio.run(ensure_databases(started.postgres, deployment, secret))
    return started


@pytest.fixture
def service(deployment):
    return deployment.services[0]


def _as(role, statement, engines, places, deployment, service):
    async def carry_out():
        secret = passwords(places.of(deployment), deployment)
        connection = await asyncpg.connect(
            host=engines.postgres.host,
            port=engines.postgres.port,
            user=role,
            password=secret[role],
            database=deployment.database(service),
        )
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close()

    return asyncio.run(carry_out())


def test_a_restored_database_is_what_was_dumped(
    engines, places, deployment, service, tmp_path_factory
):
    where = (engines, places, deployment, service)
    owner, app = deployment.owner(service), deployment.app(service)
    _as(owner, "CREATE TABLE kept (n int)", *where)
    _as(owner, f'GRANT SELECT, INSERT ON kept TO "{app}"', *where)
    _as(app, "INSERT INTO kept VALUES (1)", *where)
    file = tmp_path_factory.mktemp("dumps") / "one.dump"
    backups.dump(deployment, engines, service, file)
    _as(app, "INSERT INTO kept VALUES (2)", *where)
    backups.restore(deployment, places, engines, service, file)
    assert [row["n"] for row in _as(app, "SELECT n FROM kept", *where)] == [1]
    _as(app, "INSERT INTO kept VALUES (3)", *where)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        _as(app, "DELETE FROM kept", *where)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        _as(app, "CREATE TABLE more (n int)", *where)
    _as(owner, "DROP TABLE kept", *where)


def test_a_file_that_is_no_dump_is_refused(engines, places, deployment, service, tmp_path_factory):
    file = tmp_path_factory.mktemp("dumps") / "none.dump"
    file.write_text("no dump")
    with pytest.raises(EngineError, match="pg_restore failed"):
        backups.restore(deployment, places, engines, service, file)


def test_services_are_found_by_either_name(deployment, service):
    assert backups.service_named(deployment, service.name.replace("_", "-")) is service
    with pytest.raises(LookupError):
        backups.service_named(deployment, "nobody")
