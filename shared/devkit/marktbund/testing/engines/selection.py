"""Engines for tests: the one named in the environment, else a container, else local binaries.

In: MARKTBUND_TEST_POSTGRES (postgresql://superuser:password@host:port/postgres) and
MARKTBUND_TEST_KAFKA (sasl://admin:password@host:port, a super user). Out: addresses for as long as
the block lasts; what was started here is stopped and removed at its end.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from marktbund.kafka_access import KafkaAccess
from marktbund.postgres_access import PostgresServer
from marktbund.testing.engines import docker, kafka, postgres
from marktbund.testing.engines.ports import choose_free
from marktbund.testing.engines.processes import (
    ProcessIdentity,
    identity_in,
    own_identity,
    terminate,
)
from marktbund.testing.engines.records import read_record, write_record

__all__ = [
    "KafkaBroker",
    "PostgresServer",
    "kafka_broker",
    "postgres_server",
    "temporary_directory",
]
_FOLDER = "marktbund-engines-"
_PROCESSES = "processes.json"


@dataclass(frozen=True)
class KafkaBroker:
    """A running broker and its super user."""

    admin: KafkaAccess


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL 18 with superuser rights, empty when it was started here.

    Raises EngineError when the local server cannot be started.
    """
    named = os.environ.get("MARKTBUND_TEST_POSTGRES")
    if named:
        yield _parsed(named)
    elif docker.docker_answers():
        with docker.postgres_container() as at:
            yield PostgresServer(at.host, at.port, "postgres", at.password)
    else:
        with temporary_directory() as directory:
            cluster = postgres.prepare(directory, choose_free(set()))
            _remember(directory, "engine", postgres.start(cluster))
            try:
                yield PostgresServer(
                    "127.0.0.1", cluster.port, postgres.SUPERUSER, cluster.password
                )
            finally:
                postgres.stop(cluster, immediate=True)
                postgres.remove(directory)


@contextlib.contextmanager
def kafka_broker() -> Iterator[KafkaBroker]:
    """A Kafka broker, empty when it was started here; topics must be made, none comes by itself.

    Raises EngineError when the local broker cannot be started.
    """
    named = os.environ.get("MARKTBUND_TEST_KAFKA")
    if named:
        yield KafkaBroker(_access(named))
    elif docker.docker_answers():
        with docker.kafka_container() as admin:
            yield KafkaBroker(admin)
    else:
        with temporary_directory() as directory:
            port = choose_free(set())
            node = kafka.prepare(directory, port, choose_free({port}))
            running = kafka.start(node)
            _remember(directory, "engine", running)
            try:
                yield KafkaBroker(node.admin)
            finally:
                terminate(running, grace_seconds=5.0)


@contextlib.contextmanager
def temporary_directory() -> Iterator[Path]:
    """A directory for one engine, gone at the end of the block.

    What earlier test runs left behind because they were killed is ended and removed first.
    """
    _sweep(Path(tempfile.gettempdir()))
    directory = Path(tempfile.mkdtemp(prefix=_FOLDER))
    _remember(directory, "owner", own_identity())
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _parsed(url: str) -> PostgresServer:
    parts = urlsplit(url)
    user, password = unquote(parts.username or "postgres"), unquote(parts.password or "")
    return PostgresServer(parts.hostname or "127.0.0.1", parts.port or 5432, user, password)


def _access(url: str) -> KafkaAccess:
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return KafkaAccess(f"{parts.hostname}:{parts.port}", user, password, "SASL_PLAINTEXT")


def _remember(directory: Path, role: str, process: ProcessIdentity) -> None:
    file = directory / _PROCESSES
    write_record(file, {**read_record(file), role: asdict(process)})


def _sweep(base: Path) -> None:
    for directory in base.glob(f"{_FOLDER}*"):
        known = read_record(directory / _PROCESSES)
        owner, engine = identity_in(known.get("owner")), identity_in(known.get("engine"))
        if owner is None or owner.alive or directory.stat().st_uid != os.geteuid():
            continue
        if engine is not None:
            terminate(engine, grace_seconds=2.0)
        shutil.rmtree(directory, ignore_errors=True)
