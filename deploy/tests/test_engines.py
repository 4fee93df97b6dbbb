"""Engines without a supervisor: crash recovery, foreign pid files, a closed home directory."""

import json
import os
import socket
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines import kafka, keycloak, pinned, postgres
from marktbund.testing.engines.accounts import can_pass
from marktbund.testing.engines.alone import MAVEN, alone
from marktbund.testing.engines.errors import EngineError
from marktbund.testing.engines.jars import default_cache, kafka_jars, list_file
from marktbund.testing.engines.ports import choose_free
from marktbund.testing.engines.processes import listens
from marktbund.testing.engines.records import write_record
from marktbund.testing.engines.selection import (
    kafka_broker,
    postgres_server,
    temporary_directory,
)


@pytest.fixture
def cluster(tmp_path):
    directory = tmp_path / "postgres"
    cluster = postgres.prepare(directory, choose_free(set()))
    yield cluster
    postgres.stop(cluster, immediate=True)
    postgres.remove(directory)


async def _ask(cluster, sql):
    at = {"host": "127.0.0.1", "port": cluster.port, "user": postgres.SUPERUSER}
    connection = await asyncpg.connect(**at, password=cluster.password, database="postgres")
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_committed_rows_survive_an_immediate_restart(cluster):
    first = postgres.start(cluster)
    await _ask(cluster, "CREATE TABLE kept AS SELECT 7 AS id")
    second = postgres.restart(cluster, immediate=True)
    assert second != first
    assert await _ask(cluster, "SELECT id FROM kept") == 7
    assert await _ask(cluster, "SHOW fsync") == "on"


async def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(cluster, tmp_path):
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n1\n")
    postgres.start(postgres.prepare(tmp_path / "postgres", cluster.port))
    assert await _ask(cluster, "SELECT 1") == 1


async def test_starting_twice_takes_over_the_running_server(cluster):
    assert postgres.start(cluster) == postgres.start(cluster)


def test_the_password_file_is_for_its_owner_only(cluster, tmp_path):
    assert (tmp_path / "postgres" / "postgres.json").stat().st_mode & 0o077 == 0


def test_a_closed_directory_is_not_passable_for_another_account(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert can_pass(closed, None)
    assert os.geteuid() != 0 or not can_pass(closed, "nobody")


def test_the_jar_list_is_remembered_and_made_anew_when_a_file_has_gone(tmp_path):
    jars = kafka_jars(tmp_path)
    names = {jar.name for jar in jars}
    assert {"kafka_2.13-4.3.1.jar", "kafka-clients-4.3.1.jar"} <= names
    assert kafka_jars(tmp_path) == jars
    record = next(tmp_path.glob("jars-*.json"))
    record.write_text('["/nowhere/kafka.jar"]')
    assert kafka_jars(tmp_path) == jars


def test_a_jar_that_is_not_the_one_that_was_tried_is_not_run(tmp_path):
    (jar, *_) = kafka_jars(tmp_path)
    path = next(name for name in pinned.pins() if name.endswith(jar.name))
    altered = tmp_path / path
    altered.parent.mkdir(parents=True)
    altered.write_bytes(jar.read_bytes() + b"\0")
    record = next(tmp_path.glob("jars-*.json"))
    record.write_text(json.dumps([str(altered)]))
    with pytest.raises(EngineError, match=r"not the file that was tried"):
        kafka_jars(tmp_path)
    altered.write_bytes(jar.read_bytes())
    assert kafka_jars(tmp_path) == [altered]
    unknown = altered.rename(altered.with_name("kafka_2.13-4.3.2.jar"))
    record.write_text(json.dumps([str(unknown)]))
    with pytest.raises(EngineError, match=r"nobody has tried"):
        kafka_jars(tmp_path)


def test_keycloak_is_pinned_in_the_version_that_is_run():
    assert keycloak.ARCHIVE in pinned.pins()


def test_two_processes_on_a_new_machine_do_not_resolve_at_once(tmp_path):
    jars = kafka_jars(default_cache())
    with ThreadPoolExecutor(1) as other:
        with alone(tmp_path / MAVEN):
            resolving = other.submit(kafka_jars, tmp_path)
            with pytest.raises(TimeoutError):
                resolving.result(0.5)
            write_record(list_file(tmp_path), [str(jars[0])])
        assert resolving.result(30) == jars[:1]


def test_a_broker_starts_again_on_its_data_and_port():
    with temporary_directory() as directory:
        port = choose_free(set())
        node = kafka.prepare(directory, port, choose_free({port}))
        first = kafka.start(node)
        cluster = kafka.cluster_id(node)
        try:
            assert listens(first, port)
            assert kafka.restart(node) != first
            assert kafka.cluster_id(node) == cluster
        finally:
            kafka.stop(node)


def test_a_broker_that_does_not_know_its_admin_learns_it_and_keeps_its_data():
    with temporary_directory() as directory:
        port = choose_free(set())
        controller = choose_free({port})
        node = kafka.prepare(directory, port, controller)
        kafka.start(node)
        admin = AdminClient(node.admin.librdkafka())
        admin.create_topics([NewTopic("kept", 1, 1)])["kept"].result(20)
        kafka.stop(node)
        (directory / "kafka.json").unlink()
        again = kafka.prepare(directory, port, controller)
        kafka.start(again)
        try:
            topics = AdminClient(again.admin.librdkafka()).list_topics(timeout=20).topics
            with pytest.raises(KafkaException):
                AdminClient(node.admin.librdkafka()).list_topics(timeout=2)
        finally:
            kafka.stop(again)
    assert set(topics) == {"kept"}


def test_data_without_an_admin_are_left_alone_while_a_broker_may_run_on_them(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meta.properties").write_text("cluster.id=older")
    with socket.create_server(("127.0.0.1", 0)) as old:
        port = old.getsockname()[1]
        with pytest.raises(EngineError, match="make down"):
            kafka.prepare(tmp_path, port, choose_free({port}))


def test_what_holds_the_brokers_password_is_for_its_owner_only(tmp_path):
    node = kafka.prepare(tmp_path, 1, 2)
    holding = [
        file
        for file in tmp_path.rglob("*")
        if file.is_file() and node.admin.password.encode() in file.read_bytes()
    ]
    assert {file.name for file in holding} >= {"kafka.json", "server.properties"}
    assert [file for file in holding if file.stat().st_mode & 0o077] == []


async def test_an_address_in_the_environment_is_used_as_it_is(monkeypatch):
    monkeypatch.setenv("MARKTBUND_TEST_POSTGRES", "postgresql://root:p%40ss@db.test:5433/postgres")
    with postgres_server() as server:
        assert (server.host, server.port) == ("db.test", 5433)
        assert (server.superuser, server.password) == ("root", "p@ss")
    monkeypatch.setenv("MARKTBUND_TEST_KAFKA", "sasl://root:p%40ss@log.test:9093")
    with kafka_broker() as broker:
        assert broker.admin == KafkaAccess("log.test:9093", "root", "p@ss", "SASL_PLAINTEXT")
