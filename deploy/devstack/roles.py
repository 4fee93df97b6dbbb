"""Databases and roles of a deployment.

In: the superuser's address, a deployment, a password per role. Out: per service one database, owned
by its `_owner` role and open to its `_app` role (and such as `_disposal`) alone. Everything can be
run again.
"""

import re
from collections.abc import Mapping

import asyncpg

from deploy.devstack.deployment import Deployment
from deploy.devstack.services import DeployedService
from marktbund.postgres_access import PostgresServer

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


async def ensure_databases(
    server: PostgresServer, deployment: Deployment, secret: Mapping[str, str]
) -> None:
    """Make every service's roles and database where missing and set passwords and rights."""
    admin = await asyncpg.connect(server.url())
    try:
        await admin.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
        for service in deployment.stored:
            await _ensure_roles(admin, deployment, service, secret)
            await _ensure_database(admin, deployment, service)
            await _ensure_rights(server, deployment, service)
    finally:
        await admin.close()


async def drop_databases(server: PostgresServer, deployment: Deployment) -> None:
    """Drop every service's database, with its connections, and its roles."""
    admin = await asyncpg.connect(server.url())
    try:
        for service in deployment.stored:
            await drop_database(admin, deployment, service)
            for role in (*deployment.working_roles(service), deployment.owner(service)):
                await admin.execute(f'DROP ROLE IF EXISTS "{_checked(role)}"')
    finally:
        await admin.close()


async def drop_database(
    admin: asyncpg.Connection, deployment: Deployment, service: DeployedService
) -> None:
    """Drop one service's database, with its connections; roles stay."""
    database = _checked(deployment.database(service))
    await admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


async def has_databases(server: PostgresServer, deployment: Deployment) -> bool:
    """True when every service's database exists."""
    wanted = [deployment.database(service) for service in deployment.stored]
    admin = await asyncpg.connect(server.url())
    try:
        existing = await admin.fetchval(
            "SELECT count(*) FROM pg_database WHERE datname = ANY($1::text[])", wanted
        )
    finally:
        await admin.close()
    return int(existing) == len(wanted)


async def _ensure_roles(
    admin: asyncpg.Connection,
    deployment: Deployment,
    service: DeployedService,
    secret: Mapping[str, str],
) -> None:
    for role in (deployment.owner(service), *deployment.working_roles(service)):
        name = _checked(role)
        if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
            await admin.execute(f'CREATE ROLE "{name}"')
        quoted = await admin.fetchval("SELECT quote_literal($1::text)", secret[role])
        await admin.execute(f'ALTER ROLE "{name}" LOGIN PASSWORD {quoted}')


async def _ensure_database(
    admin: asyncpg.Connection, deployment: Deployment, service: DeployedService
) -> None:
    database, owner = _checked(deployment.database(service)), deployment.owner(service)
    if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
        await admin.execute(f'CREATE DATABASE "{database}" OWNER "{owner}"')
    await admin.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    for role in deployment.working_roles(service):
        await admin.execute(f'GRANT CONNECT ON DATABASE "{database}" TO "{role}"')


async def _ensure_rights(
    server: PostgresServer, deployment: Deployment, service: DeployedService
) -> None:
    inside = await asyncpg.connect(server.url(_checked(deployment.database(service))))
    try:
        await inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        await inside.execute(f'ALTER SCHEMA public OWNER TO "{deployment.owner(service)}"')
        for role in deployment.working_roles(service):
            await inside.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    finally:
        await inside.close()


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name for a database or role: {name}")
    return name
