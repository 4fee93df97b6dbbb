"""The shared engines of the local stack under a supervisor of their own.

In: the stack's places. Out: PostgreSQL and Kafka that run and answer, on remembered ports.
"""

from collections.abc import Callable
from dataclasses import replace

from deploy.devstack.deployment import Places
from deploy.devstack.program import MARKER, Program, holds_port, write_plan
from deploy.devstack.provisioning import Engines
from deploy.devstack.readiness import wait_ready
from deploy.devstack.supervising import anything_runs, end_all, ensure_supervisor
from marktbund.testing.engines import kafka, postgres
from marktbund.testing.engines.accounts import close_to_others, engine_account
from marktbund.testing.engines.ports import PortBook
from marktbund.testing.engines.selection import KafkaBroker, PostgresServer

Progress = Callable[[str], None]


def start_engines(places: Places, progress: Progress) -> Engines:
    """Start what does not run, wait until both answer; `progress` hears each step.

    Raises EngineError with the end of the engine's log.
    """
    close_to_others(places.engines, engine_account())
    book = PortBook(places.ports)

    def held(port: int) -> bool:
        return holds_port(places.engines, port)

    names = ("postgres", "kafka", "kafka-controller")
    ports = {name: book.port(name, held_by_us=held) for name in names}
    cluster = postgres.prepare(places.engines / "postgres", ports["postgres"])
    progress(f"PostgreSQL's data are in {cluster.data}")
    node = kafka.prepare(
        places.engines / "kafka", ports["kafka"], ports["kafka-controller"], cache=places.cache
    )
    programs = [
        Program("postgres", cluster.launch, cluster.port, data=str(cluster.data)),
        Program("kafka", node.launch, node.port),
    ]
    write_plan(places.engines, [_marked(program, places) for program in programs])
    ensure_supervisor(places.engines)
    wait_ready(
        places.engines, lambda program: progress(f"{program.name} answers on {program.address}")
    )
    server = PostgresServer("127.0.0.1", cluster.port, postgres.SUPERUSER, cluster.password)
    generation = f"{cluster.data.stat().st_ino} {kafka.cluster_id(node)}"
    return Engines(server, KafkaBroker(node.admin), generation)


def _marked(program: Program, places: Places) -> Program:
    added = {**places.engine_environment, MARKER: str(places.engines)}
    environment = {**program.launch.environment, **added}
    return replace(program, launch=replace(program.launch, environment=environment))


def stop_engines(places: Places) -> int:
    """End the engines; returns how many processes the supervisor had left behind."""
    return end_all(places.engines)


def engines_needed(places: Places) -> bool:
    """True while any deployment runs on the engines."""
    return any(
        anything_runs(directory) for directory in places.supervised() if directory != places.engines
    )
