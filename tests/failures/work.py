"""What is under way at this moment, asked of PostgreSQL: so that a fault can say what it hit."""

import asyncio

import asyncpg

from tests.failures.processes import PACKAGES
from tests.running import Platform

_TRANSACTIONS = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname LIKE $1 AND application_name LIKE $2 AND xact_start IS NOT NULL
"""
_TERMINATE = """
    SELECT count(*) FILTER (WHERE busy) AS busy, count(pg_terminate_backend(pid)) AS ended
      FROM (SELECT pid, xact_start IS NOT NULL AS busy FROM pg_stat_activity
             WHERE datname LIKE $1 AND pid <> pg_backend_pid()) AS sessions
"""


async def _row(platform: Platform, database: str, query: str, *values: str) -> asyncpg.Record:
    url = platform.engines.postgres.url(database)
    # An earlier fault may have ended this very session, the server or (for a while) the database.
    async with asyncio.timeout(60):
        while True:
            try:
                return await _asked(url, query, *values)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await asyncio.sleep(0.2)


async def _asked(url: str, query: str, *values: str) -> asyncpg.Record:
    connection = await asyncpg.connect(url)
    try:
        row = await connection.fetchrow(query, *values)
    finally:
        await connection.close()
    assert row is not None
    return row


def _ours(platform: Platform) -> str:
    return platform.deployment.prefix.replace("_", r"\_") + "%"


async def letters(platform: Platform, package: str) -> int:
    """Events of a service that are announced and not yet sent."""
    database = platform.deployment.prefix + package
    return int((await _row(platform, database, "SELECT count(*) FROM outbox"))[0])


async def all_letters(platform: Platform) -> int:
    return sum([await letters(platform, package) for package in PACKAGES])


async def transactions(platform: Platform, application: str = "") -> int:
    """Open transactions of the deployment, or of one of its programs by application name."""
    name = application.replace("_", r"\_") or "%"
    row = await _row(platform, "postgres", _TRANSACTIONS, _ours(platform), name)
    return int(row[0])


async def terminate_all(platform: Platform) -> int:
    """End every session of the deployment; how many were in a transaction."""
    return int((await _row(platform, "postgres", _TERMINATE, _ours(platform)))["busy"])
