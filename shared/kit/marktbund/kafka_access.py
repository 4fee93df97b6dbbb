"""How a client reaches Kafka: address, account, TLS. The only place that knows clients' options.

There is no way in without an account: SASL/SCRAM-SHA-512, inside TLS or (engines on loopback)
without.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypedDict

from confluent_kafka.admin import (
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

Protocol = Literal["SASL_SSL", "SASL_PLAINTEXT"]
MECHANISM = "SCRAM-SHA-512"
ITERATIONS = 4096
_TIMEOUT_SECONDS = 30.0


class AioKafkaOptions(TypedDict):
    """Arguments of aiokafka's clients."""

    bootstrap_servers: str
    security_protocol: Protocol
    sasl_mechanism: str
    sasl_plain_username: str
    sasl_plain_password: str
    ssl_context: ssl.SSLContext | None


@dataclass(frozen=True, slots=True)
class KafkaAccess:
    """One account on one cluster; `bootstrap` is host:port, several divided by commas.

    ca_file: PEM of the authority that signed the brokers' certificates, with SASL_SSL only;
    None: the machine's own list.
    """

    bootstrap: str
    user: str
    password: str = field(repr=False)
    protocol: Protocol = "SASL_SSL"
    ca_file: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "KafkaAccess":
        """What the variables MARKTBUND_KAFKA and MARKTBUND_KAFKA_* say. Raises KeyError."""
        protocol: Protocol = "SASL_SSL"
        if environment.get("MARKTBUND_KAFKA_PROTOCOL") == "SASL_PLAINTEXT":
            protocol = "SASL_PLAINTEXT"
        ca_file = environment.get("MARKTBUND_KAFKA_CA_FILE")
        return cls(
            environment["MARKTBUND_KAFKA"],
            environment["MARKTBUND_KAFKA_USER"],
            environment["MARKTBUND_KAFKA_PASSWORD"],
            protocol,
            Path(ca_file) if ca_file else None,
        )

    def environment(self) -> Mapping[str, str]:
        """The variables that tell a process this access."""
        variables = {
            "MARKTBUND_KAFKA": self.bootstrap,
            "MARKTBUND_KAFKA_USER": self.user,
            "MARKTBUND_KAFKA_PASSWORD": self.password,
            "MARKTBUND_KAFKA_PROTOCOL": self.protocol,
        }
        return variables | ({"MARKTBUND_KAFKA_CA_FILE": str(self.ca_file)} if self.ca_file else {})

    def tls(self) -> ssl.SSLContext | None:
        """What checks the brokers' certificates and names; None without TLS."""
        if self.protocol == "SASL_PLAINTEXT":
            return None
        return ssl.create_default_context(cafile=self.ca_file)

    def aiokafka(self) -> AioKafkaOptions:
        """Arguments of aiokafka's clients."""
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.protocol,
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
            "ssl_context": self.tls(),
        }

    def librdkafka(self) -> dict[str, str | int | float | bool]:
        """Configuration of confluent-kafka's clients; what they log goes nowhere."""
        options: dict[str, str | int | float | bool] = {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": self.protocol,
            "sasl.mechanism": MECHANISM,
            "sasl.username": self.user,
            "sasl.password": self.password,
            "log_level": 0,
        }
        if self.ca_file:
            options["ssl.ca.location"] = str(self.ca_file)
        return options


def set_passwords(admin: AdminClient, passwords: Mapping[str, str]) -> None:
    """Make accounts, or give those that are there a new password. Raises KafkaException."""
    secret = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
    wanted: list[UserScramCredentialAlteration] = [
        UserScramCredentialUpsertion(user, secret, password.encode())
        for user, password in passwords.items()
    ]
    for future in admin.alter_user_scram_credentials(wanted).values():
        future.result(_TIMEOUT_SECONDS)


def user_name(prefix: str, service: str) -> str:
    """The account of a service in the deployment with this prefix."""
    return f"{prefix}{service}"
