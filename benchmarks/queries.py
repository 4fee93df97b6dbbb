"""What PostgreSQL spends its time on while something is done, out of its own log.

In: a platform whose PostgreSQL nobody else uses. Out: the longest statements of all services.
"""

import asyncio
import re
from collections.abc import Awaitable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.peers.statements import entries
from benchmarks.stage import execute, postgres
from tests.running import Platform

_SECONDS_UNTIL_LOGGED = 0.5
_SHORT = 160
_TIMED = re.compile(
    r"^duration: (?P<ms>[0-9.]+) ms  (?:execute [^:]*|statement): (?P<sql>.*)$", re.DOTALL
)


@dataclass(frozen=True)
class Query:
    """A statement, the database it ran in, and its time, in milliseconds."""

    database: str
    sql: str
    milliseconds: float

    @property
    def short(self) -> str:
        """Its beginning on one line."""
        line = " ".join(self.sql.split())
        return line if len(line) <= _SHORT else f"{line[:_SHORT]} ..."


class WatchedStatements:
    """While open, PostgreSQL logs every statement with its duration."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._log = Path(postgres(platform).launch.log)

    async def __aenter__(self) -> Self:
        await self._set("ALTER SYSTEM SET log_min_duration_statement = 0")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        await self._set("ALTER SYSTEM RESET log_min_duration_statement")

    async def during(self, doing: Awaitable[object], longest: int) -> list[Query]:
        """The longest statements that ended meanwhile; also what works in the background."""
        before = self._log.stat().st_size
        await doing
        await asyncio.sleep(_SECONDS_UNTIL_LOGGED)
        logged = self._log.read_bytes()[before:].decode(errors="replace")
        longest_first = sorted(read(logged.splitlines()), key=lambda query: -query.milliseconds)
        return longest_first[:longest]

    async def _set(self, statement: str) -> None:
        await execute(self._platform, "postgres", statement)
        await execute(self._platform, "postgres", "SELECT pg_reload_conf()")
        await asyncio.sleep(_SECONDS_UNTIL_LOGGED)


def read(lines: Iterable[str]) -> Iterator[Query]:
    """The statements of a log with their durations."""
    for entry in entries(lines):
        match = _TIMED.match(entry.text)
        if match:
            yield Query(entry.database, match["sql"], float(match["ms"]))
