"""Which engine tests run on: named ones first, then Docker's, then own; what was left is swept."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from marktbund.testing.engines.docker import docker_answers
from marktbund.testing.engines.processes import (
    Launch,
    ProcessIdentity,
    identity_of,
    inherited,
    own_identity,
    spawn,
    terminate,
)
from marktbund.testing.engines.records import read_record, write_record
from marktbund.testing.engines.selection import (
    KafkaBroker,
    PostgresServer,
    _remember,
    _sweep,
    kafka_broker,
    postgres_server,
)

ENDED = replace(own_identity(), ticks=1)
"""A process under our number that is long gone."""


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "postgresql://root:s3cret@db.example:6543/postgres",
            PostgresServer("db.example", 6543, "root", "s3cret"),
        ),
        (
            "postgresql://a%40b:p%3A%2F%25@127.0.0.1:5433/postgres",
            PostgresServer("127.0.0.1", 5433, "a@b", "p:/%"),
        ),
        ("postgresql:///postgres", PostgresServer("127.0.0.1", 5432, "postgres", "")),
    ],
    ids=["whole", "written out", "bare"],
)
def test_a_postgresql_that_is_named_is_the_one(
    monkeypatch: pytest.MonkeyPatch, url: str, server: PostgresServer
):
    monkeypatch.setenv("MARKTBUND_TEST_POSTGRES", url)
    with postgres_server() as named:
        assert named == server


def test_the_address_of_a_server_names_the_same_server_again(monkeypatch: pytest.MonkeyPatch):
    server = PostgresServer("127.0.0.1", 5433, "a b", "ü:/@%#?")
    monkeypatch.setenv("MARKTBUND_TEST_POSTGRES", server.url())
    with postgres_server() as named:
        assert named == server


def test_a_kafka_that_is_named_is_the_one_and_asks_for_a_password(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("MARKTBUND_TEST_KAFKA", "sasl://admin:p%40ss@kafka.example:9094")
    with kafka_broker() as broker:
        assert isinstance(broker, KafkaBroker)
        admin = broker.admin
    assert (admin.bootstrap, admin.user, admin.password, admin.protocol) == (
        "kafka.example:9094",
        "admin",
        "p@ss",
        "SASL_PLAINTEXT",
    )
    assert "p@ss" not in repr(admin)


@pytest.fixture
def docker_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Docker is said to listen."""
    file = tmp_path / "docker.sock"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{file}")
    return file


def test_docker_answers_while_its_socket_takes_connections(docker_socket: Path):
    assert not docker_answers()
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(docker_socket))
        assert not docker_answers()
        server.listen(1)
        assert docker_answers()
    assert docker_socket.exists()
    assert not docker_answers()


def test_a_docker_elsewhere_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOCKER_HOST", "tcp://docker.example:2375")
    assert docker_answers()


def test_owner_and_engine_of_a_directory_are_kept_beside_each_other(tmp_path: Path):
    engine = ProcessIdentity(7, "boot", 8)
    _remember(tmp_path, "owner", ENDED)
    _remember(tmp_path, "engine", engine)
    kept = read_record(tmp_path / "processes.json")
    assert kept == {"owner": asdict(ENDED), "engine": asdict(engine)}


def left(base: Path, name: str, **kept: object) -> Path:
    """A directory an earlier run left, with what it noted."""
    directory = base / f"marktbund-engines-{name}"
    directory.mkdir()
    (directory / "data").touch()
    write_record(directory / "processes.json", kept)
    return directory


def test_what_a_killed_run_left_is_removed_and_all_else_stays(tmp_path: Path):
    killed = left(tmp_path, "killed", owner=asdict(ENDED), engine=asdict(ENDED))
    before_the_engine = left(tmp_path, "early", owner=asdict(ENDED))
    at_work = left(tmp_path, "at-work", owner=asdict(own_identity()))
    nobodys = left(tmp_path, "nobodys", engine=asdict(ENDED))
    torn = left(tmp_path, "torn", owner="?")
    other = tmp_path / "other"
    other.mkdir()
    _sweep(tmp_path)
    assert [killed.exists(), before_the_engine.exists()] == [False, False]
    assert all(directory.exists() for directory in (at_work, nobodys, torn, other))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[ProcessIdentity]:
    """A process that runs until it is ended."""
    argv = (sys.executable, "-c", "import time; time.sleep(60)")
    log = str(tmp_path / "engine.log")
    identity = identity_of(spawn(Launch(argv, inherited("PATH"), str(tmp_path), log)).pid)
    assert identity is not None
    yield identity
    terminate(identity)


def test_the_engine_of_a_killed_run_is_ended(tmp_path: Path, running: ProcessIdentity):
    left(tmp_path, "killed", owner=asdict(ENDED), engine=asdict(running))
    _sweep(tmp_path)
    assert not running.alive


def test_the_engine_of_a_run_at_work_goes_on(tmp_path: Path, running: ProcessIdentity):
    left(tmp_path, "at-work", owner=asdict(own_identity()), engine=asdict(running))
    _sweep(tmp_path)
    assert running.alive


def test_who_has_the_number_of_an_engine_now_is_left_alone(
    tmp_path: Path, running: ProcessIdentity
):
    mistaken = replace(running, ticks=running.ticks - 1)
    directory = left(tmp_path, "killed", owner=asdict(ENDED), engine=asdict(mistaken))
    _sweep(tmp_path)
    assert (directory.exists(), running.alive) == (False, True)
    os.kill(running.pid, 0)
