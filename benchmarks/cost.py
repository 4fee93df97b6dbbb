"""What something costs: CPU seconds per part of the platform, and how busy the machine was before.

In: a running platform. Out: seconds by part, differences of two readings, quantiles, one last line.
"""

import os
import platform as machine
import resource
from collections.abc import Iterable, Mapping
from statistics import median, quantiles

import psutil

from tests.running import SERVICES, Platform


def spent(platform: Platform, service: str) -> Mapping[str, float]:
    """CPU seconds so far: the service, all others, PostgreSQL, Kafka, and our own children.

    Children (load generator, pgbench, bare loop) count once they have ended.
    """
    others = [name.replace("-", "_") for name in SERVICES if name != service]
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "service": _seconds(platform, [service]),
        "others": _seconds(platform, [*others, "issuer"]),
        "postgres": _postgres(platform.process("postgres").pid),
        "kafka": _seconds(platform, ["kafka"]),
        "client": own.ru_utime + own.ru_stime,
    }


def since(platform: Platform, before: Mapping[str, float], service: str) -> Mapping[str, float]:
    """CPU seconds since a reading."""
    return {part: now - before[part] for part, now in spent(platform, service).items()}


def _seconds(platform: Platform, names: Iterable[str]) -> float:
    total = 0.0
    for name in names:
        try:
            times = psutil.Process(platform.process(name).pid).cpu_times()
        except (psutil.NoSuchProcess, LookupError):
            continue  # not running in this part of the benchmark
        total += times.user + times.system
    return total


def _postgres(pid: int) -> float:
    postmaster = psutil.Process(pid)
    own = postmaster.cpu_times()
    # Backends that ended are in the postmaster's children times, those that live are not.
    total = own.user + own.system + own.children_user + own.children_system
    for child in postmaster.children():
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def p50_p99(seconds: Iterable[float]) -> tuple[float, float]:
    """Median and 99th percentile."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[98]


def describe_machine() -> str:
    """The machine and its load before the run; a load above a tenth of a core is not quiet."""
    load = os.getloadavg()[0]
    model = next(
        (line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")),
        machine.processor(),
    )
    quiet = "quiet" if load < 0.1 * (os.cpu_count() or 1) else "NOT quiet"
    return f"machine: {os.cpu_count()} x {model}, load average before the run {load:.2f} ({quiet})"


def _cpuinfo() -> list[str]:
    with open("/proc/cpuinfo") as file:  # noqa: PTH123 - a kernel file of unknown length
        return file.read().splitlines()


def middle(figures: Iterable[Mapping[str, float]]) -> Mapping[str, float]:
    """The median of every figure over the rounds."""
    rounds = list(figures)
    return {name: median(of_round[name] for of_round in rounds) for name in rounds[0]}


def last_line(name: str, against: str, figures: Mapping[str, float]) -> str:
    """The line a benchmark ends with; `ours` and `theirs` are the first two figures."""
    ratio = figures["ours"] / figures["theirs"]
    listed = " ".join(f"{key}={value:.4g}" for key, value in figures.items())
    return f"name={name} ratio={ratio:.3f} against={against} {listed}"
