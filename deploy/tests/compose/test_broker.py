"""Compose's broker settings on a real broker: inside TLS with an account, and no other way."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from deploy.compose.authority import certificate
from deploy.compose.broker import Broker, broker_properties
from deploy.tests.compose.composed import FILE
from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines import kafka as engine
from marktbund.testing.engines import scram
from marktbund.testing.engines.jars import default_cache, kafka_jars
from marktbund.testing.engines.ports import choose_free
from marktbund.testing.engines.selection import temporary_directory
from marktbund.testing.entering import enters


@pytest.fixture(scope="module")
def access() -> Iterator[KafkaAccess]:
    """The admin's access to a broker told what compose tells its own, but for places and ports."""
    with temporary_directory() as directory:
        port = choose_free(set())
        node = engine.prepare(directory, port, choose_free({port}))
        own, trusted = certificate(directory, "kafka", "localhost")
        at = Broker(
            "localhost", "127.0.0.1", port, node.controller_port, node.directory, own, trusted
        )
        properties = broker_properties(node.admin.password, at)
        text = "".join(f"{name}={value}\n" for name, value in properties.items())
        (directory / "server.properties").write_text(text)
        engine.start(node)
        try:
            yield replace(
                node.admin, bootstrap=f"localhost:{port}", protocol="SASL_SSL", ca_file=trusted
            )
        finally:
            engine.stop(node)


async def test_the_admin_comes_in_inside_tls(access: KafkaAccess):
    assert await enters(access)


async def test_nobody_comes_in_outside_tls_or_with_another_password(access: KafkaAccess):
    assert not await enters(replace(access, protocol="SASL_PLAINTEXT"))
    assert not await enters(replace(access, password="falsch"))


def _program(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o700)


def test_the_admins_password_is_no_argument_of_the_first_start(tmp_path: Path):
    home, data, aside = tmp_path / "kafka", tmp_path / "lib", tmp_path / "aside"
    arguments = tmp_path / "arguments.txt"
    for directory in (home / "libs", data, aside):
        directory.mkdir(parents=True)
    for jar in kafka_jars(default_cache()):
        (home / "libs" / jar.name).symlink_to(jar)
    _program(home / "bin" / "kafka-storage.sh", "echo -Mq7hUUxQ5SVWTGXoMWTWg")
    _program(home / "bin" / "kafka-server-start.sh", 'echo "$@"')
    record = f'printf "%s\\n" "$@" >> {arguments}\nexec {engine.java_binary()} "$@"'
    _program(tmp_path / "bin" / "java", record)
    password = "geheim-und-lang"
    settings = tmp_path / "server.properties"
    properties = broker_properties(password, Broker(directory=data))
    settings.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))
    places = {
        "/etc/marktbund/server.properties": str(settings),
        "/opt/kafka": str(home),
        "/var/lib/kafka": str(data),
        "$$": "$",
    }
    script = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]["kafka"]["command"][-1]
    for there, here in places.items():
        script = script.replace(there, here)
    environment = {
        "ADMIN": scram.format_arguments(password)[1],
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "TMPDIR": str(aside),
    }
    for first in (True, False):
        command = ["sh", "-ec", script]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, str(settings)), done.stderr
        assert ("Formatting" in done.stdout) is first
    assert "cluster.id=-Mq7hUUxQ5SVWTGXoMWTWg" in (data / "data/meta.properties").read_text()
    assert re.fullmatch(rf"@{re.escape(str(aside))}/\S+\n", arguments.read_text())
    assert list(aside.iterdir()) == []
