"""A service put together: the same twenty lines in every `main`, the same process around them.

Role `api`: HTTP. `worker`: relay, consumer, jobs, health over HTTP. `all`: both (local default).
"""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund import dead_letter_commands, health, logs, operations, rereading
from marktbund.ahead import Closed, Gate, Owned, TakesOver, commands, owned
from marktbund.ahead.reconciling import Reconciler
from marktbund.consuming import Hearing
from marktbund.contracts.base import Topic
from marktbund.contracts.introduced import unknown
from marktbund.contracts.members import PERSON_STATE
from marktbund.describing import describe
from marktbund.feeds import StateFeed
from marktbund.hosts import KnownHosts
from marktbund.http import add_problem_handlers
from marktbund.kafka_on_uvloop import expect_closed_transports
from marktbund.limits import Limits
from marktbund.principals import keep_principals
from marktbund.quotas import Quotas
from marktbund.readable import Readable
from marktbund.rebuilding import ReadModels
from marktbund.rebuilding import commands as rebuilding
from marktbund.settings import ServiceSettings
from marktbund.telemetry import exporting, scraping
from marktbund.telemetry.requests import Observed
from marktbund.telemetry.scraping import Gauges
from marktbund.tokens import TokenVerifier, refuse_unsafe_issuer
from marktbund.unit_of_work import Database, UnitOfWork, create_engine
from marktbund.workers import Job, Work, Workers

KEEP_ALIVE_SECONDS = 150
"""Longer than Caddy keeps an idle connection (2 minutes): whoever closes first must be the one that
sends, or a request meets a connection that has just been closed and ends as 502."""

_log = structlog.get_logger(__name__)
COLLECTING = 20_000, 10, 10
"""When Python looks for cycles. Its own 700 is met several times by one batch of records, and what
was read from a batch is no garbage yet, so that it would soon look through everything."""

__all__ = ["Job", "Service", "build", "run"]


@dataclass(frozen=True, slots=True)
class Service:
    """What makes one service differ from another.

    owns: where the versions of its event topics are counted; takes_over: how own facts come back
    into a database that forgot them; restored: what else that transaction does. gauges: its own,
    asked for on a scrape. pages: doors for people, at the root and not in OpenAPI; furnish: what
    they need besides (files, error pages).
    """

    name: str
    title: str
    routers: Sequence[APIRouter]
    hearing: Hearing | None = None
    feeds: Sequence[StateFeed] = ()
    jobs: Sequence[Job] = ()
    owns: Sequence[Owned] = ()
    takes_over: TakesOver = field(default_factory=dict)
    restored: Callable[[UnitOfWork], Awaitable[None]] | None = None
    read_models: ReadModels | None = None
    wide_paths: tuple[str, ...] = ()
    keeps_people: bool = True
    gauges: Gauges | None = None
    state: dict[str, Any] = field(default_factory=dict)
    pages: Sequence[APIRouter] = ()
    furnish: Callable[[FastAPI], None] | None = None


def build(service: Service, settings: ServiceSettings) -> FastAPI:
    """The application of one process, for the role in the settings."""
    refuse_unsafe_issuer(settings.issuer_url, settings.deployment)
    engine = _engine(service, settings)
    database = Database(engine, service.name, settings.flags)
    gate = Gate(database, settings.kafka_access, settings.prefix, _owned(service))
    work = Work(hearing_of(service), service.feeds, service.jobs)
    workers = Workers(work, settings, database, gate)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.enter_context(exporting.traces(service.name, settings))
            stack.push_async_callback(engine.dispose)
            await stack.enter_async_context(_watched(gate))
            if settings.role in {"worker", "all"}:
                await stack.enter_async_context(workers.running())
            yield

    app = FastAPI(
        title=service.title,
        version="1",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.database = database
    _furnish(app, service, settings, gate)
    app.include_router(health.router(lambda: {**gate.trouble(), **workers.trouble()}))
    app.include_router(scraping.router(workers.at_work, settings.prefix, service.gauges))
    if settings.role in {"api", "all"}:
        _open_doors(app, service)
    return app


def _open_doors(app: FastAPI, service: Service) -> None:
    for router in (*service.routers, operations.router):
        app.include_router(router, prefix=f"/api/{service.name}/v1")
    describe(app, service.name)


def _engine(service: Service, settings: ServiceSettings) -> AsyncEngine:
    return create_engine(
        settings.database_url,
        application=f"{settings.prefix}{service.name}-{settings.role}",
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
    )


@asynccontextmanager
async def _watched(gate: Gate) -> AsyncIterator[None]:
    watch = asyncio.create_task(gate.watch(), name="gate")
    try:
        yield
    finally:
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)


def _owned(service: Service) -> Mapping[Topic, Owned]:
    return owned.everything(service.owns, service.feeds)


def _furnish(app: FastAPI, service: Service, settings: ServiceSettings, gate: Gate) -> None:
    app.state.tokens = TokenVerifier(settings.issuer_url, settings.audience)
    app.state.quotas = Quotas(settings.quotas, settings.quota_times)
    app.state.driven_clock = settings.driven_clock
    app.state.settings = settings
    app.state.hearing = hearing_of(service)
    for name, value in service.state.items():
        setattr(app.state, name, value)
    add_problem_handlers(app)
    if service.furnish is not None and settings.role != "worker":
        service.furnish(app)
        for router in service.pages:
            app.include_router(router, include_in_schema=False)
    app.state.gate = gate
    app.add_middleware(Closed, gate=gate)
    app.add_middleware(Readable)
    app.add_middleware(KnownHosts, hosts=(service.name, *settings.hosts))
    app.add_middleware(Limits, wide=service.wide_paths)
    app.add_middleware(Observed)


def hearing_of(service: Service) -> Hearing:
    """All a service listens to, the people of its authorisation included."""
    hearing = service.hearing or Hearing({})
    if not service.keeps_people:
        return hearing
    people = {PERSON_STATE: keep_principals()}
    return replace(hearing, handlers={**people, **hearing.handlers})


def _reconciler(service: Service, settings: ServiceSettings) -> Reconciler:
    engine = create_engine(settings.database_url, application=f"{service.name}-reconcile")
    return Reconciler(
        Database(engine, service.name, settings.flags),
        settings.kafka_access,
        settings.prefix,
        hearing_of(service),
        _owned(service),
        service.feeds,
        service.takes_over,
        service.restored,
        demo=settings.driven_clock,
    )


def collect_rarely() -> None:
    """Let Python look for cycles in what comes from now on, and less often: `COLLECTING`.

    Models, routes and statements stay as long as the process; no collection looks through them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


def run(service: Service, settings: ServiceSettings) -> None:
    """Serve until SIGTERM; what is in hand is finished first.

    With `dead-letters ...`, `reread ...`, `reconcile ...` or `rebuild ...` on the command line,
    does that instead and ends the process.
    """
    if sys.argv[1:2] == ["dead-letters"]:
        hearing = hearing_of(service)
        sys.exit(dead_letter_commands.carry_out(sys.argv[2:], service.name, hearing, settings))
    if sys.argv[1:2] == ["reread"]:
        sys.exit(rereading.carry_out(sys.argv[2:], service.name, settings))
    if sys.argv[1:2] == ["reconcile"]:
        sys.exit(commands.carry_out(sys.argv[2:], _reconciler(service, settings)))
    if sys.argv[1:2] == ["rebuild"] and service.read_models is not None:
        models, hearing = service.read_models, hearing_of(service)
        arguments = sys.argv[2:]
        sys.exit(rebuilding.carry_out(arguments, service.name, hearing, models, settings))
    logs.configure(service.name, settings.role, settings.security_log)
    if misspelt := unknown(settings.flags):
        _log.warning("flags_unknown", flags=misspelt)
    expect_closed_transports()
    os.umask(0o077)  # documents are for this account only
    app = build(service, settings)
    collect_rarely()
    uvicorn.run(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=20,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
