"""Items of a job, each tried by itself: one that fails is logged, and the others go on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

import structlog

from marktbund.failures import is_transient

Item = TypeVar("Item")
_log = structlog.get_logger(__name__)


class ItemsFailed(Exception):
    """A job did what it could, and some of its items failed; they were logged."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} items failed")
        self.count = count


class Isolated(Generic[Item]):
    """One run of a job over items. Use `async with run.item(...)` for each, `run.settle()` last."""

    def __init__(self, job: str) -> None:
        self._job = job
        self.failed: set[Item] = set()

    @asynccontextmanager
    async def item(self, item: Item) -> AsyncIterator[None]:
        """Try one; its failure is kept and logged. What only a pause mends (a database that is
        away) is raised: the next item would fare no better.
        """
        try:
            yield
        except Exception as error:
            if is_transient(error):
                raise
            self.failed.add(item)
            _log.exception(
                "job_item_failed", job=self._job, item=str(item), error=type(error).__name__
            )

    def settle(self) -> None:
        """Raises ItemsFailed, so that the run counts as failed, when one did."""
        if self.failed:
            raise ItemsFailed(len(self.failed))
