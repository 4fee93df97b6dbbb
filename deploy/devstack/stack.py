"""Starts, stops and resets deployments: what `make up`, `make down`, `make demo` and tests call.

In: a deployment and the places of the stack. Out: running services that are ready, or nothing left
running. Whoever changes a stack holds its lock; after a crash half-way the next start goes on.
Call these from a thread that runs no event loop.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping

from deploy.assets import ensure_assets
from deploy.devstack import front
from deploy.devstack.deployment import DEPLOYMENTS, Deployment, Places
from deploy.devstack.engines import engines_needed, start_engines, stop_engines
from deploy.devstack.passwords import passwords
from deploy.devstack.program import supervisor_of, write_plan
from deploy.devstack.provisioning import Contents, Engines, contents_fingerprint, create_contents
from deploy.devstack.readiness import wait_ready
from deploy.devstack.roles import drop_databases, ensure_databases, has_databases
from deploy.devstack.service_plan import service_programs
from deploy.devstack.supervising import end_all, ensure_supervisor
from deploy.devstack.topics import drop_topics
from deploy.kafka.accounts import drop as drop_accounts
from marktbund.testing.engines.accounts import close_to_others, engine_account
from marktbund.testing.engines.processes import PRIVATE
from marktbund.testing.engines.records import read_record, write_record

Progress = Callable[[str], None]


@contextlib.contextmanager
def exclusive(places: Places, progress: Progress) -> Iterator[None]:
    """Hold the stack's lock; waits, and says so, while another command changes the stack.

    What is written meanwhile is for the caller's account only.
    """
    before = os.umask(PRIVATE)
    try:
        close_to_others(places.state, engine_account())
        with places.lock.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress("another command is changing the stack, waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    finally:
        os.umask(before)


def start(
    deployment: Deployment,
    places: Places,
    progress: Progress,
    *,
    contents: Contents = create_contents,
) -> Engines:
    """Bring the deployment up on the engines and wait until every service is ready.

    What runs already is left alone. `contents` makes topics and migrates. Raises EngineError,
    ProvisioningError or asyncpg's errors; the next start goes on from there.
    """
    with exclusive(places, progress):
        engines = start_engines(places, progress)
        close_to_others(places.of(deployment), None)
        secret = passwords(places.of(deployment), deployment)
        _provision(deployment, places, engines, secret, contents, progress)
        if any(service.name == "portal" for service in deployment.services):
            ensure_assets()
        programs = service_programs(deployment, places, engines, secret)
        changed = write_plan(places.of(deployment), programs)
        progress("starting the services" if changed else "checking the services")
        ensure_supervisor(places.of(deployment))
        patience = 240.0 if deployment.keycloak is not None else 90.0
        wait_ready(
            places.of(deployment),
            lambda program: progress(f"{program.name} is ready"),
            timeout_seconds=patience,
        )
        front.apply_realm(deployment, places)
    return engines


def stop(deployment: Deployment, places: Places, progress: Progress) -> None:
    """End the deployment's services, and the engines when no other deployment runs."""
    with exclusive(places, progress):
        end_all(places.of(deployment))
        progress(f"{deployment.name}: no service runs")
        if engines_needed(places):
            progress("the engines go on for another deployment")
        else:
            stop_engines(places)
            progress("the engines are stopped")


def reset(deployment: Deployment, places: Places, progress: Progress) -> None:
    """End the deployment's services and drop its databases, roles, topics, groups and accounts."""
    with exclusive(places, progress):
        end_all(places.of(deployment))
        engines = start_engines(places, progress)
        asyncio.run(drop_databases(engines.postgres, deployment))
        others = tuple(other.prefix for other in DEPLOYMENTS if other.prefix != deployment.prefix)
        gone = drop_topics(engines.kafka.admin, deployment.prefix, others)
        drop_accounts(engines.kafka.admin, map(deployment.kafka_user, deployment.services))
        (places.of(deployment) / "provisioned.json").unlink(missing_ok=True)
        # No anchor is ever replaced: those of dropped databases would keep today's out.
        shutil.rmtree(places.of(deployment) / "anchors", ignore_errors=True)
        progress(f"{deployment.name}: databases and {len(gone)} topics dropped")


def _provision(
    deployment: Deployment,
    places: Places,
    engines: Engines,
    secret: Mapping[str, str],
    contents: Contents,
    progress: Progress,
) -> None:
    record = places.of(deployment) / "provisioned.json"
    wanted = {
        "contents": contents_fingerprint(),
        "services": [service.name for service in deployment.services],
        "engines": engines.generation,
    }
    runs = supervisor_of(places.of(deployment)) is not None
    known = runs and read_record(record) == wanted
    if known and asyncio.run(has_databases(engines.postgres, deployment)):
        progress("databases, topics and migrations are up to date")
        return
    asyncio.run(ensure_databases(engines.postgres, deployment, secret))
    progress("databases and roles are there")
    contents(deployment, engines, secret)
    progress("topics and accounts are there, databases are migrated")
    write_record(record, wanted)
