"""A lease held by a job, as the fence of what it writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from documentation.store.sealing import Holder, SealerReplacedError
from marktbund.leases import Leases


@contextmanager
def holding(leases: Leases) -> Iterator[Holder]:
    """Who holds it; once it is lost, the next run asks for it again. Raises SealerReplacedError."""
    try:
        yield Holder(leases.task, leases.owner, leases.shards)
    except SealerReplacedError:
        leases.shards = []  # what is lost must be claimed again, not renewed in some seconds
        raise
