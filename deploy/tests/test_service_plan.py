"""What the services of a local deployment are told, without starting one."""

import stat
from pathlib import Path

import pytest

from deploy.devstack.deployment import Deployment, Places
from deploy.devstack.passwords import passwords
from deploy.devstack.provisioning import Engines
from deploy.devstack.service_plan import service_programs
from deploy.devstack.services import SERVICES
from marktbund.kafka_access import KafkaAccess
from marktbund.testing.engines.selection import KafkaBroker, PostgresServer

FILING = Deployment(
    "filing",
    "filing_",
    "test",
    services=tuple(service for service in SERVICES if service.name == "documentation"),
    issuer=None,
)
POSTGRES = PostgresServer("127.0.0.1", 1, "postgres", "")
KAFKA = KafkaBroker(KafkaAccess("127.0.0.1:1", "admin", ""))


def environment(places: Places) -> dict[str, str]:
    """What documentation is told."""
    places.of(FILING).mkdir(parents=True, exist_ok=True)
    secret = passwords(places.of(FILING), FILING)
    (program,) = service_programs(FILING, places, Engines(POSTGRES, KAFKA, ""), secret)
    return dict(program.launch.environment)


def test_documentation_has_a_folder_for_the_days_anchor(tmp_path: Path):
    folder = Path(environment(Places(tmp_path))["MARKTBUND_ANCHOR_FOLDER"])
    assert folder.parent == Places(tmp_path).of(FILING)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert environment(Places(tmp_path))["MARKTBUND_ANCHOR_FOLDER"] == str(folder)


def test_a_time_stamp_authority_is_whoever_starts_the_stack_to_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("MARKTBUND_STAMP_URL", "MARKTBUND_STAMP_CA_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert "MARKTBUND_STAMP_URL" not in environment(Places(tmp_path))
    monkeypatch.setenv("MARKTBUND_STAMP_URL", "https://stamps.example")
    monkeypatch.setenv("MARKTBUND_STAMP_CA_FILE", "/etc/roots.pem")
    asked = environment(Places(tmp_path))
    assert asked["MARKTBUND_STAMP_URL"] == "https://stamps.example"
    assert asked["MARKTBUND_STAMP_CA_FILE"] == "/etc/roots.pem"
