"""The deployment's processes: which there are, further workers, another build of one."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psutil

from deploy.devstack.program import Program, holds_port, read_plan, read_state, write_plan
from deploy.devstack.readiness import wait_ready
from deploy.devstack.supervising import ensure_supervisor
from marktbund.testing.engines.errors import EngineError
from marktbund.testing.engines.ports import PortBook
from tests.running import Platform, eventually

PACKAGES = (
    "members",
    "catalog",
    "orders",
    "supplier_gateway",
    "documentation",
    "tender_planning",
    "portal",
)
_TRIES = 5
"""Times 90 s: a busy machine whose broker is killed again and again takes long."""
CONSUMERS = tuple(name for name in PACKAGES if name != "members")


def worker(package: str) -> str:
    """The program that works behind a service's doors."""
    return f"{package}-worker"


def directory(platform: Platform) -> Path:
    return platform.places.of(platform.deployment)


def programs(platform: Platform) -> list[Program]:
    return read_plan(directory(platform))


async def alive(platform: Platform, name: str) -> int:
    """The pid of a program; waits for the supervisor when it has just died."""

    async def pid() -> int:
        try:
            running = platform.process(name)
        except LookupError:
            return 0
        return running.pid if running.alive else 0

    return await eventually(pid, bool, 40)


async def freeze(platform: Platform, name: str) -> int:
    """SIGSTOP, so that what is looked at next stands still; the pid."""
    while True:
        pid = await alive(platform, name)
        try:
            os.kill(pid, signal.SIGSTOP)
        except ProcessLookupError:
            continue
        return pid


def send(pid: int, number: signal.Signals) -> None:
    """A signal to a process that may be gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


async def follow(platform: Platform, planned: Sequence[Program]) -> None:
    """Let the supervisor run exactly these; those that changed are replaced."""
    write_plan(directory(platform), list(planned))
    await asyncio.to_thread(ensure_supervisor, directory(platform))


async def ready(platform: Platform) -> None:
    """Wait until every planned program says that it is ready, also while faults go on striking."""
    for patience in (*[True] * _TRIES, False):
        try:
            await asyncio.to_thread(wait_ready, directory(platform), lambda _: None)
        except EngineError:
            if not patience:
                raise
        else:
            return


async def widen(platform: Platform, package: str, number: int) -> None:
    """Let so many workers of a service share its topics."""
    planned = programs(platform)
    first = next(program for program in planned if program.name == worker(package))
    further = [f"{first.name}-{index}" for index in range(2, 4)]
    kept = [program for program in planned if program.name not in further]
    await follow(platform, [*kept, *(_twin(platform, first, n) for n in further[: number - 1])])


def _twin(platform: Platform, first: Program, name: str) -> Program:
    book = PortBook(platform.places.ports)
    port = book.port(
        f"{platform.deployment.name}.{name}",
        held_by_us=lambda port: holds_port(directory(platform), port),
    )
    environment = {**first.launch.environment, "MARKTBUND_HTTP_PORT": str(port)}
    log = str(Path(first.launch.log).with_name(f"{name}.log"))
    launch = replace(first.launch, environment=environment, log=log)
    return replace(first, name=name, launch=launch, port=port)


async def rebuild(platform: Platform, package: str, module: str = "") -> None:
    """Run a service's worker from another module; without one, from its own."""
    arguments = ("-m", module, package) if module else ("-m", f"{package}.main")

    def built(program: Program) -> Program:
        if program.name != worker(package):
            return program
        return replace(program, launch=replace(program.launch, argv=(sys.executable, *arguments)))

    await follow(platform, [built(program) for program in programs(platform)])
    await ready(platform)


def memory(platform: Platform) -> dict[str, float]:
    """Program -> resident memory in MB, of the services that run."""
    megabytes = {}
    for name, running in read_state(directory(platform)).items():
        process = running.identity.process()
        if process is not None:
            try:
                megabytes[name] = process.memory_info().rss / 1e6
            except psutil.NoSuchProcess:
                continue
    return megabytes
