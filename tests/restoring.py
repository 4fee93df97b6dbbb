"""Dump a service's database, and put it back to that moment while Kafka keeps what came after.

Not from inside an event loop: `await asyncio.to_thread(restored, platform, dumped)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from deploy.devstack import backups
from deploy.devstack.program import read_plan, read_state, write_plan
from deploy.devstack.supervising import ensure_supervisor, halt
from tests.running import Platform


@dataclass(frozen=True)
class Dump:
    """One moment of one service's database."""

    service: str
    file: Path


def dump(platform: Platform, service: str) -> Dump:
    """The service's database as it is now; nothing has to stand still."""
    folder = platform.places.state / "dumps"
    folder.mkdir(exist_ok=True)
    made = Dump(service, folder / f"{service}-{uuid4()}.dump")
    named = backups.service_named(platform.deployment, service)
    backups.dump(platform.deployment, platform.engines, named, made.file)
    return made


def programs_of(platform: Platform, service: str) -> set[str]:
    """The programs that work on the service's database, whatever their roles."""
    named = backups.service_named(platform.deployment, service)
    end = f"/{platform.deployment.database(named)}"
    return {
        program.name
        for program in read_plan(platform.places.of(platform.deployment))
        if program.launch.environment.get("MARKTBUND_DATABASE_URL", "").endswith(end)
    }


@contextmanager
def halted(platform: Platform, *services: str) -> Iterator[None]:
    """The services' programs have ended; they are started again at the end of the block."""
    directory = platform.places.of(platform.deployment)
    names = set[str]().union(*(programs_of(platform, service) for service in services))
    before = halt(directory, names)
    try:
        yield
    finally:
        write_plan(directory, before)
        ensure_supervisor(directory)


def restore(platform: Platform, dumped: Dump) -> None:
    """Put the database back; the service must be halted."""
    named = backups.service_named(platform.deployment, dumped.service)
    left = (
        programs_of(platform, dumped.service)
        & read_state(platform.places.of(platform.deployment)).keys()
    )
    assert not left, f"still running: {left}"
    backups.restore(platform.deployment, platform.places, platform.engines, named, dumped.file)


def restored(platform: Platform, dumped: Dump) -> None:
    """End the service, put its database back, start it; returns before it is ready.

    A service that published after the dump will not become ready: docs/runbooks/restore.md.
    """
    with halted(platform, dumped.service):
        restore(platform, dumped)
