"""A machine whose clock is set knows the processes it started before.

The kernel's boot time, from which wall-clock start times are computed, moves with every step of the
clock: here another process reads it one hour later or five seconds earlier.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.devstack.program import read_state, supervisor_of, write_plan
from deploy.devstack.readiness import wait_ready
from deploy.devstack.supervising import ensure_supervisor, python_path

_KNOWS = """
import psutil, sys
from pathlib import Path
from deploy.devstack.program import holds_port, read_state, supervisor_of
from deploy.devstack.supervising import anything_runs, end_all
psutil.PROCFS_PATH = sys.argv[1]
directory, port = Path(sys.argv[2]), int(sys.argv[3])
running = read_state(directory)["dummy"].identity
known = supervisor_of(directory) is not None, running.alive
print(*known, holds_port(directory, port), anything_runs(directory))
end_all(directory)
print(supervisor_of(directory), running.alive)
"""
_SWEEPS = """
import psutil, sys
from marktbund.testing.engines.selection import temporary_directory
with temporary_directory() as held:
    psutil.PROCFS_PATH = sys.argv[1]
    with temporary_directory():
        print(held.is_dir())
"""


_STEPS = pytest.mark.parametrize(
    "step", [pytest.param(3600, id="an hour forward"), pytest.param(-5, id="five seconds back")]
)


def _proc_after(step, directory):
    """The kernel's files as they are now, with the boot time of a machine whose clock was set."""
    directory.mkdir()
    for entry in Path("/proc").iterdir():
        (directory / entry.name).symlink_to(entry)
    lines = Path("/proc/stat").read_text().splitlines()
    (boot,) = (line for line in lines if line.startswith("btime "))
    moved = [f"btime {int(boot.split()[1]) + step}" if x == boot else x for x in lines]
    (directory / "stat").unlink()
    (directory / "stat").write_text("\n".join(moved) + "\n")
    return directory


def _lines(script, *arguments, **environment):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    known = {**os.environ, "PYTHONPATH": python_path(), **environment}
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=known)
    return answer.stdout.splitlines()


@_STEPS
def test_down_and_status_know_what_was_started_before(step, tmp_path, supervised, dummy):
    write_plan(supervised, [dummy])
    ensure_supervisor(supervised)
    wait_ready(supervised, lambda _: None, timeout_seconds=15.0)
    running, supervisor = read_state(supervised)["dummy"].identity, supervisor_of(supervised)
    proc = _proc_after(step, tmp_path / "proc")
    known, ended = _lines(_KNOWS, proc, supervised, dummy.port)
    assert known == "True True True True"
    assert ended == "None False"
    assert not running.alive
    assert not supervisor.alive


@_STEPS
def test_living_engines_of_another_run_are_not_swept_away(step, tmp_path):
    proc = _proc_after(step, tmp_path / "proc")
    assert _lines(_SWEEPS, proc, TMPDIR=str(tmp_path)) == ["True"]
