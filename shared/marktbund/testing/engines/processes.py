"""Who a process is, and how to end that one and no other.

In: process ids and signals. Out: identities (pid plus start time) that stay true when the operating
system hands the same pid to somebody else.
"""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

# The start time is derived from the boot time, which moves a little when the clock is corrected.
_START_TOLERANCE_SECONDS = 1.5


# Own children stay here until they are reaped, or their end would be reported as a leak.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Identity:
    """One process for as long as it lives: `started` is seconds since the epoch."""

    pid: int
    started: float

    def process(self) -> psutil.Process | None:
        """The live process, or None when it has ended, is a zombie or the pid went to another."""
        child = _children.get(self.pid)
        if child is not None and child.poll() is not None:
            return None
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) <= _START_TOLERANCE_SECONDS
            # Java's first thread is a zombie while the others still end: ask wait for own children.
            alive = same and (child is not None or process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return None
        return process if alive else None

    @property
    def alive(self) -> bool:
        """True while exactly this process runs."""
        return self.process() is not None


@dataclass(frozen=True)
class Launch:
    """Everything needed to start a program: the account is a user name, None for the caller's."""

    argv: tuple[str, ...]
    environment: dict[str, str]
    directory: str
    log: str
    account: str | None = None
    stop_signal: int = signal.SIGTERM
    grace_seconds: float = 15.0


def identity_of(pid: int) -> Identity | None:
    """The identity of a running pid; None when nobody has it."""
    try:
        return Identity(pid, psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def own_identity() -> Identity:
    """The identity of the calling process."""
    return Identity(os.getpid(), psutil.Process().create_time())


def spawn(launch: Launch) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own, its output appended to `launch.log`.

    A session of its own keeps a Ctrl-C in the caller's terminal away from it. Raises OSError when
    the program cannot be started.
    """
    Path(launch.log).parent.mkdir(parents=True, exist_ok=True)
    reap()
    with Path(launch.log).open("ab") as log:
        child = subprocess.Popen(
            launch.argv,
            env=launch.environment,
            cwd=launch.directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=launch.account,
            group=launch.account,
            extra_groups=None if launch.account is None else [],
        )
    _children[child.pid] = child
    return child


def reap() -> None:
    """Collect the own children that have ended."""
    for pid, child in list(_children.items()):
        if child.poll() is not None:
            del _children[pid]


def terminate(
    identity: Identity, *, grace_seconds: float = 15.0, first: int = signal.SIGTERM
) -> bool:
    """End exactly this process: `first` signal, then SIGKILL after `grace_seconds`.

    Returns True when the process ended by the first signal or was gone already, False when it had
    to be killed. Never touches a process that merely inherited the pid.
    """
    process = identity.process()
    if process is None:
        return True
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(first)
        if _ended(identity, grace_seconds):
            return True
        process.kill()
        _ended(identity, 10.0)
        return False
    return True


def terminate_all(ends: list[tuple[Identity, int, float]]) -> None:
    """End several processes at once: each with its (first signal, grace seconds), then SIGKILL.

    The waiting times run side by side.
    """
    for identity, first, _ in ends:
        _send(identity, first)
    begun = time.monotonic()
    for identity, first, grace in sorted(ends, key=lambda end: end[2]):
        left = max(0.0, begun + grace - time.monotonic())
        if not _ended(identity, left):
            terminate(identity, grace_seconds=0.0, first=first)


def _send(identity: Identity, number: int) -> None:
    process = identity.process()
    with contextlib.suppress(psutil.NoSuchProcess):
        if process is not None:
            process.send_signal(number)


def _ended(identity: Identity, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while identity.alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    reap()
    return True


def listens(identity: Identity, port: int) -> bool:
    """True when this very process listens on the TCP port: an open port may be someone else's."""
    process = identity.process()
    if process is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return any(
            connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
            for connection in process.net_connections(kind="tcp")
        )
    return False
