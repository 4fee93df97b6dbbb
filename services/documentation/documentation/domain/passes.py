"""A walk over everything in bounded steps: where it is, what it found, when it begins anew."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from documentation.domain.naming import listed

Name = Literal["anchor", "checkpoints", "log"]
ANEW_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pass:
    """position: up to where this pass has come. counted: what it found so far. findings: what is
    known, of this pass or, until it has ended, of the one before. finished_at: of the last end.
    """

    name: Name
    begun_at: datetime
    finished_at: datetime | None = None
    position: int = 0
    counted: int = 0
    findings: int = 0
    named: str = ""

    def begins_anew(self, now: datetime) -> bool:
        """Whether the next pass is due: this one has ended, and a day is over."""
        done = self.finished_at is not None and self.finished_at >= self.begun_at
        return done and now - self.begun_at >= ANEW_AFTER

    def anew(self, now: datetime) -> "Pass":
        """The next pass; what is known stays until it has ended."""
        return replace(self, begun_at=now, position=0, counted=0)

    def went_on(self, position: int, findings: Sequence[str]) -> "Pass":
        """After one step."""
        counted = self.counted + len(findings)
        named = listed(findings) if findings else self.named
        known = max(self.findings, counted)
        return replace(self, position=position, counted=counted, findings=known, named=named)

    def ended(self, now: datetime) -> "Pass":
        """At its end: what this pass found is what is known."""
        named = self.named if self.counted else ""
        return replace(self, finished_at=now, findings=self.counted, named=named)
