"""The tree keeps what was released, and can tell what it changed since."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.contracts import releases
from deploy.contracts.comparison import Compatibility, compare
from tests.architecture.tree import ROOT


@pytest.mark.parametrize("release", releases.released(), ids=lambda release: release["version"])
def test_the_tree_breaks_no_release(release: dict):
    changes = compare(release, releases.current())
    assert [change for change in changes if change.verdict is Compatibility.BREAKING] == []


def test_the_first_release_is_kept_whole():
    first = releases.released()[0]
    assert first["version"] == "0.1.0"
    assert (len(first["types"]), len(first["topics"])) == (30, 15)


def test_a_release_is_written_once(tmp_path: Path):
    file = releases.write(tmp_path)
    assert file.name == f"{releases.version()}.json"
    assert json.loads(file.read_bytes()) == releases.current()
    with pytest.raises(FileExistsError):
        releases.write(tmp_path)


def test_releases_are_in_the_order_of_their_numbers(tmp_path: Path):
    for version in ("0.10.0", "0.9.0", "0.1.0"):
        (tmp_path / f"{version}.json").write_text(json.dumps({"version": version}))
    versions = [release["version"] for release in releases.released(tmp_path)]
    assert versions == ["0.1.0", "0.9.0", "0.10.0"]


def test_the_command_prints_the_comparison():
    compared = subprocess.run(
        [sys.executable, "-m", "deploy.contracts", "compare"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert f"against {releases.released()[-1]['version']}: 0 breaking, " in compared.stdout
