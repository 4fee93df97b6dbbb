"""The stage of a benchmark: a platform of its own with commit times, forty members, and controls.

In: a deployment that is gone afterwards. Out: who may order what, programs stopped and started,
and when each order was sealed, by PostgreSQL's own commit times.
"""

import asyncio
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from deploy.devstack.deployment import Deployment
from deploy.devstack.program import Program, read_plan, read_state, write_plan
from deploy.devstack.provisioning import Engines, create_contents
from deploy.devstack.readiness import wait_ready
from deploy.devstack.supervising import ensure_supervisor
from tests.failures.load import Log
from tests.failures.rest import at_rest
from tests.market import OFFICE, Market
from tests.running import Platform, eventually, running

MEMBERS = 40
LINES = 3
EVENTS_PER_ORDER = 7
"""Its need recorded; submitted, approved, placed; a supplier order placed for each of the lines."""

_OURS = "type LIKE 'marktbund.orders.%'"
_SEALED = f"""
    SELECT order_id::text AS order_id, count(*) AS records,
           extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))::float8 AS sealed_at
      FROM record WHERE order_id IS NOT NULL AND {_OURS} GROUP BY order_id
"""


@contextmanager
def stage(name: str) -> Iterator[Platform]:
    """A running platform whose PostgreSQL remembers when each transaction was committed."""
    with running(Deployment(name, f"{name}_", "test"), with_commit_times) as platform:
        yield platform


def with_commit_times(deployment: Deployment, engines: Engines, secret: Mapping[str, str]) -> None:
    """Contents of a deployment whose PostgreSQL remembers commit times."""
    asyncio.run(_track_commits(engines))
    create_contents(deployment, engines, secret)


async def _track_commits(engines: Engines) -> None:
    connection = await asyncpg.connect(engines.postgres.url())
    try:
        await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        postmaster = await connection.fetchval("SELECT pg_read_file('postmaster.pid')")
    finally:
        await connection.close()
    os.kill(int(postmaster.split()[0]), signal.SIGINT)  # its supervisor starts it again

    async def tracks() -> str:
        try:
            connection = await asyncpg.connect(engines.postgres.url())
        except (OSError, asyncpg.PostgresError):
            return "away"
        try:
            return str(await connection.fetchval("SHOW track_commit_timestamp"))
        finally:
            await connection.close()

    await eventually(tracks, lambda setting: setting == "on")


async def market_of_many(
    platform: Platform, base: Market, wanted: int = MEMBERS, prefix: str = "m"
) -> Market:
    """The suppliers of a market, and so many members of its own with a requester each."""
    market = Market({}, base.suppliers, base.articles)
    for name in (f"{prefix}{number}" for number in range(wanted)):
        body = {"name": f"Stadt {name}", "legal_form": "municipality", "official_key": name}
        answer = await platform.call("POST", "members", "/members", sub=OFFICE, json=body)
        assert answer.status_code == 201, answer.text  # noqa: S101 - a stage that does not stand
        market.members[name] = answer.json()["member_id"]
        grants = [{"role": "requester", "member_id": market.members[name]}]
        person = {"sub": f"requester-{name}", "grants": grants}
        answer = await platform.call("POST", "members", "/persons", sub=OFFICE, json=person)
        assert answer.status_code == 201, answer.text  # noqa: S101 - as above

    async def known() -> tuple[int, int]:
        query = (
            f"SELECT (SELECT count(*) FROM member WHERE name ~ '^Stadt {prefix}[0-9]+$'),"
            f" (SELECT count(*) FROM principal WHERE sub ~ '^requester-{prefix}[0-9]+$')"
        )
        members, people = (await platform.rows("orders", query))[0]
        return members, people

    await eventually(known, lambda count: count == (wanted, wanted))
    await rest(platform)
    return market


def programs(platform: Platform) -> list[Program]:
    """What is planned to run for the deployment."""
    return read_plan(platform.places.of(platform.deployment))


def postgres(platform: Platform) -> Program:
    """The database server of the engines, with its log and its arguments."""
    plan = read_plan(platform.places.engines)
    return next(program for program in plan if program.name == "postgres")


async def run_only(platform: Platform, wanted: Sequence[Program]) -> None:
    """Stop every program of the deployment that is not wanted, start those that are."""
    directory = platform.places.of(platform.deployment)
    await asyncio.to_thread(_run_only, directory, wanted)


def _run_only(directory: Path, wanted: Sequence[Program]) -> None:
    names = {program.name for program in wanted}
    leaving = [state for name, state in read_state(directory).items() if name not in names]
    write_plan(directory, list(wanted))
    ensure_supervisor(directory)
    while any(state.identity.alive for state in leaving):
        time.sleep(0.05)
    wait_ready(directory, lambda _: None)


async def sealed_times(platform: Platform) -> Mapping[str, float]:
    """Order -> epoch seconds of the commit that sealed the last of its own events."""
    rows = await platform.rows("documentation", _SEALED)
    return {row["order_id"]: row["sealed_at"] for row in rows if row["records"] == EVENTS_PER_ORDER}


async def sealed_records(platform: Platform) -> int:
    """How many events of orders are in their chains."""
    rows = await platform.rows("documentation", f"SELECT count(*) FROM record WHERE {_OURS}")
    return int(rows[0][0])


async def until_sealed(platform: Platform, records: int = 0, seconds: float = 600) -> None:
    """Wait until so many events of orders are sealed, then until nothing moves."""
    deadline = time.monotonic() + seconds
    while await sealed_records(platform) < records:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{records} records are not sealed after {seconds} s")
        await asyncio.sleep(1)  # asking costs what is being measured
    await rest(platform)


async def rest(platform: Platform) -> None:
    """Wait until every outbox is empty and every consumer has read everything."""
    await at_rest(platform, Log())


async def execute(platform: Platform, database: str, statements: str) -> None:
    """Run statements as superuser."""
    connection = await asyncpg.connect(platform.engines.postgres.url(database))
    try:
        await connection.execute(statements)
    finally:
        await connection.close()
