"""A whole deployment on real engines: up, crash, up again, reset, down."""

import io
import os
import signal
import time

import asyncpg
import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from rich.console import Console

from deploy.devstack.passwords import passwords
from deploy.devstack.program import read_state
from deploy.devstack.readiness import wait_ready
from deploy.devstack.stack import reset, start, stop
from deploy.devstack.status import show_status
from deploy.devstack.supervising import marked_processes


def _quiet(_step):
    return None


def _no_contents(_deployment, _engines, _secret):
    return None


@pytest.fixture(scope="session")
def engines(places, deployment):
    return start(deployment, places, _quiet, contents=_no_contents)


@pytest.fixture
def app(places, deployment):
    secret = passwords(places.of(deployment), deployment)
    service = deployment.services[0]
    role = deployment.app(service)
    return {"user": role, "password": secret[role], "database": deployment.database(service)}


async def test_a_service_connects_to_its_own_database_only(engines, app, deployment):
    at = {"host": engines.postgres.host, "port": engines.postgres.port}
    connection = await asyncpg.connect(**at, **app)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("CREATE TABLE mine (id int)")
    await connection.close()
    foreign = {**app, "database": deployment.database(deployment.services[1])}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(**at, **foreign)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(**at, **{**app, "password": "wrong"})


def test_a_second_start_changes_nothing_and_is_quick(engines, places, deployment):
    before = read_state(places.of(deployment))
    begun = time.monotonic()
    start(deployment, places, _quiet, contents=_no_contents)
    assert time.monotonic() - begun < 3.0
    assert read_state(places.of(deployment)) == before


async def test_engines_come_back_after_sigkill_with_their_data(engines, places):
    owner = await asyncpg.connect(engines.postgres.url())
    await owner.execute("CREATE TABLE kept (id int)")
    await owner.execute("INSERT INTO kept VALUES (7)")
    await owner.close()
    admin = AdminClient(engines.kafka.admin.librdkafka())
    admin.create_topics([NewTopic("trial_kept", 3, 1)])["trial_kept"].result(10)
    before = read_state(places.engines)
    for running in before.values():
        os.kill(running.identity.pid, signal.SIGKILL)
    _wait_replaced(places, before)
    wait_ready(places.engines, lambda _: None, timeout_seconds=30.0)
    again = await asyncpg.connect(engines.postgres.url())
    assert await again.fetchval("SELECT id FROM kept") == 7
    await again.close()
    assert "trial_kept" in admin.list_topics(timeout=10).topics


def test_status_shows_health_and_the_connection_budget(engines, places):
    out = io.StringIO()
    assert show_status(places, Console(file=out, width=160))
    assert "connection budget: 10 of 200" in out.getvalue()


def test_reset_drops_databases_and_topics_and_start_makes_them_anew(engines, places, deployment):
    reset(deployment, places, _quiet)
    admin = AdminClient(engines.kafka.admin.librdkafka())
    topics = admin.list_topics(timeout=10).topics
    assert not [name for name in topics if name.startswith(deployment.prefix)]
    start(deployment, places, _quiet, contents=_no_contents)


def test_stop_leaves_no_process(engines, places, deployment):
    stop(deployment, places, _quiet)
    assert marked_processes(places.engines) == []
    assert marked_processes(places.of(deployment)) == []


def _wait_replaced(places, before):
    deadline = time.monotonic() + 10.0
    while time.monotonic() < deadline:
        now = read_state(places.engines)
        if all(name in now and now[name].identity != before[name].identity for name in before):
            return
        time.sleep(0.05)
    pytest.fail("the supervisor did not start the engines again")
