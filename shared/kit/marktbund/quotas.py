"""How often somebody may ask: one table, counted in the process, by the monotonic clock.

In: a quota's name and who asks (account or address). Out: nothing, or TooMany (429) with the time
to wait. Each process counts for itself: with n of them behind the gateway up to n times a quota
passes, which bounds the work of one process as intended. No library: those that count in memory do
it by the wall clock and keep every key until a timer thread sweeps it (docs/decisions/0031).
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address
from typing import Literal

from starlette.requests import Request

from marktbund.errors import TooMany

Who = Literal["account", "address"]
MOST_KEYS = 20_000
"""Accounts or addresses one quota remembers; the one not seen longest goes and starts anew."""
_PERIODS = {1: "Sekunde", 60: "Minute", 3600: "Stunde", 86_400: "Tag"}


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `count` in `seconds`, in one go or spread. title: German, what is counted."""

    name: str
    who: Who
    count: int
    seconds: int
    title: str


QUOTAS: tuple[Quota, ...] = (
    Quota("reads", "account", 1_200, 60, "Abfragen"),
    Quota("writes", "account", 240, 60, "Änderungen"),
    Quota("machine_reads", "account", 6_000, 60, "Abfragen einer Schnittstelle"),
    Quota("machine_writes", "account", 3_000, 60, "Änderungen einer Schnittstelle"),
    Quota("uploads", "account", 60, 3600, "hochgeladene Dokumente"),
    Quota("exports", "account", 120, 3600, "Exporte"),
    Quota("verifications", "account", 60, 3600, "Prüfungen einer Akte"),
    Quota("bad_tokens", "address", 60, 60, "ungültige Anmeldungen"),
    Quota("sign_ins", "address", 60, 300, "Anmeldungen"),
    Quota("sign_in_steps", "address", 120, 300, "Kennwörter und Codes"),
    Quota("pages", "address", 600, 60, "Seiten ohne Anmeldung"),
)
"""Of a process in production. Towns sit behind one address, so an address may do what an office of
people does."""


class Buckets:
    """Who has how much of one quota left: one number each, the time at which all of it is back."""

    def __init__(self, quota: Quota, now: Callable[[], float], most: int = MOST_KEYS) -> None:
        self.quota = quota
        self._now = now
        self._most = most
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, who: str) -> float:
        """Take one; 0.0, or the seconds until one is there again, and nothing is taken."""
        now = self._now()
        full_at = max(self._full_at.get(who, now), now) + self.quota.seconds / self.quota.count
        wait = full_at - now - self.quota.seconds
        if wait > 1e-9:
            return wait
        self._full_at[who] = full_at
        self._full_at.move_to_end(who)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)
        return 0.0

    def __len__(self) -> int:
        return len(self._full_at)


class Quotas:
    """The quotas of one process.

    counts: other numbers than the table's, by name; times: all of them so many times (deployments
    that are driven by programs). Raises ValueError for a name that is not in the table.
    """

    def __init__(
        self,
        counts: Mapping[str, int] | None = None,
        times: int = 1,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        limits = dict(counts or {})
        known = {quota.name for quota in QUOTAS}
        if unknown := sorted(set(limits) - known):
            raise ValueError(f"no such quota: {', '.join(unknown)}")
        self._buckets = {
            quota.name: Buckets(
                replace(quota, count=limits.get(quota.name, quota.count) * times), now
            )
            for quota in QUOTAS
        }
        self._busy: set[tuple[str, str]] = set()

    def take(self, name: str, who: str) -> None:
        """Count one. Raises TooMany, which says when to come again."""
        buckets = self._buckets[name]
        wait = buckets.take(who)
        if wait:
            raise _too_many(buckets.quota, math.ceil(wait))

    @contextmanager
    def alone(self, name: str, who: str, title: str) -> Iterator[None]:
        """One at a time for `who` in this process. Raises TooMany while another runs."""
        if (name, who) in self._busy:
            raise TooMany(
                "already_running",
                f"{title} läuft schon",
                "Davon läuft immer nur eine gleichzeitig.",
                way_out="Bitte warten Sie, bis sie fertig ist.",
                retry_after=5,
            )
        self._busy.add((name, who))
        try:
            yield
        finally:
            self._busy.discard((name, who))


def _too_many(quota: Quota, seconds: int) -> TooMany:
    period = _PERIODS.get(quota.seconds, f"{quota.seconds // 60} Minuten")
    again = "1 Sekunde" if seconds == 1 else f"{seconds} Sekunden"
    return TooMany(
        "too_many_requests",
        "Zu viele Anfragen",
        f"Höchstens {quota.count:,} {quota.title} je {period}.".replace(",", "."),
        way_out=f"Bitte versuchen Sie es in {again} noch einmal.",
        extra={"quota": quota.name, "retry_after": seconds},
        retry_after=seconds,
    )


def quotas_of(request: Request) -> Quotas:
    """The quotas of this process."""
    quotas: Quotas = request.app.state.quotas
    return quotas


def count_request(request: Request, account: str, *, machine: bool = False) -> None:
    """Count a request for an account, reading or writing. Raises TooMany.

    The account (an opaque id) is also what the security log says of the request.
    """
    request.state.account = account
    kind = "reads" if request.method in {"GET", "HEAD"} else "writes"
    quotas_of(request).take(f"machine_{kind}" if machine else kind, account)


def address_of(request: Request) -> str:
    """Who is at the other end of the last trusted hop; an IPv6 network counts as one (/64)."""
    peer = request.client.host if request.client is not None else "unknown"
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, IPv6Address):
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return peer
