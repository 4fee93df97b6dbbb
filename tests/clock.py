"""A clock for a deployment's processes that a test can set while they run; the machine's stays.

In: a C compiler. Out: a library that is loaded before every program, and the environment that makes
a program do so. Where there is no compiler it is installed, as root on Debian, like Chromium; else
there is no such clock, and who wanted one says so. (Debian's libfaketime does not do: with it
Python's time.sleep fails and waits inside librdkafka never end.)
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.devstack.deployment import Deployment

_SOURCE = Path(__file__).with_name("settable_clock.c")
_SECOND = 10**9


@dataclass
class Clock:
    """`ahead`: seconds before the machine's clock, the same for every process that reads it."""

    file: Path
    library: Path
    ahead: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What a program is told to read this clock."""
        return {"LD_PRELOAD": str(self.library), "MARKTBUND_TEST_CLOCK": str(self.file)}

    def step(self, seconds: int) -> None:
        """Set the clock forward or back, for every process at once."""
        self.ahead += seconds
        # In place: the processes have mapped these very bytes.
        with self.file.open("r+b", buffering=0) as file:
            file.write((self.ahead * _SECOND).to_bytes(8, "little", signed=True))

    def read_by(self, deployment: Deployment) -> Deployment:
        """The same deployment, its services and its issuer on this clock."""
        services = tuple(
            replace(service, environment=service.environment | self.environment)
            for service in deployment.services
        )
        issuer = deployment.issuer
        if issuer is not None:
            issuer = replace(issuer, environment=issuer.environment | self.environment)
        return replace(deployment, services=services, issuer=issuer)


@contextmanager
def settable() -> Iterator[Clock | None]:
    """A clock that shows the time until it is set; None where its library cannot be built."""
    compiler = _compiler()
    if compiler is None:
        yield None
        return
    with TemporaryDirectory(prefix="marktbund-clock-") as directory:
        library, file = Path(directory) / "clock.so", Path(directory) / "ahead"
        command = [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", str(library)]
        subprocess.run([*command, str(_SOURCE), "-ldl"], check=True)
        file.write_bytes(bytes(8))
        for path, mode in ((Path(directory), 0o755), (library, 0o755), (file, 0o644)):
            path.chmod(mode)  # PostgreSQL's account reads it, too
        yield Clock(file, library)


def _compiler() -> str | None:
    compiler = shutil.which("cc")
    if compiler is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive", "PATH": os.environ["PATH"]}
        for command in (
            ["update"],
            ["install", "-y", "--no-install-recommends", "gcc", "libc6-dev"],
        ):
            subprocess.run(["apt-get", "-q", *command], check=False, env=quiet)  # noqa: S607
        compiler = shutil.which("cc")
    return compiler
