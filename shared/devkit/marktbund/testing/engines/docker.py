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
from pathlib import Path

from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines import scram
from marktbund.testing.engines.broker_settings import properties
from marktbund.testing.engines.ports import choose_free

POSTGRES_IMAGE = "postgres:18"
KAFKA_IMAGE = "apache/kafka:4.3.1"
_CONTROLLER = 9093
_START_KAFKA = """\
umask 077 && cd "$(mktemp -d)" && printenv PROPERTIES > server.properties && kafka=/opt/kafka &&
cluster="$($kafka/bin/kafka-storage.sh random-uuid)" &&
printf '"%s"\\n' -cp "$kafka/libs/*" kafka.tools.StorageTool format --standalone \\
    "--cluster-id=$cluster" -c server.properties --add-scram "$ADMIN" > told &&
java @told && rm told &&
exec $kafka/bin/kafka-server-start.sh server.properties
"""


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
def kafka_container() -> Iterator[KafkaAccess]:
    """A single KRaft broker in a container, and its super user."""
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415  only where Docker is
    from testcontainers.core.waiting_utils import wait_for_logs  # noqa: PLC0415

    port = choose_free(set())
    password = secrets.token_urlsafe(24)
    admin = KafkaAccess(f"127.0.0.1:{port}", scram.ADMIN, password, "SASL_PLAINTEXT")
    settings = properties(Path("kafka"), _CONTROLLER, admin)
    settings["listeners"] = f"CLIENTS://0.0.0.0:{port},CONTROLLER://127.0.0.1:{_CONTROLLER}"
    server = DockerContainer(KAFKA_IMAGE).with_bind_ports(port, port)
    server = server.with_env("PROPERTIES", "\n".join(f"{n}={v}" for n, v in settings.items()))
    server = server.with_env("ADMIN", scram.format_arguments(password)[1])
    with server.with_command(["sh", "-c", _START_KAFKA]) as running:
        wait_for_logs(running, "Kafka Server started", timeout=60)
        yield admin
