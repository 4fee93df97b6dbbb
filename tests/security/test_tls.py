"""The same login inside TLS, on a broker of its own: the certificate is checked, and its name."""

import datetime as dt
import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from faststream.kafka import KafkaBroker as FastStreamBroker

from marktbund.consuming.subscriber import _security
from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines import kafka as engine
from marktbund.testing.engines.ports import choose_free
from marktbund.testing.engines.selection import temporary_directory


def certificate(directory: Path, name: x509.GeneralName) -> Path:
    """A key and a certificate signed by itself, one PEM file, as Kafka and its clients read it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin.replace(year=2126))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = directory / f"{name.value}.pem"
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture(scope="module")
def secured() -> Iterator[KafkaAccess]:
    """The admin's access to a broker whose clients come by TLS."""
    with temporary_directory() as directory:
        port = choose_free(set())
        node = engine.prepare(directory, port, choose_free({port}))
        pem = certificate(directory, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        settings = directory / "server.properties"
        told = settings.read_text().replace("CLIENTS:SASL_PLAINTEXT", "CLIENTS:SASL_SSL")
        settings.write_text(
            f"{told}ssl.keystore.type=PEM\nssl.keystore.location={pem}\n"
            f"ssl.truststore.type=PEM\nssl.truststore.location={pem}\n"
        )
        engine.start(node)
        try:
            yield replace(node.admin, protocol="SASL_SSL", ca_file=pem)
        finally:
            engine.stop(node)


async def enters(access: KafkaAccess) -> bool:
    producer = AIOKafkaProducer(**access.aiokafka(), request_timeout_ms=5000)
    try:
        await producer.start()
    except KafkaConnectionError:
        return False
    finally:
        await producer.stop()
    return True


async def test_every_client_logs_in_inside_tls(secured: KafkaAccess):
    assert await enters(secured)
    async with FastStreamBroker(secured.bootstrap, security=_security(secured)) as broker:
        assert await broker.ping(timeout=20)
    assert AdminClient(secured.librdkafka()).list_topics(timeout=20).brokers.keys() == {1}


async def test_a_broker_with_a_certificate_of_somebody_else_gets_no_password(
    secured: KafkaAccess, tmp_path: Path
):
    stranger = certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    for access in (
        replace(secured, ca_file=stranger),
        replace(secured, ca_file=None),
        replace(secured, bootstrap=secured.bootstrap.replace("127.0.0.1", "localhost")),
        replace(secured, protocol="SASL_PLAINTEXT"),
    ):
        assert not await enters(access)
        with pytest.raises(KafkaException):
            AdminClient(access.librdkafka()).list_topics(timeout=2)


async def test_the_right_certificate_does_not_stand_in_for_the_password(secured: KafkaAccess):
    assert not await enters(replace(secured, password="wrong"))
