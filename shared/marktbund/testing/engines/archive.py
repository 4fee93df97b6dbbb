"""Java's start archive for Kafka: classes loaded and linked ahead, so the broker starts faster.

In: a cache directory. Out: the options that use the archive when it is there, and the options that
train one. The archive is a convenience: Java ignores one that does not fit and starts without.
"""

from pathlib import Path

from marktbund.testing.engines.jars import BROKER

_QUIET = "-Xlog:aot=off,cds=off"


def archive_file(cache: Path) -> Path:
    """Where the archive for this version of Kafka lies."""
    return cache / f"kafka-{BROKER.rsplit(':', 1)[1]}.aot"


def archive_options(cache: Path) -> tuple[str, ...]:
    """Java's options that use the archive; none when it has not been trained."""
    archive = archive_file(cache)
    return (f"-XX:AOTCache={archive}", _QUIET) if archive.is_file() else ()


def training_options(target: Path) -> tuple[str, ...]:
    """Java's options that write the archive to `target` at an orderly exit (some 8 s longer)."""
    return (f"-XX:AOTCacheOutput={target}", _QUIET)
