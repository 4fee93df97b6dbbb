"""A session: who is signed in, until when, and what its browser holds."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
EARLY = timedelta(seconds=30)
"""Tokens are renewed this long before they end."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the issuer gave. `until`: when the access token ends, UTC."""

    access: str
    refresh: str
    identity: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser. sign_in: the issuer's id of it. member_id: whom the person acts for.

    csrf: what every form must bring back. ends_at: the latest end, however busy the person is.
    """

    key: str
    sub: str
    sign_in: str
    name: str
    tokens: Tokens
    csrf: str
    member_id: UUID | None
    started_at: datetime
    seen_at: datetime
    ends_at: datetime

    def stale(self, now: datetime) -> bool:
        """Whether its access token must be renewed before it is used."""
        return self.tokens.until - EARLY <= now

    def over(self, now: datetime) -> bool:
        """Whether it has ended: unused for half an hour, or ten hours old."""
        return now >= self.ends_at or now - self.seen_at >= IDLE


def digest(key: str) -> bytes:
    """What is kept of a browser's key: whoever reads the database cannot sign in with it."""
    return hashlib.sha256(key.encode()).digest()
