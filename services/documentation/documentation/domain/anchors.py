"""The day's checkpoint on its way outside: the exact bytes that go, and when it is tried again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from documentation.domain.checkpoints import SignedCheckpoint, document
from marktbund.jsons import dumps

Channel = Literal["file", "stamp"]
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AnchoredCheckpoint:
    """What a channel is handed: the day and the checkpoint document, the verifier's own input."""

    day: date
    number: int
    document: bytes


@dataclass(frozen=True, slots=True)
class AnchorOutcome:
    """How an attempt ended; reason: a short code where it failed. receipt: what came back."""

    delivered: bool
    reason: str = ""
    receipt: bytes | None = None


def document_of(signed: SignedCheckpoint) -> bytes:
    """The checkpoint as the stand-alone verifier reads it."""
    return dumps(document(signed)).encode() + b"\n"


def next_attempt(attempts: int, now: datetime) -> datetime:
    """When a failed delivery is tried again: pauses double up to an hour, and never end.

    attempts: those made so far, from 1. An anchor that came late still holds.
    """
    return now + min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)
