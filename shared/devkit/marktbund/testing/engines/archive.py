"""Trains Java's start archive for Kafka: classes loaded and linked ahead, for a faster start.

In: a cache directory. Out: the archive in it. It is a convenience: without it, or with one that
does not fit, the broker starts as well, some 2 s later.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

from marktbund.testing.engines import kafka
from marktbund.testing.engines.alone import alone
from marktbund.testing.engines.errors import EngineError
from marktbund.testing.engines.jars import archive_file, default_cache
from marktbund.testing.engines.ports import choose_free
from marktbund.testing.engines.processes import Launch, terminate

_WRITING_SECONDS = 60.0


def train(cache: Path | None = None) -> bool:
    """Write the archive by starting and ending a broker of its own (some 12 s, once per machine).

    False when it is there already. Raises EngineError when Java wrote none.
    """
    target = archive_file(cache or default_cache())
    with alone(target.with_suffix(".lock")):
        if target.is_file():
            return False
        _write(target, cache)
    return True


def _write(target: Path, cache: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="marktbund-archive-") as directory:
        port = choose_free(set())
        node = kafka.prepare(Path(directory), port, choose_free({port}), cache=cache)
        fresh = target.with_suffix(".new")
        running = kafka.start(replace(node, launch=_training(node.launch, fresh)))
        terminate(running, grace_seconds=_WRITING_SECONDS)
        if not fresh.is_file():
            raise EngineError("Java wrote no start archive for Kafka")
        fresh.replace(target)


def _training(launch: Launch, target: Path) -> Launch:
    java, *rest = launch.argv
    return replace(launch, argv=(java, f"-XX:AOTCacheOutput={target}", *rest))
