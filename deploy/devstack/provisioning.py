"""Everything a deployment needs before its services start: topics, accounts, migrations, keys.

In: running engines and a deployment. Out: the same state however often it runs.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from alembic.util import CommandError
from confluent_kafka import KafkaException
from confluent_kafka.admin import AclBinding
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy.exc import SQLAlchemyError

from deploy.devstack.deployment import REPOSITORY, Deployment
from deploy.devstack.services import DeployedService
from deploy.kafka.accounts import apply
from deploy.kafka.rights import accounts, service_rights
from marktbund import migrating, topics
from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines.records import write_text
from marktbund.testing.engines.selection import KafkaBroker, PostgresServer


class ProvisioningError(RuntimeError):
    """A step before the start of the services failed; the message carries its output."""


@dataclass(frozen=True)
class Engines:
    """The running engines a deployment works on; `generation` changes when their data are new."""

    postgres: PostgresServer
    kafka: KafkaBroker
    generation: str


Contents = Callable[[Deployment, Engines, Mapping[str, str]], None]


def create_contents(deployment: Deployment, engines: Engines, secret: Mapping[str, str]) -> None:
    """Create topics, accounts and ACLs, and bring every database to its newest migration.

    All in this process: nine of their own would take longer to start than to do it. Raises
    ProvisioningError with what the step that failed says.
    """
    packages = [service.name for service in deployment.services]
    wanted = accounts(deployment.prefix, service_rights(packages))
    with ThreadPoolExecutor(max_workers=1) as pool:
        on_kafka = pool.submit(_on_kafka, deployment, engines.kafka.admin, wanted, secret)
        for service in deployment.services:
            _migrate(service, owner_url(deployment, service, engines, secret))
        on_kafka.result()


def _on_kafka(
    deployment: Deployment,
    admin: KafkaAccess,
    wanted: Mapping[str, set[AclBinding]],
    secret: Mapping[str, str],
) -> None:
    try:
        topics.create(admin, deployment.prefix)
        apply(admin, wanted, secret)
    except (KafkaException, TimeoutError) as error:
        raise ProvisioningError(f"topics or accounts cannot be made: {error}") from error


def contents_fingerprint() -> str:
    """Changes whenever migrations, what services hear or the shared parts change."""
    digest = hashlib.sha256()
    files = [
        *REPOSITORY.glob("services/*/migrations/**/*.py"),
        *REPOSITORY.glob("services/*/*/consumers*/**/*.py"),
        *REPOSITORY.glob("services/*/*/consumers.py"),
        *REPOSITORY.glob("services/*/*/main.py"),
        *REPOSITORY.glob("shared/*/marktbund/**/*.py"),
        *REPOSITORY.glob("deploy/kafka/*.py"),
        REPOSITORY / "deploy" / "devstack" / "roles.py",
    ]
    for file in sorted(files):
        state = file.stat()
        digest.update(f"{file}:{state.st_mtime_ns}:{state.st_size}\n".encode())
    return digest.hexdigest()


def base_environment(deployment: Deployment) -> Mapping[str, str]:
    """What every process of the deployment is told."""
    kept = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "SSL_CERT_FILE", "PYTHONPATH")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PYTHONUNBUFFERED": "1",
        "MARKTBUND_PREFIX": deployment.prefix,
        "MARKTBUND_DEPLOYMENT": deployment.flag,
    }


def owner_url(
    deployment: Deployment, service: DeployedService, engines: Engines, secret: Mapping[str, str]
) -> str:
    """The database address of the role that migrates."""
    return _url(deployment.owner(service), deployment.database(service), engines, secret)


def app_url(
    deployment: Deployment, service: DeployedService, engines: Engines, secret: Mapping[str, str]
) -> str:
    """The database address of the role the service works as."""
    return _url(deployment.app(service), deployment.database(service), engines, secret)


def kafka_access(
    deployment: Deployment, service: DeployedService, engines: Engines, secret: Mapping[str, str]
) -> KafkaAccess:
    """The service's own account on Kafka."""
    user = deployment.kafka_user(service)
    return replace(engines.kafka.admin, user=user, password=secret[user])


def signing_key(directory: Path) -> Path:
    """The Ed25519 private key (PEM, mode 600) for checkpoints, made once; `.pub.pem` beside it."""
    private = directory / "signing-key.pem"
    if not private.exists():
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        write_text(directory / "signing-key.pub.pem", public.decode())
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_text(private, secret.decode())
    return private


def anchor_folder(directory: Path) -> Path:
    """Where the day's anchor goes as a file, made once: the service itself makes no folder."""
    folder = directory / "anchors"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def channel_key(directory: Path) -> Path:
    """The Fernet key (mode 600) that seals webhook secrets, made once."""
    file = directory / "channel-key.txt"
    if not file.exists():
        write_text(file, Fernet.generate_key().decode() + "\n")
    return file


def _url(role: str, database: str, engines: Engines, secret: Mapping[str, str]) -> str:
    at = engines.postgres
    return f"postgresql+asyncpg://{role}:{secret[role]}@{at.host}:{at.port}/{database}"


def _migrate(service: DeployedService, url: str) -> None:
    try:
        migrating.upgrade(service.name, url=url)
    except (SQLAlchemyError, CommandError, OSError) as error:
        raise ProvisioningError(f"{service.name} cannot be migrated: {error}") from error
