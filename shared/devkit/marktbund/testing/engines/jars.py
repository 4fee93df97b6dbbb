"""Kafka's jars from their Maven coordinates, resolved once and remembered.

In: a cache directory. Out: the class path, every file by its SHA-256. The list of files is kept in
the cache, so a later start asks nobody; it is made anew when a file has gone.
"""

import json
import os
from pathlib import Path

from marktbund.testing.engines.alone import MAVEN, alone
from marktbund.testing.engines.errors import EngineError
from marktbund.testing.engines.pinned import check
from marktbund.testing.engines.records import write_record

BROKER = "org.apache.kafka:kafka_2.13:4.3.1"
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"


def default_cache() -> Path:
    """Where jar lists and start archives are kept for every clone of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "marktbund"


def archive_file(cache: Path) -> Path:
    """Where Java's start archive for this version of Kafka lies, once it is trained."""
    return cache / f"kafka-{BROKER.rsplit(':', 1)[1]}.aot"


def list_file(cache: Path) -> Path:
    """Where the jars of this version of Kafka are listed, once they are resolved."""
    return cache / f"jars-{BROKER.rsplit(':', 1)[1]}.json"


def kafka_jars(cache: Path) -> list[Path]:
    """Every jar of the broker, downloaded on first use (some 45 MB).

    Raises EngineError when the coordinates cannot be resolved, or a file is not the one that was
    tried: looked at at every start.
    """
    file = list_file(cache)
    jars = _remembered(file)
    if jars:
        check(jars)
        return jars
    with alone(cache / MAVEN):
        jars = _remembered(file) or resolve()
        check(jars)
        write_record(file, [str(path) for path in jars])
    return jars


def _remembered(file: Path) -> list[Path]:
    try:
        paths = [Path(name) for name in json.loads(file.read_text())]
    except (OSError, ValueError, TypeError):
        return []
    return paths if all(path.is_file() for path in paths) else []


def resolve() -> list[Path]:
    """Every jar as Maven has it, not looked at yet. Raises EngineError."""
    from jgo.maven import MavenContext  # noqa: PLC0415  slow to import, needed once per machine

    chosen: dict[tuple[str, str], Path] = {}
    try:
        context = MavenContext(timeout=60)
        # One by one: resolved together, each one's parent pom would overrule the other's versions.
        for coordinate in (BROKER, LOGGING):
            roots, others = context.resolver.resolve([context.create_dependency(coordinate)])
            for dependency in [*roots, *others]:
                key = (str(dependency.groupId), str(dependency.artifactId))
                if key not in chosen:
                    chosen[key] = Path(dependency.artifact.resolve())
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"Kafka's jars could not be resolved: {error}") from error
    return list(chosen.values())
