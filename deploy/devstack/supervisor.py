"""Keeps the programs of one directory running: `python -m deploy.devstack.supervisor <directory>`.

In: `plan.json`, SIGHUP (read it again), SIGTERM (end everything). Out: running programs and
`state.json`. A program that dies is started again, first at once, then with growing pauses; a new
supervisor adopts what a killed one left running.
"""

import contextlib
import fcntl
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from deploy.devstack.program import (
    Program,
    Running,
    read_plan,
    read_state,
    write_state,
)
from marktbund.testing.engines.processes import (
    Launch,
    ProcessIdentity,
    identity_of,
    own_identity,
    reap,
    spawn,
    terminate_all,
)

_PAUSES_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0)
_STEADY_SECONDS = 20.0
_LOOK_SECONDS = 1.0


@dataclass
class Watched:
    """One program under watch: `started` and `due` are monotonic seconds."""

    program: Program
    running: Running | None = None
    adopted: bool = False
    started: float = 0.0
    due: float = 0.0
    failures: int = 0
    restarts: int = 0


@dataclass
class Supervisor:
    """The programs of one directory and what was asked of them by signals."""

    directory: Path
    own: ProcessIdentity
    watched: dict[str, Watched] = field(default_factory=dict)
    stopping: bool = False
    reload: bool = True

    def run(self) -> None:
        """Watch until asked to stop, then end every program."""
        with self._signals() as wakeup:
            self._adopt()
            while not self.stopping:
                if self.reload:
                    self.reload = False
                    self._follow_plan()
                self._look()
                select.select([wakeup], [], [], self._pause())
                with contextlib.suppress(BlockingIOError):
                    os.read(wakeup, 4096)
            self._end(list(self.watched.values()))
            self._write()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[int]:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGHUP, lambda *_: setattr(self, "reload", True))
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_: setattr(self, "stopping", True))
        yield reading

    def _pause(self) -> float:
        now = time.monotonic()
        waits = [watch.due - now for watch in self.watched.values() if watch.running is None]
        if any(watch.adopted for watch in self.watched.values()):
            waits.append(_LOOK_SECONDS)  # the end of a process that is not our child is not told
        return max(0.0, min([*waits, 60.0]))

    def _adopt(self) -> None:
        planned = {program.name: program for program in read_plan(self.directory)}
        for name, running in read_state(self.directory).items():
            if running.identity.alive:
                program = planned.get(name, Program(name, _UNKNOWN, 0))
                if program.fingerprint != running.fingerprint:
                    # Never equal to what is planned, so it makes room for that.
                    program = replace(program, launch=replace(program.launch, argv=()))
                now = time.monotonic()
                self.watched[name] = Watched(program, running, True, now, restarts=running.restarts)

    def _follow_plan(self) -> None:
        planned = {program.name: program for program in read_plan(self.directory)}
        wanted = {name: program.fingerprint for name, program in planned.items()}
        outdated = [
            watch
            for watch in self.watched.values()
            if wanted.get(watch.program.name) != watch.program.fingerprint
        ]
        self._end(outdated)
        for watch in outdated:
            del self.watched[watch.program.name]
        for name, program in planned.items():
            watch = self.watched.setdefault(name, Watched(program))
            watch.due, watch.failures = 0.0, 0

    def _look(self) -> None:
        reap()
        now = time.monotonic()
        changed = False
        for watch in self.watched.values():
            if watch.running is not None and not watch.running.identity.alive:
                self._died(watch, now)
            if watch.running is None and watch.due <= now:
                self._start(watch, now)
                changed = True
                self._write()
        if not changed:
            self._write()

    def _died(self, watch: Watched, now: float) -> None:
        if now - watch.started > _STEADY_SECONDS:
            watch.failures = 0
        pause = _PAUSES_SECONDS[min(watch.failures, len(_PAUSES_SECONDS) - 1)]
        _say(f"{watch.program.name} ended, starts again in {pause} s")
        watch.failures += 1
        watch.restarts += 1
        watch.due = now + pause
        watch.running, watch.adopted = None, False

    def _start(self, watch: Watched, now: float) -> None:
        watch.started = now
        try:
            identity = identity_of(spawn(watch.program.launch).pid)
        except OSError as error:
            _say(f"{watch.program.name} cannot be started: {error}")
            identity = None
        if identity is None:
            self._died(watch, now)
            return
        _say(f"{watch.program.name} started, pid {identity.pid}")
        watch.running = Running(identity, watch.restarts, watch.program.fingerprint)

    def _end(self, watches: list[Watched]) -> None:
        ends = [
            (
                watch.running.identity,
                watch.program.launch.stop_signal,
                watch.program.launch.grace_seconds,
            )
            for watch in watches
            if watch.running is not None
        ]
        terminate_all(ends)
        for watch in watches:
            watch.running = None

    def _write(self) -> None:
        running = {
            name: watch.running for name, watch in self.watched.items() if watch.running is not None
        }
        write_state(self.directory, self.own, running)


_UNKNOWN = Launch(argv=(), environment={}, directory="/", log="")


def _say(text: str) -> None:
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), text, flush=True)


def main(directory: Path) -> int:
    """Supervise the directory; 0 at once when another supervisor already does."""
    with (directory / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        Supervisor(directory, own_identity()).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
