"""Which tables of a service are nothing but the sum of what it heard."""

from collections.abc import Sequence
from dataclasses import dataclass

from marktbund.contracts.base import Topic


@dataclass(frozen=True, slots=True)
class ReadModels:
    """tables: made by the handlers of `topics` alone, from nothing else. kept: those of them
    that other tables refer to: compared, never swapped.
    """

    topics: Sequence[Topic]
    tables: Sequence[str]
    kept: frozenset[str] = frozenset()

    @property
    def swapped(self) -> list[str]:
        """The tables a swap exchanges."""
        return [table for table in self.tables if table not in self.kept]
