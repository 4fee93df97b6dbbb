"""One mutant after the other in a copied tree, against the tests of its service."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from tests.mutants.choosing import asked_tests
from tests.mutants.mutating import Mutant

LIMIT = 300.0
"""Seconds for all tests of one mutant; a single test has half of it."""
_DONE, _FAILED, _NO_TESTS = 0, 1, 5
Outcome = Literal["killed", "survived", "timed_out"]


class RedTestsError(Exception):
    """Tests fail without any mutant: what they say of one would mean nothing."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant and what became of it. by: the first test that noticed; seconds: what it took."""

    mutant: Mutant
    outcome: Outcome
    by: str
    seconds: float

    def line(self) -> str:
        """The same as a line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, line: str) -> Self:
        """A line written before."""
        fields = json.loads(line)
        return cls(**fields | {"mutant": Mutant(**fields["mutant"])})


def copied(root: Path, files: Collection[str], tree: Path) -> None:
    """Copy the files of a tree; what was there before goes."""
    shutil.rmtree(tree, ignore_errors=True)
    for name in files:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, tree / name)


class Tree:
    """A copied tree whose tests are run; the tree it was copied from is never touched.

    preloaded: what the services share is imported once for all runs.
    """

    def __init__(self, folder: Path, files: Mapping[str, str], *, preloaded: bool = False) -> None:
        self._folder = folder
        self._preloaded = ["preloaded"] if preloaded else []
        self._files = files
        self._green: set[tuple[str, ...]] = set()

    def __enter__(self) -> Self:
        packages = [*self._folder.glob("services/*"), *self._folder.glob("shared/*")]
        paths = [str(self._folder), *sorted(map(str, packages))]
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._forks = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "forking.py"), *self._preloaded],
            cwd=self._folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._forks.send_signal(signal.SIGINT)
        self._forks.communicate(timeout=LIMIT)

    def tried(self, mutant: Mutant) -> Tried:
        """Apply a mutant, ask the domain's tests and then the others, and take it back.

        Raises RedTestsError when the test that noticed fails without the mutant, too.
        """
        seconds = 0.0
        for tests in asked_tests(mutant.path, self._files):
            if not tests:
                continue
            file = self._folder / mutant.path
            file.write_text(mutant.applied(self._files[mutant.path]))
            try:
                code, took, output = self._run(tests)
            finally:
                file.write_text(self._files[mutant.path])
            seconds += took
            if code is None:
                return Tried(mutant, "timed_out", "", seconds)
            if code not in {_DONE, _NO_TESTS}:
                noticed = _first_failure(output)
                self._require_green(noticed, tests)
                return Tried(mutant, "killed", noticed, seconds)
        return Tried(mutant, "survived", "", seconds)

    def _require_green(self, noticed: str, tests: Sequence[str]) -> None:
        asked = (noticed.partition("::")[0],) if noticed else tuple(tests)
        if asked in self._green:
            return
        code, _, output = self._run(asked)
        if code not in {_DONE, _NO_TESTS}:
            raise RedTestsError(f"{' '.join(asked)}\n{output}")
        self._green.add(asked)

    def _run(self, tests: Sequence[str]) -> tuple[int | None, float, str]:
        if self._forks.stdin is None or self._forks.stdout is None:
            raise RuntimeError("nothing runs the tests")
        self._forks.stdin.write(json.dumps({"tests": list(tests), "limit": LIMIT}) + "\n")
        self._forks.stdin.flush()
        answer = json.loads(self._forks.stdout.readline())
        return answer["code"], answer["seconds"], answer["output"]


def _first_failure(output: str) -> str:
    for line in output.splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            return line.split(" ", 2)[1]
    return ""
