"""A document on its way to a supplier: waiting to be fetched, or pushed by a schedule.

The schedule is the one of Standard Webhooks 1.0. Times of pushing are system time; `queued_at` and
`acknowledged_at` are business time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from marktbund.contracts.supplier_gateway import CallResult, DeliveryDocument

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Pauses after the first, second, ... failed attempt; the tenth failure ends the schedule."""
LIFETIME = sum(PAUSES, timedelta(0))
"""How long a document may stay due without being tried, behind a breaker or a closed channel."""
LONGEST_RETRY_AFTER = timedelta(hours=24)
JITTER = 0.1
"""Share of a pause that chance may add, so that many documents do not come back at once."""


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """How a call ended. status: HTTP, if there was one. retry_after: the pause asked for.

    cause: the kind of an error nobody foresaw, for operators; empty for all others.
    """

    result: CallResult
    status: int | None = None
    retry_after: timedelta | None = None
    cause: str = ""

    @classmethod
    def of(cls, status: int, retry_after: timedelta | None) -> "CallOutcome":
        """What an HTTP status means: only 2xx is success, a redirect is none."""
        bounded = None
        if retry_after is not None:
            bounded = min(max(retry_after, timedelta(0)), LONGEST_RETRY_AFTER)
        return cls(_meaning(status), status, bounded)

    @property
    def broken(self) -> bool:
        """Whether it speaks against the supplier's system rather than against this document."""
        return self.result in {"timeout", "unreachable", "target_refused", "server_error"}


def _meaning(status: int) -> CallResult:
    if 200 <= status < 300:
        return "delivered"
    if status >= 500:
        return "server_error"
    named: dict[int, CallResult] = {410: "gone", 429: "throttled"}
    return named.get(status, "rejected")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call for a document; numbers count from 1 over all its schedules."""

    delivery_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A document for the supplier; waits until acknowledged, fetched by it or pushed to it.

    attempts: calls ever begun. step: failures since the schedule began. next_attempt_at: None while
    it waits behind the order's own document. held_at: since when the requester knows that the
    supplier's channel lets nothing through. abandoned_at: the schedule is over; only a replay, or
    the supplier by itself, moves it.
    """

    delivery_id: UUID
    document: DeliveryDocument
    queued_at: datetime
    acknowledged_at: datetime | None = None
    attempts: int = 0
    step: int = 0
    next_attempt_at: datetime | None = None
    held_at: datetime | None = None
    abandoned_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be pushed."""
        return self.acknowledged_at is None and self.abandoned_at is None

    @property
    def given_up(self) -> bool:
        """Whether its schedule is over and the supplier has not fetched it either."""
        return self.acknowledged_at is None and self.abandoned_at is not None

    def failed(self, outcome: CallOutcome, now: datetime, chance: float) -> "Delivery":
        """The next step of the schedule, or its end; chance: 0 to 1, spreads the pauses."""
        step = self.step + 1
        if step > len(PAUSES):
            return self.abandoned(now, step)
        wait = max(PAUSES[step - 1], outcome.retry_after or timedelta(0))
        return replace(self, step=step, next_attempt_at=now + wait * (1 + JITTER * chance))

    def abandoned(self, now: datetime, step: int | None = None) -> "Delivery":
        """Given up, visibly."""
        return replace(self, step=self.step if step is None else step, abandoned_at=now)

    def due_at(self, now: datetime) -> "Delivery":
        """To be called for at once, at the same step of the schedule."""
        return replace(self, next_attempt_at=now, held_at=None)

    def held(self, now: datetime) -> "Delivery":
        """Due, but its supplier's channel lets nothing through."""
        return replace(self, held_at=now)

    def replayed(self, now: datetime) -> "Delivery":
        """Due at once, with the whole schedule before it; attempts count on."""
        return replace(self, step=0, next_attempt_at=now, held_at=None, abandoned_at=None)
