"""Migrations: one Alembic history per service, run as its owner role, with lock timeouts.

Command line: `python -m marktbund.migrating upgrade <service> [revision]`.
"""

import asyncio
import os
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

INSTALLED = Path("share", "marktbund")
"""Below the environment's own folder: where a service's wheel puts its migrations."""


def run_migrations(metadata: MetaData) -> None:
    """Body of every service's `migrations/env.py`; reads MARKTBUND_OWNER_DATABASE_URL.

    Each revision is its own transaction with lock_timeout 5 s: a migration that would queue
    behind a long transaction, and everybody behind it, gives up instead and is tried again.
    """

    def run(connection: Connection) -> None:
        context.configure(
            connection=connection, target_metadata=metadata, transaction_per_migration=True
        )
        with context.begin_transaction():
            context.run_migrations()

    async def connect_and_run() -> None:
        engine = create_async_engine(
            context.config.attributes.get("url") or os.environ["MARKTBUND_OWNER_DATABASE_URL"],
            poolclass=NullPool,
            connect_args={"server_settings": {"lock_timeout": "5000"}},
        )
        async with engine.connect() as connection:
            await connection.run_sync(run)

    asyncio.run(connect_and_run())


def execute(statements: Iterable[str]) -> None:
    """Run statements one by one; `{app}` in them is the service's app role."""
    owner = op.get_bind().scalar(text("SELECT current_user"))
    app = str(owner).removesuffix("_owner") + "_app"
    for statement in statements:
        op.execute(statement.replace("{app}", f'"{app}"'))


def config(service: str) -> Config:
    """Alembic's configuration for a service, named as its folder or as its package."""
    made = Config()
    made.set_main_option("script_location", str(_folder(service.replace("-", "_"))))
    made.set_main_option("path_separator", "os")
    return made


def _folder(package: str) -> Path:
    """Beside the package in a tree; in the environment's `share` where a wheel was installed.

    Raises ModuleNotFoundError for a service that is not there.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"no service is called {package}")
    beside = Path(spec.submodule_search_locations[0]).parent / "migrations"
    return beside if beside.is_dir() else Path(sys.prefix) / INSTALLED / package / "migrations"


def upgrade(service: str, revision: str = "head", *, url: str | None = None) -> None:
    """Bring a service's database to a revision; does nothing when it is there already.

    url: the owner role's, where it is not in the environment.
    """
    made = config(service)
    made.attributes["url"] = url
    command.upgrade(made, revision)


if __name__ == "__main__":
    upgrade(sys.argv[2], *sys.argv[3:4])
