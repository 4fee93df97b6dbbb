"""The same login inside TLS, on a broker of its own: the certificate is checked, and its name."""

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from cryptography import x509
from faststream.kafka import KafkaBroker as FastStreamBroker

from marktbund.consuming.subscriber import _security
from marktbund.kafka_access import KafkaAccess
from marktbund.testing.certificates import self_signed
from marktbund.testing.engines import kafka as engine
from marktbund.testing.engines.ports import choose_free
from marktbund.testing.engines.selection import temporary_directory
from marktbund.testing.entering import enters

LOOPBACK = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


@pytest.fixture(scope="module")
def secured() -> Iterator[KafkaAccess]:
    """The admin's access to a broker whose clients come by TLS."""
    with temporary_directory() as directory:
        port = choose_free(set())
        node = engine.prepare(directory, port, choose_free({port}))
        pem = self_signed(directory / "127.0.0.1.pem", LOOPBACK)
        settings = directory / "server.properties"
        properties = settings.read_text().replace("CLIENTS:SASL_PLAINTEXT", "CLIENTS:SASL_SSL")
        settings.write_text(
            f"{properties}ssl.keystore.type=PEM\nssl.keystore.location={pem}\n"
            f"ssl.truststore.type=PEM\nssl.truststore.location={pem}\n"
        )
        engine.start(node)
        try:
            yield replace(node.admin, protocol="SASL_SSL", ca_file=pem)
        finally:
            engine.stop(node)


async def test_every_client_logs_in_inside_tls(secured: KafkaAccess):
    assert await enters(secured, request_timeout_ms=5000)
    async with FastStreamBroker(secured.bootstrap, security=_security(secured)) as broker:
        assert await broker.ping(timeout=20)
    assert AdminClient(secured.librdkafka()).list_topics(timeout=20).brokers.keys() == {1}


async def test_a_broker_with_a_certificate_of_somebody_else_gets_no_password(
    secured: KafkaAccess, tmp_path: Path
):
    stranger = self_signed(tmp_path / "127.0.0.1.pem", LOOPBACK)
    for access in (
        replace(secured, ca_file=stranger),
        replace(secured, ca_file=None),
        replace(secured, bootstrap=secured.bootstrap.replace("127.0.0.1", "localhost")),
        replace(secured, protocol="SASL_PLAINTEXT"),
    ):
        assert not await enters(access, request_timeout_ms=5000)
        with pytest.raises(KafkaException):
            AdminClient(access.librdkafka()).list_topics(timeout=2)


async def test_the_right_certificate_does_not_stand_in_for_the_password(secured: KafkaAccess):
    assert not await enters(replace(secured, password="wrong"), request_timeout_ms=5000)
