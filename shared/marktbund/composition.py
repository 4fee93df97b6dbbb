"""A service put together: the same twenty lines in every `main`, the same process around them.

Role `api`: HTTP. `worker`: relay, consumer, jobs, health over HTTP. `all`: both (local default).
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI

from marktbund import clock, dead_letter_commands, health, logs, operations
from marktbund.auth import keep_principals
from marktbund.consuming import Consumer, Hearing
from marktbund.consuming.inbox import ensure_partitions
from marktbund.contracts.base import Topic
from marktbund.contracts.members import PERSON_STATE
from marktbund.feeds import StateFeed
from marktbund.http import add_problem_handlers
from marktbund.limits import Limits
from marktbund.relay import Relay
from marktbund.settings import ServiceSettings
from marktbund.telemetry import exporting, scraping
from marktbund.telemetry.metrics import JOB_FAILURES
from marktbund.telemetry.requests import Observed
from marktbund.telemetry.scraping import AtWork
from marktbund.tokens import Tokens, refuse_local_issuer
from marktbund.unit_of_work import Database, create_engine

_log = structlog.get_logger(__name__)
_RETRY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Job:
    """Work on the clock, or as soon as something was committed here.

    run: does what there is and returns; `every`: the longest pause between two runs.
    """

    name: str
    every: timedelta
    run: Callable[[Database], Awaitable[None]]
    after_commits: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """What makes one service differ from another. pages: doors for people, at the root, not in
    OpenAPI; furnish: what they need besides (static files, error pages).
    """

    name: str
    title: str
    routers: Sequence[APIRouter]
    hearing: Hearing | None = None
    feeds: Sequence[StateFeed] = ()
    jobs: Sequence[Job] = ()
    wide_paths: tuple[str, ...] = ()
    keeps_people: bool = True
    state: dict[str, Any] = field(default_factory=dict)
    pages: Sequence[APIRouter] = ()
    furnish: Callable[[FastAPI], None] | None = None


def build(service: Service, settings: ServiceSettings) -> FastAPI:
    """The application of one process, for the role in the settings."""
    refuse_local_issuer(settings.issuer_url, settings.deployment)
    engine = create_engine(
        settings.database_url,
        application=f"{settings.prefix}{service.name}-{settings.role}",
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
    )
    database = Database(engine, service.name)
    workers = _Workers(service, settings, database)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.enter_context(exporting.traces(service.name, settings))
            stack.push_async_callback(engine.dispose)
            if settings.role in {"worker", "all"}:
                await stack.enter_async_context(workers.running())
            yield

    app = FastAPI(
        title=service.title,
        version="1",
        lifespan=lifespan,
        openapi_url=f"/api/{service.name}/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.database = database
    _furnish(app, service, settings)
    app.include_router(health.router(workers.trouble))
    app.include_router(scraping.router(workers.at_work, settings.prefix))
    if settings.role in {"api", "all"}:
        for router in (*service.routers, operations.router):
            app.include_router(router, prefix=f"/api/{service.name}/v1")
        for router in service.pages:
            app.include_router(router, include_in_schema=False)
    return app


def _furnish(app: FastAPI, service: Service, settings: ServiceSettings) -> None:
    app.state.tokens = Tokens(settings.issuer_url, settings.audience)
    app.state.driven_clock = settings.driven_clock
    app.state.settings = settings
    app.state.hearing = _with_people(service)
    for name, value in service.state.items():
        setattr(app.state, name, value)
    add_problem_handlers(app)
    if service.furnish is not None:
        service.furnish(app)
    app.add_middleware(Limits, wide=service.wide_paths)
    app.add_middleware(Observed)


class _Workers:
    """Relay, consumer and jobs of one process."""

    def __init__(self, service: Service, settings: ServiceSettings, database: Database) -> None:
        self._service = service
        self._settings = settings
        self._database = database
        self._tasks: list[asyncio.Task[None]] = []
        hearing = _with_people(service)
        self._consumer = (
            Consumer(database, settings.kafka, hearing, prefix=settings.prefix)
            if hearing.handlers
            else None
        )
        self._joined = False

    def trouble(self) -> dict[str, str]:
        """Part -> what is wrong with it; empty when all work."""
        if self._settings.role == "api":
            return {}
        found = {task.get_name(): "task is dead" for task in self._tasks if task.done()}
        if self._consumer is not None:
            reason = self._consumer.trouble() if self._joined else "has not joined yet"
            if reason:
                found["consumer"] = reason
        return found

    async def at_work(self) -> AtWork:
        """What a scrape wants to know of the parts; asks the broker for the ends of topics."""
        trouble = self.trouble()
        tasks = {task.get_name(): task.get_name() not in trouble for task in self._tasks}
        if self._consumer is None or not self._joined:
            return AtWork(tasks)
        return AtWork(tasks, await self._consumer.lag(), self._consumer.poll_age())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything started, and stopped again in the other order."""
        relay = Relay(
            self._database,
            self._settings.kafka,
            prefix=self._settings.prefix,
            demo=self._settings.driven_clock,
            feeds=self._service.feeds,
        )
        self._start("relay", relay.run())
        self._start("partitions", self._keep_partitions())
        for job in self._service.jobs:
            self._start(job.name, self._keep_running(job))
        if self._consumer is not None:
            self._start("consumer", self._join(self._consumer))
        try:
            yield
        finally:
            if self._consumer is not None and self._joined:
                await self._consumer.stop()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, name: str, work: Any) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))

    async def _join(self, consumer: Consumer) -> None:
        # The broker may come up after us; a service that gave up would need a restart by hand.
        while not self._joined:
            try:
                await consumer.start()
                self._joined = True
            except Exception as error:  # noqa: BLE001 - whatever it is, the next try may work
                _log.warning("consumer_start_failed", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
        await asyncio.Event().wait()

    async def _keep_partitions(self) -> None:
        while True:
            with suppress(Exception):
                async with self._database.engine.begin() as connection:
                    await ensure_partitions(connection, clock.now().date())
                await asyncio.sleep(3600)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _keep_running(self, job: Job) -> None:
        while True:
            seen = self._database.commits
            try:
                await job.run(self._database)
            except Exception as error:  # noqa: BLE001 - logged, and run again
                JOB_FAILURES.labels(job.name).inc()
                _log.warning("job_failed", job=job.name, error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            if job.after_commits:
                await self._database.wait_for_commit(seen, job.every.total_seconds())
            else:
                await asyncio.sleep(job.every.total_seconds())


def _with_people(service: Service) -> Hearing:
    hearing = service.hearing or Hearing({})
    if not service.keeps_people:
        return hearing
    people = {PERSON_STATE: keep_principals()}
    handlers: dict[Topic, Any] = {**people, **hearing.handlers}
    return Hearing(handlers, hearing.inbox)


def run(service: Service, settings: ServiceSettings) -> None:
    """Serve until SIGTERM; what is in hand is finished first.

    With `dead-letters ...` on the command line, does that instead and ends the process.
    """
    if sys.argv[1:2] == ["dead-letters"]:
        hearing = _with_people(service)
        sys.exit(dead_letter_commands.carry_out(sys.argv[2:], service.name, hearing, settings))
    logs.configure(service.name, settings.role)
    uvicorn.run(
        build(service, settings),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=20,
        server_header=False,
    )
