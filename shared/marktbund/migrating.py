"""Migrations: one Alembic history per service, run as its owner role, with lock timeouts.

Command line: `python -m marktbund.migrating upgrade <service> [revision]`.
"""

import asyncio
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

SERVICES = Path(__file__).parents[2] / "services"


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
    folder = SERVICES / service.replace("_", "-") / "migrations"
    made.set_main_option("script_location", str(folder))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(service: str, revision: str = "head", *, url: str | None = None) -> None:
    """Bring a service's database to a revision; does nothing when it is there already.

    url: the owner role's, where it is not in the environment.
    """
    made = config(service)
    made.attributes["url"] = url
    command.upgrade(made, revision)


if __name__ == "__main__":
    upgrade(sys.argv[2], *sys.argv[3:4])
