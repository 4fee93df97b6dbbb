"""A process gets the key its role needs, or does not start."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from documentation.main import KeyMissingError, composed
from documentation.settings import Settings
from marktbund.envelope import Origin
from marktbund.unit_of_work import UnitOfWork

NAMES = ["sealer", "notary", "auditor", "checkpoint_auditor", "log_auditor", "anchorer"]


def settings(**more: Any) -> Settings:
    required = {"database_url": "postgresql+asyncpg://x/y", "kafka": "k:1", "http_port": 1}
    required |= {"kafka_user": "u", "kafka_password": "p"}
    return Settings(issuer_url="http://127.0.0.1/i", **required, **more)


@pytest.fixture
def private(tmp_path: Path, signing_key: Ed25519PrivateKey) -> Path:
    path = tmp_path / "key.pem"
    pem = signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem)
    return path


@pytest.fixture
def public(tmp_path: Path, signing_key: Ed25519PrivateKey) -> Path:
    path = tmp_path / "key.pub.pem"
    key = signing_key.public_key()
    path.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


@pytest.mark.parametrize("role", ["worker", "all"])
def test_a_worker_signs_with_the_private_key(
    private: Path, signing_key: Ed25519PrivateKey, role: str
):
    service = composed(settings(role=role, signing_key_file=private))
    assert [job.name for job in service.jobs] == NAMES
    assert service.state["public_key"] == signing_key.public_key()


def test_the_api_needs_the_public_key_only(public: Path, signing_key: Ed25519PrivateKey):
    service = composed(settings(role="api", public_key_file=public))
    assert (service.state["public_key"], service.jobs) == (signing_key.public_key(), ())


async def test_a_break_is_not_declared_without_the_private_key(public: Path):
    service = composed(settings(role="api", public_key_file=public))
    uow = UnitOfWork(None, Origin(correlation_id="c"), datetime.now(UTC))  # type: ignore[arg-type]
    with pytest.raises(KeyMissingError):
        await service.restored(uow)


@pytest.mark.parametrize("role", ["worker", "all", "api"])
def test_no_process_starts_without_its_key(role: str):
    with pytest.raises(KeyMissingError):
        composed(settings(role=role))


def test_a_worker_does_not_start_with_the_public_key_only(public: Path):
    with pytest.raises(KeyMissingError):
        composed(settings(role="worker", public_key_file=public))


def test_another_kind_of_key_is_refused(tmp_path: Path):
    key = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "other.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyMissingError):
        composed(settings(signing_key_file=path))
    public = tmp_path / "other.pub.pem"
    spki = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    public.write_bytes(spki)
    with pytest.raises(KeyMissingError):
        composed(settings(role="api", public_key_file=public))
