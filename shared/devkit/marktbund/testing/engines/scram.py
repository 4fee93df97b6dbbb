"""The broker's own account: every connection to it, the controller's too, needs a password.

In: the engine's directory. Out: the admin's password, kept there (mode 600), and what Kafka is
told about it. The admin is the super user; accounts of services are made by whoever deploys them.
"""

import secrets
from pathlib import Path

from confluent_kafka.admin import AdminClient

from marktbund.kafka_access import MECHANISM, KafkaAccess, set_passwords
from marktbund.testing.engines.records import read_record, write_record

ADMIN = "admin"
_PACKAGE = "org.apache.kafka.common.security"


def admin_of(directory: Path, port: int) -> KafkaAccess:
    """The admin's access to the broker on this directory; its password is made on first use."""
    file = _file(directory)
    password = read_record(file).get("password")
    if password is None:
        password = secrets.token_urlsafe(24)
        write_record(file, {"password": password})
    return KafkaAccess(f"127.0.0.1:{port}", ADMIN, str(password), "SASL_PLAINTEXT")


def has_account(directory: Path) -> bool:
    """Whether the broker's metadata know the admin by this password."""
    return bool(read_record(_file(directory)).get("account"))


def note_account(directory: Path, admin: KafkaAccess) -> None:
    """Remember that the broker's metadata know the admin."""
    write_record(_file(directory), {"password": admin.password, "account": True})


def make_account(admin: KafkaAccess) -> None:
    """Make the admin an account on a broker that lets it in by `unlocked` only.

    Raises KafkaException.
    """
    client = AdminClient({**admin.librdkafka(), "sasl.mechanism": "PLAIN"})
    set_passwords(client, {ADMIN: admin.password})


def security(password: str) -> dict[str, str]:
    """Who may come in by which listener, and that nobody may do anything without a rule.

    Brokers and clients come by SCRAM, whose accounts lie in the metadata; the controller cannot
    look there before it has joined, so its listener compares with this one password.
    """
    login = f'required username="{ADMIN}" password="{password}"'
    scram = f"{_PACKAGE}.scram.ScramLoginModule {login};"
    plain = f'{_PACKAGE}.plain.PlainLoginModule {login} user_{ADMIN}="{password}";'
    return {
        "listener.security.protocol.map": "CONTROLLER:SASL_PLAINTEXT,CLIENTS:SASL_PLAINTEXT",
        "inter.broker.listener.name": "CLIENTS",
        "sasl.mechanism.inter.broker.protocol": MECHANISM,
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.clients.sasl.enabled.mechanisms": MECHANISM,
        f"listener.name.clients.{MECHANISM.lower()}.sasl.jaas.config": scram,
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": plain,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{ADMIN}",
    }


def unlocked(password: str) -> dict[str, str]:
    """`security` of a broker whose metadata do not know the admin yet: PLAIN lets it in."""
    settings = security(password)
    plain = settings["listener.name.controller.plain.sasl.jaas.config"]
    return settings | {
        "listener.name.clients.sasl.enabled.mechanisms": f"{MECHANISM},PLAIN",
        "listener.name.clients.plain.sasl.jaas.config": plain,
    }


def format_arguments(password: str) -> tuple[str, str]:
    """What makes the admin an account when storage is formatted."""
    return "--add-scram", f"{MECHANISM}=[name={ADMIN},password={password}]"


def _file(directory: Path) -> Path:
    return directory / "kafka.json"
