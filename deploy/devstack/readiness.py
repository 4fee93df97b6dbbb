"""Waits until planned programs answer.

In: a directory whose supervisor runs. Out: once every program listens under its own identity and
says 200 where it has a health path; an error that names what does not come up, with its log.
"""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
from pydantic import BaseModel

from deploy.devstack.program import Program, Running, read_plan, read_state
from marktbund.testing.engines.errors import EngineError, log_tail
from marktbund.testing.engines.postgres import announces_ready
from marktbund.testing.engines.processes import listens

_POLL_SECONDS = 0.05
_HOPELESS_RESTARTS = 4


class Pool(BaseModel):
    """Connections to the database that a program may hold."""

    size: int = 0
    max_overflow: int = 0

    @property
    def most(self) -> int:
        """All of them."""
        return self.size + self.max_overflow


class ProgramHealth(BaseModel):
    """What a program says of itself, beside whether it is ready."""

    pool: Pool | None = None


SILENT = ProgramHealth()
"""Nothing is said."""


def health(program: Program, running: Running | None) -> tuple[bool, ProgramHealth]:
    """(ready, what the program says of itself); never raises, asks for 2 s at most."""
    # What still runs as it was planned before is about to be replaced.
    planned = running is not None and running.fingerprint == program.fingerprint
    if running is None or not planned or not listens(running.identity, program.port):
        return False, SILENT
    if program.data is not None and not announces_ready(Path(program.data), running.identity):
        return False, SILENT
    if program.health is None:
        return True, SILENT
    try:
        answer = httpx.get(f"http://{program.address}{program.health}", timeout=2.0)
        body = answer.json()
        read = ProgramHealth.model_validate(body) if isinstance(body, dict) else SILENT
    except (httpx.HTTPError, ValueError):
        return False, SILENT
    return answer.status_code == 200, read


def wait_ready(
    directory: Path, progress: Callable[[Program], None], *, timeout_seconds: float = 90.0
) -> None:
    """Return once every planned program is ready; `progress` hears of each as it gets there.

    Raises EngineError when the time is over or a program keeps dying.
    """
    waiting = read_plan(directory)
    before = {name: running.restarts for name, running in read_state(directory).items()}
    deadline = time.monotonic() + timeout_seconds
    while waiting:
        state = read_state(directory)
        for program in list(waiting):
            running = state.get(program.name)
            if health(program, running)[0]:
                waiting.remove(program)
                progress(program)
            else:
                died = running.restarts - before.get(program.name, 0) if running else 0
                if died >= _HOPELESS_RESTARTS or time.monotonic() > deadline:
                    raise EngineError(_complaint(program))
        time.sleep(_POLL_SECONDS)


def _complaint(program: Program) -> str:
    log = Path(program.launch.log)
    return f"{program.name} did not become ready; the end of {log}:\n{log_tail(log)}"
