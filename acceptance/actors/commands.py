"""Runs a service's own command line with the environment its running process was started with."""

import subprocess

from deploy.devstack.deployment import REPOSITORY, Deployment, Places
from deploy.devstack.program import read_plan

_TIMEOUT_SECONDS = 300.0


class CommandError(Exception):
    """A service's command printed nothing; the message carries its complaint."""


def service_command(
    deployment: Deployment, places: Places, service: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """What `python -m <service>.main <arguments>` printed, and its exit code.

    Raises StopIteration when the service is not planned, subprocess.TimeoutExpired after 5 min.
    """
    plan = read_plan(places.of(deployment))
    launch = next(program.launch for program in plan if program.name == service)
    return subprocess.run(
        [launch.argv[0], "-m", f"{service}.main", *arguments],
        env=launch.environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        check=False,
    )
