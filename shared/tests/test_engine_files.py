"""What engines are started with: files that were tried, passwords, accounts, command lines."""

import fcntl
import os
import pwd
from pathlib import Path

import pytest

from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines import archive, jars, kafka, postgres, scram
from marktbund.testing.engines.accounts import (
    can_pass,
    close_to_others,
    give_to,
    reachable_directory,
)
from marktbund.testing.engines.alone import alone
from marktbund.testing.engines.broker_settings import properties
from marktbund.testing.engines.errors import EngineError, log_tail
from marktbund.testing.engines.pinned import check, digest_of, pins
from marktbund.testing.engines.processes import Launch, own_identity
from marktbund.testing.engines.records import read_record, write_record


def test_a_digest_is_that_of_the_bytes(tmp_path: Path):
    """FIPS 180-4: SHA-256 of `abc`."""
    file = tmp_path / "abc"
    file.write_bytes(b"abc")
    assert digest_of(file) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_every_pin_is_a_digest_and_the_broker_is_among_them():
    known = pins()
    assert all(len(digest) == 64 and int(digest, 16) >= 0 for digest in known.values())
    version = jars.BROKER.rsplit(":", 1)[1]
    assert any(name.endswith(f"kafka_2.13-{version}.jar") for name in known)


def test_a_file_nobody_tried_is_refused(tmp_path: Path):
    with pytest.raises(EngineError, match="nobody has tried this version"):
        check([tmp_path / "kafka_2.13-99.jar"])
    check([])


def test_a_file_that_was_exchanged_is_refused_even_from_the_list_kept(tmp_path: Path):
    exchanged = tmp_path / next(iter(pins()))
    exchanged.parent.mkdir(parents=True)
    exchanged.write_bytes(b"something else")
    write_record(jars.list_file(tmp_path), [str(exchanged)])
    with pytest.raises(EngineError, match="its SHA-256 differs"):
        jars.kafka_jars(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "5", '["/nowhere/a.jar"]', "[]"])
def test_a_list_of_files_that_are_gone_is_no_list(tmp_path: Path, content: str):
    file = tmp_path / "jars.json"
    file.write_text(content)
    assert jars._remembered(file) == []
    assert jars._remembered(tmp_path / "missing") == []


def test_caches_follow_the_users_own_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/big/disk")
    assert jars.default_cache() == Path("/big/disk/marktbund")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/users/erika")
    assert jars.default_cache() == Path("/users/erika/.cache/marktbund")


def test_a_start_archive_is_used_once_it_is_there_and_written_by_the_same_command(tmp_path: Path):
    assert kafka._archive_options(tmp_path) == ()
    target = jars.archive_file(tmp_path)
    target.touch()
    assert kafka._archive_options(tmp_path)[0] == f"-XX:AOTCache={target}"
    launch = Launch(("java", "-cp", "a.jar", "kafka.Kafka"), {}, "/", "/log")
    training = archive._training(launch, Path("/new"))
    assert training.argv == ("java", "-XX:AOTCacheOutput=/new", "-cp", "a.jar", "kafka.Kafka")
    assert archive.train(tmp_path) is False


def held_by_another(lock: Path) -> bool:
    with lock.open("w") as other:
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_nobody_else_gets_in_until_the_block_ends_however_it_ends(tmp_path: Path):
    lock = tmp_path / "deep" / "a.lock"
    held = []

    def fail_inside() -> None:
        with alone(lock):
            held.append(held_by_another(lock))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_inside()
    assert held == [True]
    assert not held_by_another(lock)


def test_the_end_of_a_log_is_what_is_told(tmp_path: Path):
    log = tmp_path / "engine.log"
    assert log_tail(log) == f"(no log at {log})"
    log.write_bytes(b"first\n" + b"".join(b"line %d\n" % n for n in range(19)) + b"\xff last\n")
    tail = log_tail(log).splitlines()
    assert (len(tail), tail[0], tail[-1]) == (20, "line 0", "\ufffd last")
    assert log_tail(log, 1) == "\ufffd last"


def test_the_admin_of_a_broker_keeps_its_password(tmp_path: Path):
    made = scram.admin_of(tmp_path, 9092)
    assert (tmp_path / "kafka.json").stat().st_mode & 0o777 == 0o600
    again = scram.admin_of(tmp_path, 9093)
    assert (made.password, made.bootstrap) == (again.password, "127.0.0.1:9092")
    assert again.bootstrap == "127.0.0.1:9093"
    assert scram.admin_of(tmp_path / "other", 9092).password != made.password
    assert len(made.password) >= 32


def test_an_account_is_known_once_it_was_made(tmp_path: Path):
    admin = scram.admin_of(tmp_path, 9092)
    assert not scram.has_account(tmp_path)
    scram.note_account(tmp_path, admin)
    assert scram.has_account(tmp_path)
    assert scram.admin_of(tmp_path, 9092) == admin


def test_every_listener_of_a_broker_asks_for_a_password_and_is_on_loopback():
    admin = KafkaAccess("127.0.0.1:9092", "admin", "s3cret", "SASL_PLAINTEXT")
    settings = properties(Path("/data/kafka"), 9093, admin)
    protocols = dict(
        pair.split(":") for pair in settings["listener.security.protocol.map"].split(",")
    )
    assert settings["listeners"] == "CLIENTS://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093"
    assert protocols == {"CLIENTS": "SASL_PLAINTEXT", "CONTROLLER": "SASL_PLAINTEXT"}
    assert settings["listener.name.clients.sasl.enabled.mechanisms"] == "SCRAM-SHA-512"
    assert settings["authorizer.class.name"].endswith("StandardAuthorizer")
    assert settings["super.users"] == "User:admin"
    assert settings["auto.create.topics.enable"] == "false"
    assert settings["log.dirs"] == "/data/kafka/data"
    assert "allow.everyone.if.no.acl.found" not in settings


def test_only_a_broker_that_knows_nobody_yet_is_unlocked_and_for_the_admin_alone():
    shut, opened = scram.security("s3cret"), scram.unlocked("s3cret")
    mechanisms = "listener.name.clients.sasl.enabled.mechanisms"
    login = "listener.name.clients.plain.sasl.jaas.config"
    changed = {name for name, value in opened.items() if shut.get(name) != value}
    assert changed == {mechanisms, login}
    assert opened[mechanisms] == "SCRAM-SHA-512,PLAIN"
    assert 'user_admin="s3cret"' in opened[login]
    assert login not in shut


def test_storage_is_formatted_with_the_admins_account():
    wanted = ("--add-scram", "SCRAM-SHA-512=[name=admin,password=p]")
    assert scram.format_arguments("p") == wanted


NOBODY = "nobody"
ME = pwd.getpwuid(os.geteuid()).pw_name


def test_a_closed_folder_above_shuts_an_account_out(tmp_path: Path):
    inner = tmp_path / "closed" / "open"
    inner.mkdir(parents=True)
    inner.chmod(0o755)
    inner.parent.chmod(0o700)
    assert can_pass(inner, ME)
    assert can_pass(inner, None)
    assert not can_pass(inner, NOBODY)
    assert can_pass(Path("/"), NOBODY)
    assert not can_pass(inner / "not" / "there", NOBODY)


def test_what_is_an_engines_own_is_for_its_account_only(tmp_path: Path):
    directory, file = tmp_path / "engine", tmp_path / "password"
    close_to_others(directory, None)
    assert directory.stat().st_mode & 0o777 == 0o700
    directory.chmod(0o755)
    assert reachable_directory(directory, None) == directory
    assert directory.stat().st_mode & 0o777 == 0o700
    file.touch(mode=0o644)
    give_to(file, ME)
    assert (file.stat().st_mode & 0o777, file.stat().st_uid) == (0o600, os.geteuid())


def test_the_id_of_a_cluster_is_read_from_its_data(tmp_path: Path):
    admin = scram.admin_of(tmp_path, 1)
    node = kafka.KafkaNode(tmp_path, 1, 2, Launch((), {}, "", ""), admin)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meta.properties").write_text(
        "#\nnode.id=1\ncluster.id=mAb=c\nversion=1\n"
    )
    assert kafka.cluster_id(node) == "mAb=c"
    assert kafka.broker_process(node) is None


def pid_file(data: Path, pid: int, state: str = "ready") -> Path:
    """As PostgreSQL keeps it: the pid first, the state in the eighth line."""
    file = data / "postmaster.pid"
    lines = [pid, data, 1_700_000_000, 5433, "", "127.0.0.1", 123456, f"{state}   "]
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


def test_a_server_is_ready_when_this_very_process_says_so(tmp_path: Path):
    own = own_identity()
    assert not postgres.announces_ready(tmp_path, own)
    pid_file(tmp_path, own.pid, "starting")
    assert not postgres.announces_ready(tmp_path, own)
    pid_file(tmp_path, own.pid + 1)
    assert not postgres.announces_ready(tmp_path, own)
    pid_file(tmp_path, own.pid)
    assert postgres.announces_ready(tmp_path, own)


@pytest.mark.parametrize(
    ("pid", "stays"), [(os.getpid(), False), (2**22 + 1, True)], ids=["a stranger's", "nobody's"]
)
def test_a_pid_file_of_a_stranger_does_not_keep_a_server_from_starting(
    tmp_path: Path, pid: int, stays: bool
):
    file = pid_file(tmp_path, pid)
    assert postgres._postmaster_of(tmp_path) is None
    postgres._drop_foreign_pid_file(tmp_path)
    assert file.exists() is stays


def test_data_without_their_password_are_begun_anew(tmp_path: Path):
    home, file = tmp_path / "home", tmp_path / "postgres.json"
    (home / "data").mkdir(parents=True)
    made = postgres._password(file, home)
    assert not (home / "data").exists()
    (home / "data").mkdir()
    assert postgres._password(file, home) == made
    assert (home / "data").exists()
    assert read_record(file)["superuser"] == "postgres"


def test_a_server_is_removed_with_the_data_it_kept_elsewhere(tmp_path: Path):
    directory, home = tmp_path / "engine", tmp_path / "elsewhere"
    (home / "data").mkdir(parents=True)
    directory.mkdir()
    postgres._password(directory / "postgres.json", home)
    postgres.remove(directory)
    assert [path.name for path in tmp_path.iterdir()] == []
    postgres.remove(directory)
