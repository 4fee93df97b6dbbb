"""Every distribution's wheel holds what its folder holds: each module, template and migration."""

import shutil
import subprocess
import sys
from dataclasses import replace
from email.parser import BytesParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from deploy.devstack.deployment import REPOSITORY
from deploy.distributions import LEFT_OUT, distributions
from deploy.wheels import BuildError, build

OWN = distributions()
NO_PART_OF_IT = ("CHANGELOG.md", "tests/", "npm/", "README.md", "pyproject.toml", "Dockerfile")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("wheels")
    subprocess.run(
        [sys.executable, "-m", "deploy.wheels", folder],
        cwd=REPOSITORY,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return {file.name.split("-")[0].replace("_", "-"): file for file in folder.iterdir()}


def written(folder: Path) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "."],
        cwd=folder,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    there = {name for name in listed if name and (folder / name).is_file()}
    return {name for name in there if not name.startswith(NO_PART_OF_IT)}


def packed(wheel: Path) -> set[str]:
    """What a wheel installs, by the names it has in its folder."""
    with ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
    return {
        name.split("/share/marktbund/")[1].partition("/")[2] if ".data/" in name else name
        for name in names
    }


def test_every_distribution_has_a_wheel(wheels: dict[str, Path]):
    assert wheels.keys() == OWN.keys()


@pytest.mark.parametrize("name", OWN)
def test_a_wheel_is_complete(wheels: dict[str, Path], name: str):
    held = {file for file in packed(wheels[name]) if "/static/" not in file}
    assert held == written(OWN[name].folder)


def test_files_that_npm_brought_go_along(tmp_path: Path):
    portal = OWN["marktbund-portal"]
    copy = replace(portal, folder=tmp_path / "portal")
    shutil.copytree(portal.folder, copy.folder, ignore=shutil.ignore_patterns(*LEFT_OUT, "static"))
    font = "portal/static/kern/fonts/fira-sans/planted.woff2"
    (copy.folder / font).parent.mkdir(parents=True)
    (copy.folder / font).touch()
    (wheel,) = build([copy], tmp_path / "wheels")
    assert font in packed(wheel)


@pytest.mark.parametrize("name", OWN)
def test_a_wheel_says_its_version_and_what_it_needs(wheels: dict[str, Path], name: str):
    with ZipFile(wheels[name]) as opened:
        metadata = next(file for file in opened.namelist() if file.endswith(".dist-info/METADATA"))
        head = BytesParser().parsebytes(opened.read(metadata))
    assert (head["Name"], head["Version"]) == (name, OWN[name].version)
    asked = {Requirement(line) for line in head.get_all("Requires-Dist", [])}
    assert asked == set(OWN[name].requires.values())


def test_a_folder_without_a_wheel_is_named_with_what_setuptools_says(tmp_path: Path):
    broken = replace(OWN["marktbund-contracts"], folder=tmp_path / "broken", name="broken")
    broken.folder.mkdir()
    (broken.folder / "pyproject.toml").write_text("[project]\nname = 1\n")
    with pytest.raises(BuildError, match=r"(?s)broken: .*must contain"):
        build([broken], tmp_path / "wheels")
