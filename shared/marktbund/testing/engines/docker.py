"""The same engines in containers, where a Docker engine answers.

In: nothing but the Docker socket. Out: running containers from the same major versions as the local
binaries, removed when the block ends.
"""

import contextlib
import os
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass

POSTGRES_IMAGE = "postgres:18"
KAFKA_IMAGE = "apache/kafka:4.3.1"


@dataclass(frozen=True)
class ContainerAddress:
    """Where a container's engine is reached, and its password where it has one."""

    host: str
    port: int
    password: str = ""


def docker_answers() -> bool:
    """True when a Docker engine accepts a connection; asks a local socket only, within 0.5 s."""
    target = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not target.startswith("unix://"):
        return True
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
        probe.settimeout(0.5)
        try:
            probe.connect(target.removeprefix("unix://"))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def postgres_container() -> Iterator[ContainerAddress]:
    """A PostgreSQL container with a generated superuser password."""
    from testcontainers.postgres import PostgresContainer  # noqa: PLC0415  only where Docker is

    password = secrets.token_urlsafe(24)
    server = PostgresContainer(POSTGRES_IMAGE, username="postgres", password=password)
    with server.with_command("postgres -c max_connections=200") as running:
        port = int(running.get_exposed_port(5432))
        yield ContainerAddress(running.get_container_host_ip(), port, password)


@contextlib.contextmanager
def kafka_container() -> Iterator[ContainerAddress]:
    """A single KRaft broker in a container."""
    from testcontainers.kafka import KafkaContainer  # noqa: PLC0415  only where Docker is

    with KafkaContainer(KAFKA_IMAGE).with_kraft() as running:
        host, port = running.get_bootstrap_server().rsplit(":", 1)
        yield ContainerAddress(host, int(port))
