"""`make doctor`: what this machine lacks for `make up` and `make test`, in plain words.

Runs on any Python 3.8 before anything is installed, with the standard library alone. In: the
machine. Out: a line for each thing looked at; exit code 1 when `make up` could not work.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GIB = 1024**3
LEAST_MEMORY, LEAST_DISK = 4 * GIB, 5 * GIB
LEAST_FILES = 4096
"""Open files a process may have: the broker keeps its segments open."""
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Machine:
    """What was looked at. memory, disk: bytes; registry: whether pip finds packages, None when
    everything is installed already and nobody was asked.
    """

    python: tuple[int, int]
    has_venv: bool
    system: str
    processor: str
    libc: tuple[int, ...]
    cores: int
    memory: int
    disk: int
    open_files: int
    writable: tuple[str, ...]
    """Folders that nothing can be written to."""
    loopback: bool
    registry: bool | None
    programs: tuple[str, ...]
    may_install: bool
    """Root with apt-get: the browser tests bring their own Chromium."""


@dataclass(frozen=True)
class Remedy:
    """Something that lacks. needed: without it `make up` does not work."""

    lack: str
    way_out: str
    needed: bool = True


def advise(machine: Machine) -> list[Remedy]:
    """Everything that lacks, what is needed first."""
    every = [*_python(machine), *_room(machine), *_ways(machine), *_for_tests(machine)]
    return sorted(every, key=lambda advice: not advice.needed)


def _python(machine: Machine) -> list[Remedy]:
    advice = []
    if machine.system != "Linux" or machine.processor not in {"x86_64", "aarch64"}:
        where = f"{machine.system} on {machine.processor}"
        advice.append(Remedy(f"the engines come as programs for Linux, not {where}", "use Linux"))
    elif machine.libc < (2, 28):
        version = ".".join(map(str, machine.libc)) or "another"
        advice.append(Remedy(f"glibc 2.28 or later; this is {version}", "use a newer system"))
    if machine.python < (3, 11):
        version = ".".join(map(str, machine.python))
        way_out = "install it, or name one: make up PYTHON=/path/to/python3.11"
        advice.append(Remedy(f"Python 3.11 or later; this is {version}", way_out))
    elif not machine.has_venv:
        advice.append(Remedy("Python's venv module", "Debian: apt-get install python3-venv"))
    return advice


def _room(machine: Machine) -> list[Remedy]:
    advice = []
    if machine.memory < LEAST_MEMORY:
        held = f"{machine.memory / GIB:.1f}"
        advice.append(Remedy(f"4 GiB of memory; there are {held}", "give it more"))
    if machine.disk < LEAST_DISK:
        free = f"{machine.disk / GIB:.1f}"
        advice.append(Remedy(f"5 GiB of free disk; there are {free}", "make room"))
    if machine.open_files < LEAST_FILES:
        lack = f"{LEAST_FILES:,} open files a process; {machine.open_files:,} are allowed"
        advice.append(Remedy(lack, f"ulimit -n {LEAST_FILES}"))
    if machine.cores < 2:
        advice.append(Remedy("a second core: everything takes twice as long", "wait", needed=False))
    return advice


def _ways(machine: Machine) -> list[Remedy]:
    advice = [
        Remedy(f"the right to write in {folder}", "check its owner and the file system")
        for folder in machine.writable
    ]
    if not machine.loopback:
        advice.append(Remedy("a port on 127.0.0.1", "bring the loopback interface up"))
    if machine.registry is False:
        way_out = "check the network and pip's settings; npm and Maven are asked later, too"
        advice.append(Remedy("an answer from Python's package registry", way_out))
    return advice


def _for_tests(machine: Machine) -> list[Remedy]:
    advice = []
    if "git" not in machine.programs:
        advice.append(Remedy("git: tests ask it for the tree's files", "install it", needed=False))
    if "cc" not in machine.programs:
        lack = "a C compiler: a test sets the clock of running programs"
        advice.append(Remedy(lack, "Debian: apt-get install gcc libc6-dev", needed=False))
    if not set(CHROMIUMS) & set(machine.programs) and not machine.may_install:
        lack = "Chromium: the browser tests need it"
        advice.append(Remedy(lack, "Debian: apt-get install chromium", needed=False))
    return advice


def look() -> Machine:
    """The machine at hand, in a second or two."""
    installed = (ROOT / ".venv" / ".installed").exists()
    named = ("git", "cc", *CHROMIUMS)
    return Machine(
        python=sys.version_info[:2],
        has_venv=_imports("venv") and _imports("ensurepip"),
        system=platform.system(),
        processor=platform.machine(),
        libc=_libc(),
        cores=os.cpu_count() or 1,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        disk=shutil.disk_usage(ROOT).free,
        open_files=_open_files(),
        writable=tuple(str(folder) for folder in _folders() if not _can_write(folder)),
        loopback=_listens(),
        registry=None if installed else _registry(),
        programs=tuple(name for name in named if shutil.which(name)),
        may_install=os.geteuid() == 0 and shutil.which("apt-get") is not None,
    )


def _imports(module: str) -> bool:
    command = [sys.executable, "-c", f"import {module}"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _libc() -> tuple[int, ...]:
    name, version = platform.libc_ver()
    return tuple(int(part) for part in version.split(".")) if name == "glibc" else ()


def _open_files() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = 1_048_576
    return min(limit if limit != resource.RLIM_INFINITY else unlimited for limit in (soft, hard))


def _folders() -> list[Path]:
    return [ROOT, Path.home(), Path(tempfile.gettempdir())]


def _can_write(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _listens() -> bool:
    try:
        with socket.create_server(("127.0.0.1", 0)):
            return True
    except OSError:
        return False


def _registry() -> bool:
    ask = ["-m", "pip", "--disable-pip-version-check", "--timeout", "10", "--retries", "0"]
    command = [sys.executable, *ask, "index", "versions", "pip"]
    try:
        asked = subprocess.run(command, check=False, capture_output=True, timeout=30)
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


def report(advice: list[Remedy]) -> str:
    """The lines a person reads."""
    if not advice:
        return "nothing lacks: make up, then open what its last line says\n"
    marks = {True: "lacks", False: "for tests"}
    lines = [f"{marks[item.needed]}: {item.lack}\n    {item.way_out}\n" for item in advice]
    ready = "" if any(item.needed for item in advice) else "make up works\n"
    return "".join(lines) + ready


def main() -> int:
    """Look, advise, print."""
    advice = advise(look())
    sys.stdout.write(report(advice))
    return 1 if any(item.needed for item in advice) else 0


if __name__ == "__main__":
    sys.exit(main())
