"""Keycloak from its Maven coordinates on the wheel's Java: unpacked and built once per machine.

In: a cache directory, a PostgreSQL database, a port. Out: how to start it. Its home is only read
while it runs: everything it keeps is in the database.
"""

import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from marktbund.testing.engines.alone import MAVEN, alone
from marktbund.testing.engines.errors import EngineError
from marktbund.testing.engines.jars import default_cache
from marktbund.testing.engines.kafka import java_binary
from marktbund.testing.engines.pinned import check, pins
from marktbund.testing.engines.processes import Launch, inherited
from marktbund.testing.engines.records import write_text

GROUP, ARTIFACT, VERSION = "org.keycloak", "keycloak-quarkus-dist", "26.7.3"
ARCHIVE = f"{GROUP.replace('.', '/')}/{ARTIFACT}/{VERSION}/{ARTIFACT}-{VERSION}.zip"
PATH = "/auth"
READY = f"{PATH}/realms/master"
_BUILD = ("build", "--db=postgres", f"--http-relative-path={PATH}")
_BLACKLISTS = "--spi-password-policy--password-blacklist--blacklists-path"
_THREADS = "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory"
_HEAP = ("-Xms96m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


@dataclass(frozen=True)
class KeycloakDatabase:
    """Where Keycloak keeps everything: a PostgreSQL database and the role that owns it."""

    host: str
    port: int
    name: str
    role: str
    password: str


def launch(
    port: int,
    public_url: str,
    database: KeycloakDatabase,
    admin_password: str,
    log: Path,
    cache: Path,
    refused_passwords: Path,
) -> Launch:
    """How to start Keycloak on 127.0.0.1:port behind a gateway that is known as `public_url`.

    refused_passwords: the folder of the lists that a realm's password policy names.

    Raises EngineError when the distribution cannot be resolved or built.
    """
    home = prepared_home(cache)
    options = (
        "start",
        "--optimized",
        "--cache=local",  # said at the start: a build does not keep it, and a cluster listens
        "--http-enabled=true",
        "--http-host=127.0.0.1",
        f"--http-port={port}",
        f"--hostname={public_url}{PATH}",
        "--hostname-backchannel-dynamic=false",
        "--proxy-headers=xforwarded",
        f"{_BLACKLISTS}={refused_passwords}",
        "--log-level=warn,org.keycloak.storage.jpa.KeyUtils:error",
    )
    environment = {
        **inherited("PATH", "HOME", "TMPDIR"),
        "KC_DB_URL": f"jdbc:postgresql://{database.host}:{database.port}/{database.name}",
        "KC_DB_USERNAME": database.role,
        "KC_DB_PASSWORD": database.password,
        "KC_DB_POOL_MAX_SIZE": "10",
        "KC_BOOTSTRAP_ADMIN_USERNAME": "admin",
        "KC_BOOTSTRAP_ADMIN_PASSWORD": admin_password,
    }
    return Launch((*_java(home), *options), environment, str(home), str(log), grace_seconds=20.0)


def prepared_home(cache: Path | None = None) -> Path:
    """The unpacked and built distribution (175 MB), made once per machine in some 30 s.

    Its archive is known by its SHA-256, and the place of what came out of it is named after that.
    Raises EngineError when it cannot be resolved or built, or is not the one that was tried.
    """
    cache = cache or default_cache()
    home = cache / f"keycloak-{VERSION}-{pins()[ARCHIVE][:12]}"
    with alone(cache / "keycloak.lock"):
        built = home / ".built"
        if not built.exists():
            with alone(cache / MAVEN):
                archive = resolve()
            check([archive])
            _unpack(archive, home)
            _build(home)
            write_text(built, " ".join(_BUILD) + "\n")
    return home


def _java(home: Path) -> tuple[str, ...]:
    return (
        str(java_binary()),
        *_HEAP,
        f"-Dkc.home.dir={home}",
        f"-Djboss.server.config.dir={home / 'conf'}",
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        "-Dpicocli.disable.closures=true",
        f"-Djava.util.concurrent.ForkJoinPool.common.threadFactory={_THREADS}",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
        "--add-opens=java.base/java.security=ALL-UNNAMED",
        "-cp",
        str(home / "lib" / "quarkus-run.jar"),
        "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
    )


def resolve() -> Path:
    """The distribution as Maven has it, not looked at yet. Raises EngineError."""
    from jgo.maven import MavenContext  # noqa: PLC0415  slow to import, needed once per machine

    try:
        component = MavenContext(timeout=60).project(GROUP, ARTIFACT).at_version(VERSION)
        return Path(component.artifact(packaging="zip").resolve())
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"Keycloak could not be resolved: {error}") from error


def _unpack(archive: Path, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as aside:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(aside)
        (Path(aside) / f"keycloak-{VERSION}").rename(home)


def _build(home: Path) -> None:
    command = (*_java(home), *_BUILD)
    outcome = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=inherited("PATH", "HOME", "TMPDIR"),
        cwd=home,
    )
    if outcome.returncode != 0:
        raise EngineError(f"Keycloak could not be built:\n{outcome.stdout}{outcome.stderr}")
