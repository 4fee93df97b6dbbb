"""An account of a demo: whom a client calls as."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who calls: a token subject, and for doors of a member the member it acts for."""

    sub: str
    member_id: str = ""
