"""Compose's broker settings on a real broker: inside TLS with an account, and no other way."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deploy.compose.authority import certificate
from deploy.compose.broker import Broker, broker_properties
from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines import kafka as engine
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
        told = broker_properties(node.admin.password, at)
        text = "".join(f"{name}={value}\n" for name, value in told.items())
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
