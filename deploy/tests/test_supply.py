"""What is run and is no wheel: images by digest once pinned, and a bill of all materials."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import images, sbom
from deploy.devstack.deployment import REPOSITORY
from deploy.devstack.supervising import python_path

DIGEST = f"sha256:{'ab' * 32}"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return Path(shutil.copy(images.LIST, tmp_path))


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Docker that knows one image; what it was asked is beside it."""
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n'
        f'case "$*" in *postgres*) echo {DIGEST};; *) echo "no such host" >&2; exit 1;; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return tmp_path / "asked"


def test_an_image_is_pinned_where_a_registry_answers_and_the_others_are_named(
    listed: Path, docker: Path
):
    pinned = images.pin(listed)
    assert len(docker.read_text().splitlines()) == len(pinned) == 5
    assert images.images(listed) == pinned
    assert pinned["postgres"] == {"name": "postgres:18.4", "digest": DIGEST}
    variables = images.variables(pinned)
    assert variables["MARKTBUND_IMAGE_POSTGRES"] == f"postgres:18.4@{DIGEST}"
    assert variables["MARKTBUND_IMAGE_CADDY"] == pinned["caddy"]["name"]
    assert images.not_pinned(pinned) == [at["name"] for p, at in pinned.items() if p != "postgres"]


@pytest.mark.usefixtures("docker")
def test_a_digest_is_kept_while_no_registry_answers(listed: Path):
    known = images.images(listed)
    known["kafka"]["digest"] = DIGEST
    listed.write_text(json.dumps(known))
    assert images.pin(listed)["kafka"]["digest"] == DIGEST


def test_the_bill_names_python_jars_npm_and_images(tmp_path: Path):
    file = tmp_path / "sbom.cdx.json"
    done = subprocess.run(
        [sys.executable, "-m", "deploy.sbom", str(file)],
        env={**os.environ, "PYTHONPATH": python_path()},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    made = json.loads(file.read_text())
    assert done.stdout == f"{len(made['components'])} components in {file}\n"
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    parts = {component["purl"]: component for component in made["components"]}
    assert len(parts) == len(made["components"])
    kafka = parts["pkg:maven/org.apache.kafka/kafka_2.13@4.3.1?type=jar"]
    assert len(kafka["hashes"][0]["content"]) == 64
    htmx = parts["pkg:npm/htmx.org@2.0.11"]
    assert (htmx["hashes"][0]["alg"], len(htmx["hashes"][0]["content"])) == ("SHA-512", 128)
    assert parts["pkg:docker/postgres@18.4"]["type"] == "container"
    scopes = {purl: part["scope"] for purl, part in parts.items() if purl.startswith("pkg:pypi/")}
    (service,) = (scope for purl, scope in scopes.items() if purl.startswith("pkg:pypi/asyncpg@"))
    (tool,) = (scope for purl, scope in scopes.items() if purl.startswith("pkg:pypi/pytest@"))
    assert (service, tool) == ("required", "excluded")
    listed = (REPOSITORY / "requirements/main.txt").read_text().count("==")
    assert list(scopes.values()).count("required") == listed


def test_the_same_locks_make_the_same_bill():
    first, second = sbom.bill(), sbom.bill()
    assert first["components"] == second["components"]
    assert first["serialNumber"] != second["serialNumber"]
