"""What works in a process of role `worker` or `all`: relay, consumer, periodic jobs, partitions."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import NotRequired, Protocol, TypedDict

import structlog
from sqlalchemy.exc import SQLAlchemyError

from marktbund import clock
from marktbund.consuming import Consumer, Hearing
from marktbund.consuming.inbox import ensure_partitions
from marktbund.expiring import expire
from marktbund.feeds import StateFeed
from marktbund.isolating import ItemsFailed
from marktbund.relay import Relay
from marktbund.settings import ServiceSettings
from marktbund.telemetry.metrics import JOB_FAILURES
from marktbund.telemetry.scraping import AtWork
from marktbund.unit_of_work import Database

_log = structlog.get_logger(__name__)
_RETRY_SECONDS = 2.0
_LOOK_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Job:
    """Work on the clock, or as soon as something was committed here.

    run: does what there is and returns; `every`: the longest pause between two runs.
    by_calendar: acts on today's date, so it rests where business time is driven by requests.
    close: lets go of what the job holds between its runs, when the process ends.
    """

    name: str
    every: timedelta
    run: Callable[[Database], Awaitable[None]]
    after_commits: bool = False
    by_calendar: bool = False
    close: Callable[[], Awaitable[None]] | None = None


async def _expire(database: Database) -> None:
    await expire(database, clock.now())


EXPIRING = Job("expiring", timedelta(hours=1), _expire)
"""Every service's: answers by key and months of the inbox that were kept long enough."""


class Opening(Protocol):
    """What says when a process may work; the gate of `marktbund.ahead` is one."""

    @property
    def ahead(self) -> Mapping[str, int]:
        """Own topic -> keys whose versions are ahead of the database."""

    async def opened(self) -> None:
        """Return once the process may work."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a service has its processes do."""

    hearing: Hearing
    feeds: Sequence[StateFeed]
    jobs: Sequence[Job]


class Workers:
    """Relay, consumer and jobs of one process; they begin when its gate is open.

    end: ends the process; whoever started it starts another one.
    """

    def __init__(
        self,
        work: Work,
        settings: ServiceSettings,
        database: Database,
        gate: Opening,
        *,
        end: Callable[[int], None] = os._exit,
    ) -> None:
        self._end = end
        self._work = work
        self._settings = settings
        self._database = database
        self._gate = gate
        self._tasks: list[asyncio.Task[None]] = []
        self._consumer = (
            Consumer(database, settings.kafka_access, work.hearing, prefix=settings.prefix)
            if work.hearing.handlers
            else None
        )
        self._joined = False

    def trouble(self) -> Mapping[str, str]:
        """Part -> what is wrong with it; empty when all work."""
        if self._settings.role == "api":
            return {}
        trouble = {task.get_name(): "task is dead" for task in self._tasks if task.done()}
        if self._consumer is not None:
            reason = self._consumer.trouble() if self._joined else "has not joined yet"
            if reason:
                trouble["consumer"] = reason
        return trouble

    async def at_work(self) -> AtWork:
        """What a scrape wants to know of the parts; asks the broker for the ends of topics."""
        trouble = self.trouble()
        tasks = {task.get_name(): task.get_name() not in trouble for task in self._tasks}
        parts = AtWork(tasks, ahead=self._gate.ahead)
        if self._consumer is None or not self._joined:
            return parts
        return replace(parts, lag=await self._consumer.lag(), poll_age=self._consumer.poll_age())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything started, and stopped again in the other order."""
        relay = Relay(
            self._database,
            self._settings.kafka_access,
            prefix=self._settings.prefix,
            demo=self._settings.driven_clock,
            feeds=self._work.feeds,
        )
        self._start("relay", relay.run)
        self._start("partitions", self._keep_partitions)
        for job in (*self._work.jobs, EXPIRING):
            if job.by_calendar and self._settings.driven_clock:
                continue
            self._start(job.name, partial(self._keep_running, job))
        if self._consumer is not None:
            self._start("consumer", partial(self._join, self._consumer))
        try:
            yield
        finally:
            await self._leave()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            closing = [job.close() for job in self._work.jobs if job.close is not None]
            await asyncio.gather(*closing, return_exceptions=True)

    def _start(self, name: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        async def when_open() -> None:
            await self._gate.opened()
            await work()

        self._tasks.append(asyncio.create_task(when_open(), name=name))

    async def _leave(self) -> None:
        for task in self._tasks:
            if task.get_name() == "consumer":
                task.cancel()  # a consumer that stops is not a stuck one
        if self._consumer is not None and self._joined:
            await self._consumer.stop()

    async def _join(self, consumer: Consumer) -> None:
        # The broker may come up after us; a service that gave up would need a restart by hand.
        while not self._joined:
            try:
                await consumer.start()
                self._joined = True
            except Exception as error:  # noqa: BLE001 - whatever it is, the next try may work
                _log.warning("consumer_start_failed", **_what(error))
                await asyncio.sleep(_RETRY_SECONDS)
        while not await consumer.stuck():
            if places := consumer.waits_in():
                _log.warning("consumer_waits", poll_age=consumer.poll_age(), places=places)
            await asyncio.sleep(_LOOK_SECONDS)
            with suppress(SQLAlchemyError, OSError):  # looked at again soon, and by every batch
                await consumer.follow_stored()
        # No way leads back in, and whatever is in hand survives a killed process.
        _log.critical("consumer_stuck", poll_age=consumer.poll_age())
        self._end(os.EX_SOFTWARE)

    async def _keep_partitions(self) -> None:
        while True:
            try:
                async with self._database.engine.begin() as connection:
                    await ensure_partitions(connection, clock.now().date())
                await asyncio.sleep(3600)
            except Exception as error:  # noqa: BLE001 - logged, and tried again
                JOB_FAILURES.labels("partitions").inc()
                _log.warning("job_failed", job="partitions", **_what(error))
            await asyncio.sleep(_RETRY_SECONDS)

    async def _keep_running(self, job: Job) -> None:
        while True:
            seen = self._database.commits
            try:
                await job.run(self._database)
            except Exception as error:  # noqa: BLE001 - logged, and run again
                JOB_FAILURES.labels(job.name).inc()
                _log.warning("job_failed", job=job.name, **_what(error))
                await asyncio.sleep(_RETRY_SECONDS)
            if job.after_commits:
                await self._database.wait_for_commit(seen, job.every.total_seconds())
            else:
                await asyncio.sleep(job.every.total_seconds())


class _Failure(TypedDict):
    error: str
    items: NotRequired[int]
    exc_info: NotRequired[Exception]


def _what(error: Exception) -> _Failure:
    """Class and place; its items have lines of their own where only some of them failed."""
    if isinstance(error, ItemsFailed):
        return {"error": type(error).__name__, "items": error.count}
    return {"error": type(error).__name__, "exc_info": error}
