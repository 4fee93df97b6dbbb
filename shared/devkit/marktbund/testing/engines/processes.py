"""Who a process is, and how to end that one and no other.

In: process ids and signals. Out: identities that stay true when the operating system hands the same
pid to somebody else, and when somebody sets the machine's clock: which boot, and how many ticks
after it the process began. The wall clock says nothing about either.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

PRIVATE = 0o077
"""The umask of everything here: orders, mails, quotes and passwords are nobody else's business."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_STATE, _START = 0, 19  # in /proc/<pid>/stat, counted behind the name

# Own children stay here until they are reaped, or their end would be reported as a leak.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class ProcessIdentity:
    """One process for as long as it lives: `ticks` after the start of `boot` it began."""

    pid: int
    boot: str
    ticks: int

    @property
    def alive(self) -> bool:
        """True while exactly this process runs; a zombie does not."""
        child = _children.get(self.pid)
        if child is not None and child.poll() is not None:
            return False
        fields = _stat(self.pid)
        if not fields or int(fields[_START]) != self.ticks or self.boot != _boot():
            return False
        # Java's first thread is a zombie while the others still end: ask wait for own children.
        return child is not None or fields[_STATE] != "Z"

    @property
    def age_seconds(self) -> float:
        """How long ago it began, the machine's sleep included."""
        began = self.ticks / os.sysconf("SC_CLK_TCK")
        return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - began)

    def process(self) -> psutil.Process | None:
        """The live process, to ask it more; None when it has ended."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.pid) if self.alive else None
        return None

    def send(self, number: int) -> None:
        """Send the signal to this process; to nobody when it has ended."""
        with contextlib.suppress(ProcessLookupError):
            handle = os.pidfd_open(self.pid)
            try:
                if self.alive:  # asked after the pid was held: it cannot change hands any more
                    signal.pidfd_send_signal(handle, number)
            finally:
                os.close(handle)


@dataclass(frozen=True)
class Launch:
    """Everything needed to start a program: the account is a user name, None for the caller's."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    directory: str
    log: str
    account: str | None = None
    stop_signal: int = signal.SIGTERM
    grace_seconds: float = 15.0


def identity_of(pid: int) -> ProcessIdentity | None:
    """The identity of a running pid; None when nobody has it."""
    fields = _stat(pid)
    return ProcessIdentity(pid, _boot(), int(fields[_START])) if fields else None


def own_identity() -> ProcessIdentity:
    """The identity of the calling process."""
    return ProcessIdentity(os.getpid(), _boot(), int(_stat(os.getpid())[_START]))


def identity_in(record: Mapping[str, Any] | None) -> ProcessIdentity | None:
    """The identity that was kept as `dataclasses.asdict`; None where the record holds none."""
    try:
        return ProcessIdentity(**(record or {}))
    except TypeError:
        return None


def inherited(*names: str) -> Mapping[str, str]:
    """These variables of the caller, as far as they are set, and a locale that is everywhere."""
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8"}


def spawn(launch: Launch) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own, its output appended to `launch.log`.

    A session of its own keeps a Ctrl-C in the caller's terminal away from it. What it writes is for
    its own account only. Raises OSError when the program cannot be started.
    """
    Path(launch.log).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    reap()
    with open(launch.log, "ab", opener=_private) as log:
        child = subprocess.Popen(
            launch.argv,
            env=launch.environment,
            cwd=launch.directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=PRIVATE,
            user=launch.account,
            group=launch.account,
            extra_groups=None if launch.account is None else [],
        )
    _children[child.pid] = child
    return child


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def reap() -> None:
    """Collect the own children that have ended."""
    for pid, child in list(_children.items()):
        if child.poll() is not None:
            del _children[pid]


def terminate(
    identity: ProcessIdentity, *, grace_seconds: float = 15.0, first: int = signal.SIGTERM
) -> bool:
    """End exactly this process: `first` signal, then SIGKILL after `grace_seconds`.

    Returns True when the process ended by the first signal or was gone already, False when it had
    to be killed. Never touches a process that merely inherited the pid.
    """
    identity.send(first)
    if _ended(identity, grace_seconds):
        return True
    identity.send(signal.SIGKILL)
    _ended(identity, 10.0)
    return False


def terminate_all(ends: list[tuple[ProcessIdentity, int, float]]) -> None:
    """End several processes at once: each with its (first signal, grace seconds), then SIGKILL.

    The waiting times run side by side.
    """
    for identity, first, _ in ends:
        identity.send(first)
    begun = time.monotonic()
    for identity, first, grace in sorted(ends, key=lambda end: end[2]):
        left = max(0.0, begun + grace - time.monotonic())
        if not _ended(identity, left):
            terminate(identity, grace_seconds=0.0, first=first)


def _ended(identity: ProcessIdentity, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while identity.alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    reap()
    return True


def listens(identity: ProcessIdentity, port: int) -> bool:
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


def _boot() -> str:
    return _BOOT.read_text().strip()


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on; empty when there is none."""
    try:
        # The name stands in brackets and may hold anything, brackets too.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
