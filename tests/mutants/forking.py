"""Runs pytest many times in one tree: what every run imports is imported once, each run is a fork.

Reads a line of JSON per run from standard input, `{"tests": [...], "limit": seconds}`, answers with
`{"code": pytest's exit code or null for a time-out, "seconds": ..., "output": ...}`.
"""

import importlib
import json
import os
import pkgutil
import signal
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import NoReturn

LIBRARIES = (
    "aiokafka",
    "alembic.command",
    "asyncpg",
    "fastapi",
    "faststream.kafka",
    "httpx",
    "hypothesis.strategies",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.dialects.postgresql.asyncpg",
)
_OPTIONS = (
    *("-x", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=line"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)


def preload_pytest() -> None:
    """Import pytest with its plugins."""
    importlib.import_module("pytest")
    for plugin in entry_points(group="pytest11"):
        with suppress(ImportError):
            plugin.load()


def preload_house() -> None:
    """Import what no mutant changes: libraries, and what the services share."""
    for name in LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)
    with suppress(ImportError):
        package = importlib.import_module("marktbund")
        for module in pkgutil.walk_packages(package.__path__, "marktbund."):
            if not module.name.endswith("__main__"):
                with suppress(ImportError):
                    importlib.import_module(module.name)


def run(tests: list[str], limit: float) -> dict[str, object]:
    """One run in a child of its own session, whose children end with it."""
    with tempfile.NamedTemporaryFile() as output:
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            _tested(output.fileno(), [*_OPTIONS, f"--timeout={limit / 2:.0f}", *tests])
        code = _awaited(child, begun + limit)
        text = Path(output.name).read_text(errors="replace")
    return {"code": code, "seconds": time.monotonic() - begun, "output": text[-2000:]}


def _tested(output: int, arguments: list[str]) -> NoReturn:
    code = 3
    try:
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        import pytest  # noqa: PLC0415 - imported by now, without the parent needing its name

        code = int(pytest.main(arguments))
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - a fork must never go on as its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _awaited(child: int, until: float) -> int | None:
    try:
        return _code_of(child, until)
    except KeyboardInterrupt:
        # It has a session of its own and did not hear; so interrupted, pytest ends its engines.
        os.killpg(child, signal.SIGINT)
        os.waitpid(child, 0)
        raise


def _code_of(child: int, until: float) -> int | None:
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(0.02)


def serve() -> None:
    """Answer until standard input ends."""
    sys.path.insert(0, str(Path.cwd()))
    preload_pytest()
    if "preloaded" in sys.argv:
        preload_house()
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(run(asked["tests"], asked["limit"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        serve()
