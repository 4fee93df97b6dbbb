"""One process of this machine at a time: what is downloaded or built once for all of them.

In: the name of a lock file. Out: a context that is entered when no other process holds it. A
process that ends lets go of it, however it ends.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAVEN = "maven.lock"
"""Held while Maven's folder is written: two that resolve at once trip over each other's files."""


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Wait until nobody else is in here. Not to be entered twice by one process."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
