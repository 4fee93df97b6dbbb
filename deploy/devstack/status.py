"""The table behind `make status`: what runs, where, how well, at what cost.

In: the stack's places. Out: a table per supervised directory and the connection budget.
"""

import time
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from deploy.devstack.deployment import Places
from deploy.devstack.program import Program, Running, read_plan, read_state, supervisor_of
from deploy.devstack.readiness import ProgramHealth, health
from marktbund.testing.engines.postgres import MAX_CONNECTIONS

_COLUMNS = ("process", "pid", "address", "health", "RSS MB", "CPU %", "uptime", "restarts", "pool")


def show_status(places: Places, console: Console, sample_seconds: float = 1.0) -> bool:
    """Print every process of the stack; True when everything planned is ready.

    CPU is what each used in the `sample_seconds` before the table, supervisors in the sum.
    """
    cpu = _cpu_of(places, sample_seconds)
    connections, healthy, total = 0, True, sum(cpu.values())
    for directory in places.supervised():
        if not (directory / "plan.json").exists() or supervisor_of(directory) is None:
            continue
        table = Table(*_COLUMNS, title=directory.name, title_justify="left")
        for program in read_plan(directory):
            running = read_state(directory).get(program.name)
            ready, body = health(program, running)
            healthy = healthy and ready
            connections += body.pool.most if body.pool else 0
            share = cpu.get(running.identity.pid, 0.0) if running else 0.0
            table.add_row(*_row(program, running, ready, body, share))
        console.print(table)
    console.print(f"connection budget: {connections} of {MAX_CONNECTIONS} in pools")
    console.print(f"CPU of all programs over {sample_seconds:.0f} s: {total:.1f} % of one core")
    return healthy


def _row(
    program: Program, running: Running | None, ready: bool, body: ProgramHealth, share: float
) -> list[str]:
    if running is None or not running.identity.alive:
        return [program.name, "-", program.address, "down", "-", "-", "-", "-", "-"]
    return [
        program.name,
        str(running.identity.pid),
        program.address,
        "ready" if ready else "not ready",
        f"{_memory(running):.0f}",
        f"{share:.1f}",
        _duration(running.identity.age_seconds),
        str(running.restarts),
        str(body.pool.most) if body.pool else "-",
    ]


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _memory(running: Running) -> float:
    # PostgreSQL's processes share most of their memory: the private part is what each adds.
    total = 0
    for process in _family(running.identity.pid):
        try:
            info = process.memory_info()
            total += info.rss - getattr(info, "shared", 0)
        except psutil.Error:
            continue
    return total / 2**20


def _cpu_of(places: Places, sample_seconds: float) -> dict[int, float]:
    programs, supervisors = [], []
    for directory in places.supervised():
        states = read_state(directory).values()
        programs += [running.identity.pid for running in states if running.identity.alive]
        supervisor = supervisor_of(directory)
        supervisors += [supervisor.pid] if supervisor is not None else []

    def used() -> dict[int, float]:
        own = {pid: _seconds(_family(pid)[:1]) for pid in supervisors}
        return own | {pid: _seconds(_family(pid)) for pid in programs}

    before = used()
    time.sleep(sample_seconds)
    after = used()
    return {pid: max(0.0, (after[pid] - before[pid]) / sample_seconds * 100) for pid in before}


def _seconds(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
            total += times.user + times.system
        except psutil.Error:
            continue
    return total


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def log_files(places: Places, only: str | None = None) -> list[Path]:
    """The logs of everything planned, or of the one program called `only`."""
    files = []
    for directory in places.supervised():
        files += [
            Path(program.launch.log)
            for program in read_plan(directory)
            if only in {None, program.name}
        ]
    return files
