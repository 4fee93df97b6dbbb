"""What the identity provider shall hold for an account, and when it is told again. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from marktbund.contracts.members import Grant, PersonKind
from members.domain.granting import needs_confirmation

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class WantedSignIn:
    """An account as the identity provider shall hold it.

    sub: its id there, or, as long as nobody made it, the person's own id. made: we keep it, under
    the person's id as its name; else it is somebody else's and only ever closed. email: None once
    the person's address was forgotten. invited: the invitation to set a password went out.
    second_factor: a password alone does not let the person in.
    """

    person_id: UUID
    sub: str
    made: bool
    active: bool
    email: str | None
    invited: bool
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class SignInOutcome:
    """How it went. sub: the account's id there, where it has one; reason: why not, a short code.

    refused: the account as it is will never be taken; telling it again changes nothing.
    """

    done: bool
    sub: str | None = None
    invited: bool = False
    reason: str = ""
    refused: bool = False


def demands_second_factor(kind: PersonKind, grants: Iterable[Grant]) -> bool:
    """Whether somebody with these roles signs in with more than a password; machines have none.

    What a second person has to agree to, a second factor has to guard.
    """
    return kind == "person" and any(map(needs_confirmation, grants))


def next_attempt(attempts: int, now: datetime) -> datetime:
    """When the identity provider is told again: pauses double up to 10 min, without an end.

    attempts: those made so far, from 1. now: system time, UTC.
    """
    return now + min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)
