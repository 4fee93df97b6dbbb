"""A service as a process: what it does before it serves."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from marktbund.composition import COLLECTING, collect_rarely


class Node:
    """What refers to itself: only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector() -> Iterator[None]:
    """The collector is put back afterwards."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("collector")
def test_what_is_there_before_serving_is_never_looked_through_again():
    kept = Node()
    collect_rarely()
    assert gc.get_freeze_count() > 0
    assert all(known is not kept for known in gc.get_objects())


@pytest.mark.usefixtures("collector")
def test_cycles_made_while_serving_are_still_freed_within_a_few_batches():
    collect_rarely()
    gone = weakref.ref(Node())
    held = []
    while gone() is not None and len(held) < 3 * COLLECTING[0]:
        held.append([])
    assert gone() is None
