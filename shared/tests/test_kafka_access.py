"""How clients reach Kafka: never without an account, TLS unless the engines are on loopback."""

import ssl
from collections.abc import Mapping
from pathlib import Path

import pytest

from marktbund.kafka_access import KafkaAccess, user_name

VARIABLES: Mapping[str, str] = {
    "MARKTBUND_KAFKA": "k1.stadt.example:9093,k2.stadt.example:9093",
    "MARKTBUND_KAFKA_USER": "prod_orders",
    "MARKTBUND_KAFKA_PASSWORD": "geheim-4711",
}
LOCAL = KafkaAccess("127.0.0.1:9092", "t1_orders", "geheim-4711", "SASL_PLAINTEXT")


def test_who_says_no_protocol_is_under_tls():
    access = KafkaAccess.from_environment(VARIABLES)
    assert (access.protocol, access.ca_file) == ("SASL_SSL", None)
    assert access == KafkaAccess(VARIABLES["MARKTBUND_KAFKA"], "prod_orders", "geheim-4711")


@pytest.mark.parametrize(
    "protocol", ["", "PLAINTEXT", "SSL", "sasl_plaintext", "SASL_PLAINTEXT ", "none"]
)
def test_only_one_word_leaves_tls_out(protocol: str):
    """A slip in a deployment's settings must not send a password in the clear."""
    variables = {**VARIABLES, "MARKTBUND_KAFKA_PROTOCOL": protocol}
    assert KafkaAccess.from_environment(variables).protocol == "SASL_SSL"


@pytest.mark.parametrize("missing", sorted(VARIABLES))
def test_there_is_no_way_in_without_address_account_and_password(missing: str):
    variables = {name: value for name, value in VARIABLES.items() if name != missing}
    with pytest.raises(KeyError, match=f"'{missing}'"):
        KafkaAccess.from_environment(variables)


@pytest.mark.parametrize(
    "access",
    [
        LOCAL,
        KafkaAccess("k:9093", "u", "p"),
        KafkaAccess("k:9093", "u", "p", ca_file=Path("/etc/marktbund/ca.pem")),
        KafkaAccess("a:1,b:2", "u", "p=ä; 'x", "SASL_PLAINTEXT"),
    ],
)
def test_a_process_is_handed_on_what_its_parent_was_given(access: KafkaAccess):
    assert KafkaAccess.from_environment(access.environment()) == access


def test_an_empty_file_of_authorities_is_none():
    variables = {**VARIABLES, "MARKTBUND_KAFKA_CA_FILE": ""}
    assert KafkaAccess.from_environment(variables).ca_file is None


def test_a_password_stands_in_no_representation():
    assert "geheim-4711" not in repr(LOCAL)
    assert "t1_orders" in repr(LOCAL)


def test_both_clients_log_in_as_the_same_account_by_the_same_mechanism():
    ours, theirs = LOCAL.aiokafka(), LOCAL.librdkafka()
    assert ours["bootstrap_servers"] == theirs["bootstrap.servers"] == "127.0.0.1:9092"
    assert ours["security_protocol"] == theirs["security.protocol"] == "SASL_PLAINTEXT"
    assert ours["sasl_mechanism"] == theirs["sasl.mechanism"] == "SCRAM-SHA-512"
    assert ours["sasl_plain_username"] == theirs["sasl.username"] == "t1_orders"
    assert ours["sasl_plain_password"] == theirs["sasl.password"] == "geheim-4711"


def test_without_tls_there_is_nothing_to_check_certificates_by():
    assert LOCAL.tls() is None
    assert LOCAL.aiokafka()["ssl_context"] is None
    assert "ssl.ca.location" not in LOCAL.librdkafka()


def test_under_tls_certificate_and_name_of_a_broker_are_checked():
    context = KafkaAccess("k:9093", "u", "p").tls()
    assert context is not None
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_file_of_authorities_is_read_by_both_and_missed_at_once(tmp_path: Path):
    access = KafkaAccess("k:9093", "u", "p", ca_file=tmp_path / "ca.pem")
    assert access.librdkafka()["ssl.ca.location"] == str(tmp_path / "ca.pem")
    with pytest.raises(FileNotFoundError):
        access.aiokafka()
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ssl.SSLError):
        access.aiokafka()


def test_accounts_of_two_deployments_on_a_cluster_are_apart():
    assert user_name("t1_", "orders") == "t1_orders"
    assert user_name("", "orders") == "orders"
