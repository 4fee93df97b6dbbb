"""Starts and ends the supervisor of one directory, and finds what it may have left behind.

In: a directory with a plan. Out: a live supervisor, or nothing left of it and its programs.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import psutil

from deploy.devstack.deployment import REPOSITORY
from deploy.devstack.program import (
    MARKER,
    Program,
    names_supervisor,
    read_plan,
    read_state,
    supervisor_of,
    write_plan,
)
from marktbund.testing.engines.errors import EngineError, log_tail
from marktbund.testing.engines.processes import (
    Launch,
    ProcessIdentity,
    identity_of,
    spawn,
    terminate,
    terminate_all,
)

_STOP_SECONDS = 40.0


def ensure_supervisor(directory: Path) -> ProcessIdentity:
    """A live supervisor that has seen the newest plan.

    Raises EngineError with the end of its log when it does not come up within 15 s.
    """
    known = supervisor_of(directory)
    if known is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(known.pid, signal.SIGHUP)
            return known
    if not names_supervisor(directory):
        end_all(directory)  # what nobody can name any more is known by its mark
    log = directory / "logs" / "supervisor.log"
    launch = Launch(
        argv=(sys.executable, "-m", "deploy.devstack.supervisor", str(directory)),
        environment={**os.environ, MARKER: str(directory), "PYTHONPATH": python_path()},
        directory=str(REPOSITORY),
        log=str(log),
    )
    spawn(launch)
    deadline = time.monotonic() + 15.0
    while time.monotonic() < deadline:
        known = supervisor_of(directory)
        if known is not None:
            return known
        time.sleep(0.02)
    raise EngineError(f"the supervisor did not start:\n{log_tail(log)}")


def halt(directory: Path, names: set[str]) -> list[Program]:
    """Take programs out of the plan and wait until they have ended; returns the plan as it was.

    Raises EngineError when one is still there after 40 s.
    """
    before = read_plan(directory)
    write_plan(directory, [program for program in before if program.name not in names])
    ensure_supervisor(directory)
    deadline = time.monotonic() + _STOP_SECONDS
    while left := names & read_state(directory).keys():
        if time.monotonic() > deadline:
            raise EngineError(f"still running: {', '.join(sorted(left))}")
        time.sleep(0.05)
    return before


def python_path() -> str:
    """The import path of this process, so that children find the same packages."""
    return os.pathsep.join(path for path in sys.path if path)


def end_all(directory: Path) -> int:
    """End the supervisor and every program of the directory; returns how many were left to end.

    Works too when the supervisor was killed or its files were deleted: a process is known by its
    identity or by the mark in its environment.
    """
    supervisor = supervisor_of(directory)
    if supervisor is not None:
        terminate(supervisor, grace_seconds=_STOP_SECONDS)
    launches = {program.name: program.launch for program in read_plan(directory)}
    ends: list[tuple[ProcessIdentity, int, float]] = []
    for name, running in read_state(directory).items():
        if running.identity.alive:
            how = launches.get(name)
            stop = how.stop_signal if how else signal.SIGTERM
            ends.append((running.identity, stop, how.grace_seconds if how else 10.0))
    terminate_all(ends)
    strays = marked_processes(directory)
    terminate_all([(stray, signal.SIGTERM, 5.0) for stray in strays])
    return len(ends) + len(strays)


def marked_processes(directory: Path) -> list[ProcessIdentity]:
    """Every live process that carries the directory's mark, supervisors among them."""
    marked = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARKER) == str(directory):
                identity = identity_of(process.pid)
                if identity is not None and identity.alive and process.pid != os.getpid():
                    marked.append(identity)
    return marked


def anything_runs(directory: Path) -> bool:
    """True when the directory has a supervisor or a program that runs."""
    if supervisor_of(directory) is not None:
        return True
    return any(running.identity.alive for running in read_state(directory).values())
