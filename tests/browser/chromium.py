"""A Chromium for the browser tests: named in the environment, the machine's, or brought by apt.

In: nothing. Out: the path of the program. CI runs as root on Debian and may have none: then, and
only then, it is installed there. The headless shell comes first: the same engine without windows
of its own needs half the processor time for a page (22 s against 42 s for 30 pages with axe).
"""

import os
import shutil
import subprocess

_SHELL = "chromium-headless-shell"
_NAMES = (_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


class NoChromiumError(RuntimeError):
    """There is no Chromium, and none could be installed."""


def chromium() -> str:
    """The path of a Chromium. Raises NoChromiumError with the way out."""
    program = os.environ.get("MARKTBUND_CHROMIUM") or _installed()
    if program is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_get("update")
        for package in (_SHELL, "chromium"):
            _apt_get("install", "-y", "--no-install-recommends", package)
            if program := _installed():
                break
    if program is None:
        raise NoChromiumError(
            "the browser tests need Chromium: install it (Debian: apt-get install chromium), "
            "or name one in MARKTBUND_CHROMIUM"
        )
    return program


def _apt_get(*command: str) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "PATH": os.environ["PATH"]}
    subprocess.run(["apt-get", "-q", *command], check=False, env=quiet)  # noqa: S607


def _installed() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)
