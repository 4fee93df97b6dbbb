"""The invariants over a platform at rest that nobody has poisoned, as one list of sentences."""

import random

from tests.failures.evidence import Evidence, collect
from tests.failures.invariants import violations
from tests.failures.load import Log
from tests.failures.poison import Poison
from tests.failures.watch import Watch
from tests.running import Platform


async def broken_promises(platform: Platform, log: Log) -> list[str]:
    """Every promise that was broken; the log holds all orders the platform ever took."""
    poison = Poison(platform.deployment.prefix, random.Random(0))
    found = await collect(platform, Evidence(log, poison, Watch(platform), 0.0))
    return [sentence for sentences in violations(found).values() for sentence in sentences]
