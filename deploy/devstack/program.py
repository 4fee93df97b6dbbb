"""The plan and the state of a supervised set of programs, as files.

In: programs to run. Out: `plan.json` (what should run) and `state.json` (what does run, by
identity), both readable by their owner only.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from marktbund.testing.engines.processes import Launch, ProcessIdentity, identity_in, listens
from marktbund.testing.engines.records import read_record, write_record

# Every supervised process carries the directory of its supervisor, so that none can be lost.
MARKER = "MARKTBUND_STACK"
_OF_THE_SHELL = frozenset({"PATH", "HOME", "LANG", "TMPDIR"})


@dataclass(frozen=True)
class Program:
    """One process to keep running; `health` is the path of its readiness, if it has one.

    host: the name it goes by on the loopback interface. data: PostgreSQL's directory, in which the
    server says that it is ready.
    """

    name: str
    launch: Launch
    port: int
    health: str | None = None
    host: str = "127.0.0.1"
    data: str | None = None

    @property
    def address(self) -> str:
        """host:port on the loopback interface."""
        return f"{self.host}:{self.port}"

    @property
    def fingerprint(self) -> str:
        """Equal for programs that would run the same way, whoever's shell they come from."""
        kept = {n: v for n, v in self.launch.environment.items() if n not in _OF_THE_SHELL}
        same = replace(self, launch=replace(self.launch, environment=kept))
        return hashlib.sha256(repr(same).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Running:
    """What runs for a program: `fingerprint` of what was started."""

    identity: ProcessIdentity
    restarts: int
    fingerprint: str


def write_plan(directory: Path, programs: list[Program]) -> bool:
    """Write what should run; True when it differs from what was planned before."""
    changed = read_plan(directory) != programs
    if changed:
        write_record(
            directory / "plan.json", {"programs": [asdict(program) for program in programs]}
        )
    return changed


def read_plan(directory: Path) -> list[Program]:
    """What should run; empty when nothing was planned."""
    programs = []
    for record in read_record(directory / "plan.json").get("programs", []):
        launch = {**record["launch"], "argv": tuple(record["launch"]["argv"])}
        programs.append(Program(**{**record, "launch": Launch(**launch)}))
    return programs


def write_state(
    directory: Path, supervisor: ProcessIdentity, programs: Mapping[str, Running]
) -> None:
    """Write what runs."""
    content = {"supervisor": asdict(supervisor)}
    content["programs"] = {name: asdict(running) for name, running in programs.items()}
    write_record(directory / "state.json", content)


def read_state(directory: Path) -> Mapping[str, Running]:
    """What ran when the supervisor last wrote; identities tell whether it still does."""
    known = read_record(directory / "state.json").get("programs", {})
    state = {}
    for name, record in known.items():
        identity = identity_in(record["identity"])
        if identity is not None:
            state[name] = Running(identity, int(record["restarts"]), str(record["fingerprint"]))
    return state


def supervisor_of(directory: Path) -> ProcessIdentity | None:
    """The live supervisor of the directory, None when it has none."""
    identity = _supervisor(directory)
    return identity if identity is not None and identity.alive else None


def names_supervisor(directory: Path) -> bool:
    """True when the state names the last supervisor in a form that is understood."""
    return _supervisor(directory) is not None


def holds_port(directory: Path, port: int) -> bool:
    """True when a program that runs under this directory listens on the port."""
    return any(listens(running.identity, port) for running in read_state(directory).values())


def _supervisor(directory: Path) -> ProcessIdentity | None:
    return identity_in(read_record(directory / "state.json").get("supervisor"))
