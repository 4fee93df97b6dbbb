"""The wheels of this tree's distributions, built without isolation from a copy of each folder.

`python -m deploy.wheels FOLDER [distribution ...]` puts them there; without names, all. Built from
a copy, because setuptools leaves `build/` behind and puts what lies there into the next wheel.
"""

import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterable
from contextlib import chdir
from pathlib import Path

from setuptools import build_meta

from deploy.distributions import LEFT_OUT, Distribution, distributions


def build(listed: Iterable[Distribution], into: Path) -> list[Path]:
    """Build the wheel of each distribution; returns the files. Raises BuildError."""
    into.mkdir(parents=True, exist_ok=True)
    before = set(into.glob("*.whl"))
    with tempfile.TemporaryDirectory() as scratch:
        for made in listed:
            copy = Path(scratch) / made.name
            shutil.copytree(made.folder, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
            _in_a_process_of_its_own(copy, into.resolve())
    return sorted(set(into.glob("*.whl")) - before)


class BuildError(Exception):
    """A folder of which setuptools makes no wheel."""


def _in_a_process_of_its_own(folder: Path, into: Path) -> None:
    # setuptools keeps what it read in globals; forked, since importing it costs more than a wheel.
    child = os.fork()
    if child == 0:
        os._exit(_logged(folder, into))
    _, status = os.waitpid(child, 0)
    if status:
        raise BuildError(f"{folder.name}: {(folder / 'log').read_text(encoding='utf-8')}")


def _logged(folder: Path, into: Path) -> int:
    with chdir(folder), (folder / "log").open("w") as log:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(log.fileno(), stream.fileno())
        try:
            build_meta.build_wheel(str(into))
        except Exception:  # noqa: BLE001 - whatever it is, the caller is told by the log
            traceback.print_exc(file=log)
            return 1
    return 0


def main() -> int:
    """Build what the command line names."""
    own = distributions()
    for wheel in build([own[name] for name in sys.argv[2:] or own], Path(sys.argv[1])):
        print(wheel)
    return 0


if __name__ == "__main__":
    sys.exit(main())
