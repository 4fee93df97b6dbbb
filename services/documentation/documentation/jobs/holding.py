"""A lease held by a job, as the fence of what it writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from documentation.store.sealing import Holder, SealerReplacedError
from marktbund.leases import Lease


@contextmanager
def holding(lease: Lease) -> Iterator[Holder]:
    """Who holds it; once it is lost, the next run asks for it again. Raises SealerReplacedError."""
    try:
        yield Holder(lease.task, lease.owner)
    except SealerReplacedError:
        lease.lose()
        raise
