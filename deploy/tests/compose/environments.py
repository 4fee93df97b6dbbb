"""Empty environments that hold what a distribution declares, and nothing else.

Third-party files are links to those installed here, so that no registry is asked; own wheels are
installed by pip, which refuses when something declared is missing.
"""

import subprocess
import sys
import venv
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.distributions import distributions

OWN = distributions()


def own(name: str) -> set[str]:
    """A distribution of ours with those of ours that it needs."""
    reached, waiting = {name}, [name]
    while waiting:
        further = (OWN[waiting.pop()].requires.keys() & OWN.keys()) - reached
        reached |= further
        waiting += further
    return reached


def foreign(names: Iterable[str]) -> set[str]:
    """The installed distributions that ours declare, with theirs, by the extras asked for."""
    waiting = [need for name in names for need in OWN[name].requires.values()]
    reached: set[tuple[str, str]] = set()
    while waiting:
        wanted = waiting.pop()
        for extra in {"", *wanted.extras}:
            key = (str(canonicalize_name(wanted.name)), extra)
            if key in reached or key[0] in OWN:
                continue
            reached.add(key)
            needs = [Requirement(line) for line in metadata.requires(key[0]) or ()]
            waiting += [need for need in needs if _applies(need, extra)]
    return {name for name, _ in reached}


def _applies(need: Requirement, extra: str) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": extra})


def make(folder: Path, name: str, wheels: Path) -> Path:
    """An environment with one of our distributions; returns its Python.

    Raises CalledProcessError when pip finds that something declared is not there.
    """
    venv.create(folder, symlinks=True, with_pip=False)
    site = next(folder.glob("lib/python*/site-packages"))
    parts = own(name)
    for needed in foreign(parts):
        _link(metadata.distribution(needed), site)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    install = ["install", "--quiet", "--no-compile", "--no-index", f"--find-links={wheels}", name]
    subprocess.run([*pip, *install], check=True, capture_output=True)
    subprocess.run([*pip, "check"], check=True, capture_output=True)
    return python


def _link(installed: metadata.Distribution, site: Path) -> None:
    for file in installed.files or ():
        source = Path(str(installed.locate_file(file)))
        if ".." in file.parts or "__pycache__" in file.parts or not source.exists():
            continue
        target = site / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source)
        compiled = target.parent / "__pycache__"
        if not compiled.exists() and (source.parent / "__pycache__").exists():
            compiled.symlink_to(source.parent / "__pycache__")
