"""One service's database into a file and back, with PostgreSQL's own pg_dump and pg_restore.

In: a deployment, running engines, a service. Out: a file that holds one moment of the database, or
the database as it was at that moment. Kafka is not touched: docs/runbooks/restore.md says what
that means.
"""

import asyncio
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import asyncpg

from deploy.devstack.deployment import Deployment, Places
from deploy.devstack.passwords import passwords
from deploy.devstack.provisioning import Engines
from deploy.devstack.roles import drop_database, ensure_databases
from deploy.devstack.services import DeployedService
from marktbund.testing.engines.errors import EngineError
from marktbund.testing.engines.postgres import program
from marktbund.testing.engines.processes import PRIVATE


def service_named(deployment: Deployment, name: str) -> DeployedService:
    """The service of that name, written with `-` or `_`. Raises LookupError."""
    wanted = name.replace("-", "_")
    for service in deployment.services:
        if service.name == wanted:
            return service
    raise LookupError(name)


def dump(deployment: Deployment, engines: Engines, service: DeployedService, file: Path) -> None:
    """Write the service's database as it is now; the service may go on working meanwhile.

    Raises EngineError with what pg_dump said.
    """
    _run(engines, "pg_dump", deployment.database(service), "--format=custom", f"--file={file}")


def restore(
    deployment: Deployment, places: Places, engines: Engines, service: DeployedService, file: Path
) -> None:
    """Put the service's database back to what the file holds; roles and rights included.

    Whoever is connected is thrown out: end the service first. Raises EngineError with what
    pg_restore said; the database is then to be restored again. Not from inside an event loop.
    """
    secret = passwords(places.of(deployment), deployment)
    asyncio.run(_made_anew(deployment, engines, service, secret))
    how = ("--exit-on-error", "--single-transaction", str(file))
    _run(engines, "pg_restore", deployment.database(service), *how)


async def _made_anew(
    deployment: Deployment, engines: Engines, service: DeployedService, secret: Mapping[str, str]
) -> None:
    admin = await asyncpg.connect(engines.postgres.url())
    try:
        await drop_database(admin, deployment, service)
    finally:
        await admin.close()
    await ensure_databases(engines.postgres, replace(deployment, services=(service,)), secret)


def _run(engines: Engines, name: str, database: str, *arguments: str) -> None:
    at = engines.postgres
    done = subprocess.run(
        [str(program(name)), f"--dbname={database}", *arguments],
        check=False,
        capture_output=True,
        text=True,
        umask=PRIVATE,
        # In the environment, not on the command line: every account can read that.
        env={
            "LC_ALL": "C.UTF-8",
            "PGHOST": at.host,
            "PGPORT": str(at.port),
            "PGUSER": at.superuser,
            "PGPASSWORD": at.password,
        },
    )
    if done.returncode != 0:
        raise EngineError(f"{name} failed:\n{(done.stdout + done.stderr)[-4000:]}")
