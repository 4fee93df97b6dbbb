"""The day's checkpoint on its way outside: the exact bytes that go, and when it is tried again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation.domain.checkpoints import (
    SignedCheckpoint,
    StoredCheckpoint,
    document,
    is_signed_by,
    key_id,
)
from documentation.domain.footing import SigningRefusedError
from marktbund import clock
from marktbund.contracts.documentation import CheckpointAnchored
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


@dataclass(frozen=True, slots=True)
class AnchorGround:
    """What an anchor is made of: the last checkpoint, the ledger, how many anchors there are."""

    ledger_id: UUID
    last: StoredCheckpoint | None
    anchors: int


@dataclass(frozen=True, slots=True)
class NewAnchor:
    """A day's anchor and its news, whose version is the anchor's."""

    anchored: AnchoredCheckpoint
    news: CheckpointAnchored


def next_anchor(
    ground: AnchorGround, key: Ed25519PublicKey, now: datetime, anchor_id: UUID
) -> NewAnchor | None:
    """The last checkpoint as the anchor of the day in Europe/Berlin; None where there is none yet.

    Raises SigningRefusedError when the last checkpoint is not ours.
    """
    if ground.last is None:
        return None
    signed = ground.last.signed
    if not is_signed_by(signed, key):
        raise SigningRefusedError("signature_invalid", "the last checkpoint")
    checkpoint, day = signed.checkpoint, clock.business_date(now)
    news = CheckpointAnchored(
        version=ground.anchors + 1,
        ledger_id=ground.ledger_id,
        anchor_id=anchor_id,
        day=day,
        number=checkpoint.number,
        time=datetime.fromisoformat(checkpoint.time),
        root=checkpoint.root.hex(),
        previous=checkpoint.previous.hex(),
        signature=signed.signature.hex(),
        key_id=key_id(key),
    )
    return NewAnchor(AnchoredCheckpoint(day, checkpoint.number, document_of(signed)), news)


def document_of(signed: SignedCheckpoint) -> bytes:
    """The checkpoint as the stand-alone verifier reads it."""
    return dumps(document(signed)).encode() + b"\n"


def next_attempt(attempts: int, now: datetime) -> datetime:
    """When a failed delivery is tried again: pauses double up to an hour, and never end.

    attempts: those made so far, from 1. An anchor that came late still holds.
    """
    return now + min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)
