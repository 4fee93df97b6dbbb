"""Signed statements about all chains at one moment; whoever keeps one can detect later changes.

The signed bytes are the RFC 8785 JSON of {format, number, time, root, previous}, digests
in lower-case hex. `previous` is the SHA-256 of the signed bytes of the checkpoint before it, for
number 1 it is 32 zero bytes. The format keeps the signature from meaning anything else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from documentation.domain.filing import utc_text
from documentation.domain.verifier import CHECKPOINT_FORMAT
from marktbund.contracts.documentation import CheckpointAnchored, CheckpointSigned

NO_CHECKPOINT = bytes(32)
RECORDS_BETWEEN = 1000
TIME_BETWEEN = timedelta(seconds=10)
"""Whichever comes first: the most records, or the longest time, that may stay unsigned."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: the Merkle root of all heads, when, and which checkpoint came before.

    `time` is kept as text because its exact bytes are signed.
    """

    number: int
    time: str
    root: bytes
    previous: bytes


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as it is published and handed to auditors."""

    checkpoint: Checkpoint
    signature: bytes


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A signed checkpoint with what is told about it; `records` counts all since the beginning.

    taken_over: it came back from the log after a restore; the heads it covers are not known.
    """

    signed: SignedCheckpoint
    key_id: str
    chains: int
    records: int
    taken_over: bool = False


def follow(previous: Checkpoint | None, root: bytes, time: str) -> Checkpoint:
    """The checkpoint that comes after `previous` (none: the first of all)."""
    if previous is None:
        return Checkpoint(1, time, root, NO_CHECKPOINT)
    return Checkpoint(previous.number + 1, time, root, checkpoint_hash(previous))


def canonical_bytes(checkpoint: Checkpoint) -> bytes:
    """The bytes the signature covers."""
    return rfc8785.dumps(_body(checkpoint))


def checkpoint_hash(checkpoint: Checkpoint) -> bytes:
    """The name by which the next checkpoint refers to this one."""
    return sha256(canonical_bytes(checkpoint)).digest()


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> SignedCheckpoint:
    """Vouch for a checkpoint; Ed25519 needs no randomness, so signing twice gives the same."""
    return SignedCheckpoint(checkpoint, key.sign(canonical_bytes(checkpoint)))


def is_signed_by(signed: SignedCheckpoint, key: Ed25519PublicKey) -> bool:
    """Whether the holder of `key` signed exactly this checkpoint."""
    try:
        key.verify(signed.signature, canonical_bytes(signed.checkpoint))
    except InvalidSignature:
        return False
    return True


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key: SHA-256 of its 32 raw bytes, lower-case hex."""
    return sha256(key.public_bytes_raw()).hexdigest()


def is_due(new_records: int, since_last: timedelta | None) -> bool:
    """Whether the next checkpoint must be signed; None: there is none yet."""
    if new_records == 0:
        return False
    return new_records >= RECORDS_BETWEEN or since_last is None or since_last >= TIME_BETWEEN


def broken_numbers(
    checkpoints: Iterable[SignedCheckpoint],
    key: Ed25519PublicKey,
    after: Checkpoint | None = None,
) -> list[int]:
    """The numbers of checkpoints that are not signed or do not continue the one before them.

    Pass the last trusted checkpoint as `after` to check only what came since.
    """
    broken = []
    before = after
    for signed in checkpoints:
        checkpoint = signed.checkpoint
        if not is_signed_by(signed, key) or checkpoint != follow(
            before, checkpoint.root, checkpoint.time
        ):
            broken.append(checkpoint.number)
        before = checkpoint
    return broken


def document(signed: SignedCheckpoint) -> Mapping[str, str | int]:
    """The checkpoint as JSON for publication; the verifier reads exactly these fields."""
    return {**_body(signed.checkpoint), "signature": signed.signature.hex()}


def signed_of(event: CheckpointSigned | CheckpointAnchored) -> SignedCheckpoint:
    """The checkpoint that an event announced."""
    root, previous = bytes.fromhex(event.root), bytes.fromhex(event.previous)
    checkpoint = Checkpoint(event.number, utc_text(event.time), root, previous)
    return SignedCheckpoint(checkpoint, bytes.fromhex(event.signature))


def announced(stored: StoredCheckpoint, ledger_id: UUID) -> CheckpointSigned:
    """The event that says what was signed."""
    checkpoint = stored.signed.checkpoint
    return CheckpointSigned(
        version=checkpoint.number,
        ledger_id=ledger_id,
        number=checkpoint.number,
        time=datetime.fromisoformat(checkpoint.time),
        root=checkpoint.root.hex(),
        previous=checkpoint.previous.hex(),
        signature=stored.signed.signature.hex(),
        key_id=stored.key_id,
        chains=stored.chains,
        records=stored.records,
    )


def _body(checkpoint: Checkpoint) -> Mapping[str, str | int]:
    return {
        "format": CHECKPOINT_FORMAT,
        "number": checkpoint.number,
        "time": checkpoint.time,
        "root": checkpoint.root.hex(),
        "previous": checkpoint.previous.hex(),
    }
