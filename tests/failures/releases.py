"""Another state of the tree beside this one: what runs during a rolling upgrade.

In: a commit. Out: its services and platform in a folder, and programs of the deployment started
from there. Third-party packages are those of this environment.
"""

import os
import subprocess
import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Literal

from deploy.devstack.deployment import REPOSITORY
from deploy.devstack.program import Program
from deploy.devstack.supervising import python_path
from tests.failures import processes
from tests.running import Platform

Role = Literal["api", "worker"]
BEFORE = "be55ac844de0f469b317f403eb833911096ac9f5"
"""The state before this one that deployments run; its migrations are the first of today's."""


def has(commit: str) -> bool:
    """Whether this clone has the commit; a shallow one may not."""
    command = ["git", "cat-file", "-e", f"{commit}^{{commit}}"]
    asked = subprocess.run(command, cwd=REPOSITORY, check=False, capture_output=True)
    return asked.returncode == 0


def unpack(commit: str, folder: Path) -> None:
    """Put the services and the platform of a commit into a folder."""
    command = ["git", "archive", "--format=tar", commit, "services", "shared"]
    archive = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as opened:
        opened.extractall(folder, filter="data")


def import_path(folder: Path) -> str:
    """What programs of the folder import first; after it, what they import today."""
    shared = [package.parent for package in sorted(folder.glob("shared/**/marktbund"))]
    parts = [*shared, *sorted((folder / "services").iterdir())]
    return os.pathsep.join([*map(str, parts), python_path()])


def imported(platform: Platform, package: str, role: Role, module: str) -> str:
    """The file that a program of the deployment would import a module from."""
    name = processes.worker(package) if role == "worker" else package
    launch = next(p.launch for p in processes.programs(platform) if p.name == name)
    question = f"import {module}; print({module}.__file__)"
    command = [launch.argv[0], "-c", question]
    return subprocess.run(
        command,
        env=launch.environment,
        cwd=launch.directory,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


async def run_from(platform: Platform, folder: Path | None, role: Role) -> None:
    """Let all services' programs of a role run from a folder; None: from this tree again."""
    path = python_path() if folder is None else import_path(folder)
    names = {processes.worker(p) if role == "worker" else p for p in processes.PACKAGES}

    def moved(program: Program) -> Program:
        if program.name not in names:
            return program
        environment = {**program.launch.environment, "PYTHONPATH": path}
        return replace(program, launch=replace(program.launch, environment=environment))

    planned = processes.programs(platform)
    await processes.follow(platform, [moved(program) for program in planned])
    await processes.ready(platform)
