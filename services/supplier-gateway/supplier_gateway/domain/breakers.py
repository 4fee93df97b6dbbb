"""One supplier's circuit breaker and bulkhead: pure, the time is passed in.

closed -> open after several failures in a row -> half-open when its pause is over: one call may
try -> closed again, or open for twice as long.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from marktbund.contracts.supplier_gateway import BreakerState
from supplier_gateway.domain.deliveries import CallOutcome

CALLS_AT_ONCE = 4
"""The bulkhead: calls to one supplier on their way at once, over all workers."""
FAILURES_TO_OPEN = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)
UNASKED_PAUSE = timedelta(seconds=10)
"""For a supplier that says "too many" without saying how long."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """failures: in a row while closed. trips: openings in a row; 0: it is not broken.

    blocked_until: no call before, for a pause of the breaker or because the supplier asked.
    """

    failures: int = 0
    trips: int = 0
    blocked_until: datetime | None = None

    def state(self, now: datetime) -> BreakerState:
        """What it lets through: everything, nothing, or one call to try."""
        if self.blocked_until is not None and now < self.blocked_until:
            return "open"
        return "half_open" if self.trips else "closed"

    def room(self, now: datetime, in_flight: int) -> int:
        """How many more calls may start; in_flight: those on their way."""
        allowed = {"open": 0, "half_open": 1, "closed": CALLS_AT_ONCE}[self.state(now)]
        return max(0, allowed - in_flight)

    def heard(self, outcome: CallOutcome, now: datetime) -> "Breaker":
        """After a call ended so."""
        if outcome.broken:
            return self.failed(now)
        if outcome.result == "throttled":
            return self.slowed(now, outcome.retry_after or UNASKED_PAUSE)
        return self.answered()

    def answered(self) -> "Breaker":
        """The supplier's system answered, whatever it said: it is there."""
        return Breaker()

    def failed(self, now: datetime) -> "Breaker":
        """No answer, or one that says the system is broken; late news while open adds nothing."""
        if self.state(now) == "open":
            return self
        failures = self.failures + 1
        if not self.trips and failures < FAILURES_TO_OPEN:
            return replace(self, failures=failures)
        trips = self.trips + 1
        return Breaker(failures, trips, now + pause(trips))

    def slowed(self, now: datetime, wanted: timedelta) -> "Breaker":
        """The supplier asks for a pause: kept, up to the longest; nothing counts as broken."""
        until = now + min(max(wanted, timedelta(0)), LONGEST_PAUSE)
        return replace(self, blocked_until=max(self.blocked_until or until, until))


def pause(trips: int) -> timedelta:
    """How long the breaker stays open: 30 s, doubled with every further trip, at most 10 min."""
    doublings = min(trips - 1, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def rooms_of(channels: Iterable[tuple[UUID, Breaker, int]], now: datetime) -> Mapping[UUID, int]:
    """How many calls may start for each supplier that has room; with it, its calls on their way."""
    rooms = {supplier_id: breaker.room(now, calling) for supplier_id, breaker, calling in channels}
    return {supplier_id: room for supplier_id, room in rooms.items() if room}
