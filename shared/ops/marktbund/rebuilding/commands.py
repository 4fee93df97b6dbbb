"""The operator's command line for read models: `python -m <service>.main rebuild --help`.

`run` builds a second generation up to where the live one stands, and compares; it may be broken
off and goes on. `swap` brings it to the same record as the live consumer, which waits meanwhile,
and exchanges the tables. `drop` removes it and what a swap put aside. Needs the address of the
owner's role in MARKTBUND_OWNER_DATABASE_URL. Ends with 1 when there are differences.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from marktbund.consuming import Hearing
from marktbund.jsons import dumps
from marktbund.rebuilding import comparing, shadow
from marktbund.rebuilding.generation import AheadOfLiveError, AstrayError, Generation, Shadow
from marktbund.rebuilding.read_models import ReadModels
from marktbund.rebuilding.shadow import SCHEMA, TiedError
from marktbund.settings import ServiceSettings
from marktbund.unit_of_work import create_engine

OWNER_URL = "MARKTBUND_OWNER_DATABASE_URL"
_REPAIRED = text("""
    UPDATE skipped_type SET repaired_at = now()
     WHERE topic = ANY(:topics) AND repaired_at IS NULL
""")
_EVERY = 2.0
"""Seconds between two lines of progress."""


@dataclass(slots=True)
class RebuildProgress:
    """Tells now and then how far it is."""

    printed_at: float = 0.0

    def __call__(self, done: int, of: int) -> None:
        """One line at most every two seconds, and at the end."""
        if done == of or time.monotonic() > self.printed_at + _EVERY:
            self.printed_at = time.monotonic()
            _say(applied=done, of=of)


def _say(**values: str | int | Sequence[str]) -> None:
    sys.stdout.write(dumps(values) + "\n")
    sys.stdout.flush()


@asynccontextmanager
async def _snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One moment of the live tables, for as long as a comparison takes."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        for limit in ("idle_in_transaction_session_timeout", "statement_timeout"):
            await connection.execute(text(f"SET LOCAL {limit} = 0"))
        yield connection


async def _run(generation: Generation, live: AsyncEngine) -> bool:
    """Build, compare; True when both are the same."""
    models, progress = generation.models, RebuildProgress()
    async with live.begin() as connection:
        begun = await shadow.exists(connection)
        if not begun:
            await shadow.make(connection, models.tables)
    _say(generation="goes on" if begun else "begins", tables=models.tables)
    # First the long way, without a snapshot that would hold back vacuum all the while.
    async with live.connect() as connection:
        ends = await generation.live_positions(connection)
    await generation.catch_up(ends, progress)
    async with _snapshot(live) as now:
        await generation.catch_up(await generation.live_positions(now), progress)
        async with _snapshot(generation.shadow.engine) as rebuilt:
            return await _says_equal(generation, now, rebuilt)


async def _says_equal(
    generation: Generation, now: AsyncConnection, rebuilt: AsyncConnection
) -> bool:
    topics = [generation.prefix + topic.name for topic in generation.models.topics]
    equal = True
    for table in generation.models.tables:
        compared = await comparing.compare(now, rebuilt, table)
        _say(**asdict(compared), equal=compared.equal)
        equal = equal and compared.equal
    apart = await comparing.parked_apart(now, rebuilt, generation.consumer, topics)
    if apart:
        _say(parked_in_one_alone=apart)
    return equal and not apart


async def _swap(generation: Generation, live: AsyncEngine) -> bool:
    topics = [generation.prefix + topic.name for topic in generation.models.topics]
    async with live.begin() as connection:
        if not await shadow.exists(connection):
            _say(refused="there is no generation: run first")
            return False
        # The live consumer waits for these rows, and begins where the new tables stand.
        ends = await generation.live_positions(connection, lock=True)
        await generation.catch_up(ends, RebuildProgress())
        async with generation.shadow.engine.connect() as rebuilt:
            apart = await comparing.parked_apart(connection, rebuilt, generation.consumer, topics)
        if apart:
            _say(refused="records are parked in one alone", records=apart)
            return False
        await generation.shadow.engine.dispose()
        await shadow.swap(connection, generation.models.swapped)
        names = [topic.name for topic in generation.models.topics]
        await connection.execute(_REPAIRED, {"topics": names})
    _say(swapped=generation.models.swapped, kept=sorted(generation.models.kept))
    return True


async def _carry_out(verb: str, generation: Generation, live: AsyncEngine) -> bool:
    try:
        if verb == "run":
            return await _run(generation, live)
        if verb == "swap":
            return await _swap(generation, live)
        async with live.begin() as connection:
            await shadow.drop(connection)
    except (AheadOfLiveError, AstrayError, TiedError) as refused:
        _say(refused=type(refused).__name__, detail=str(refused))
        return False
    finally:
        await generation.shadow.engine.dispose()
        await live.dispose()
    return True


def owners_generation(
    service: str, hearing: Hearing, models: ReadModels, settings: ServiceSettings
) -> Generation:
    """A generation whose shadow connects as the owner's role."""
    made = create_engine(
        os.environ[OWNER_URL],
        application=f"{service}-rebuild",
        search_path=f"{SCHEMA}, public",
    )
    return Generation(
        Shadow(made, service), settings.kafka_access, settings.prefix, hearing, models
    )


def carry_out(
    arguments: Sequence[str],
    service: str,
    hearing: Hearing,
    models: ReadModels,
    settings: ServiceSettings,
) -> int:
    """Do what the command line says; returns the exit code."""
    parser = argparse.ArgumentParser(prog=f"{service} rebuild", description=__doc__)
    parser.add_argument("verb", choices=["run", "swap", "drop"])
    asked = parser.parse_args(arguments)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    generation = owners_generation(service, hearing, models, settings)
    live = create_engine(os.environ[OWNER_URL], application=f"{service}-rebuild")
    return 0 if asyncio.run(_carry_out(asked.verb, generation, live)) else 1
