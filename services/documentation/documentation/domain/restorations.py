"""A break declared: the file was put back to an earlier point and heard the events again.

What was sealed between backup and loss has other salts and numbers now, so checkpoints published
meanwhile vouch for a file that is no more. One signed record in every chain says so; nothing hides
it, and no checkpoint is excused without.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from documentation.domain.checkpoints import (
    Checkpoint,
    SignedCheckpoint,
    StoredCheckpoint,
    document,
)
from documentation.domain.exports import Content
from documentation.domain.filing import FileEntry
from documentation.domain.records import Head, Meta, commit
from documentation.domain.verifier import RESTORED
from marktbund.jsons import dumps, loads

FORMAT = "marktbund-restoration/1"


class _Published(TypedDict):
    number: int
    time: str
    root: str
    previous: str
    signature: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the key's holder declared: after checkpoint `kept` up to `published` heads are gone."""

    kept: int
    published: SignedCheckpoint

    def covers(self, number: int) -> bool:
        """Whether the heads of this checkpoint are declared gone."""
        return self.kept < number <= self.published.checkpoint.number


@dataclass(frozen=True, slots=True)
class Restoration:
    """kept: the last checkpoint whose heads are still here, 0 for none. published: the last one
    the log holds. time: when it was declared, as it is hashed.
    """

    ledger: UUID
    kept: int
    published: SignedCheckpoint
    time: str
    demo: bool

    def declared_in(
        self, restored: Head, event_id: UUID, salt: bytes, key: Ed25519PrivateKey
    ) -> FileEntry:
        """The record for one chain, whose numbers after the restored head are given anew."""
        statement: dict[str, str | int | Mapping[str, str | int]] = {
            "format": FORMAT,
            "chain": restored.chain,
            "ledger_id": str(self.ledger),
            "numbered_anew_from": restored.seq + 1,
            "last_kept_checkpoint": self.kept,
            "last_published_checkpoint": document(self.published),
            "time": self.time,
        }
        signature = key.sign(rfc8785.dumps(statement)).hex()
        meta = Meta(
            chain=restored.chain,
            event_id=str(event_id),
            type=RESTORED,
            key=str(self.ledger),
            aggregate_version=restored.seq + 1,
            time=self.time,
            recorded_at=self.time,
            business_time=None,
            demo=self.demo,
        )
        content = Content(salt, dumps(statement | {"signature": signature}).encode())
        return FileEntry(
            meta, commit(meta, salt, content.payload), content, event_id=event_id, order_id=None
        )

    def declared(
        self,
        heads: Iterable[Head],
        key: Ed25519PrivateKey,
        new_id: Callable[[], UUID],
        new_salt: Callable[[], bytes],
    ) -> list[FileEntry]:
        """The records for all chains."""
        return [self.declared_in(head, new_id(), new_salt(), key) for head in heads]


def restoration_of(
    ledger: UUID,
    last: StoredCheckpoint | None,
    provable: StoredCheckpoint | None,
    time: str,
    *,
    demo: bool,
) -> Restoration | None:
    """What is to be declared; None: no checkpoint is gone."""
    if last is None or not last.taken_over:
        return None
    kept = provable.signed.checkpoint.number if provable else 0
    return Restoration(ledger, kept, last.signed, time, demo)


def declarations(payloads: Iterable[bytes], key: Ed25519PublicKey) -> Sequence[Declaration]:
    """Those of the contents of declaring records that the holder of `key` signed."""
    return [made for payload in payloads if (made := _signed(payload, key)) is not None]


def _signed(payload: bytes, key: Ed25519PublicKey) -> Declaration | None:
    try:
        statement = loads(payload)
        key.verify(bytes.fromhex(statement.pop("signature")), rfc8785.dumps(statement))
        if statement["format"] != FORMAT:
            return None
        return Declaration(
            int(statement["last_kept_checkpoint"]),
            _checkpoint(statement["last_published_checkpoint"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        return None


def _checkpoint(fields: _Published) -> SignedCheckpoint:
    root, previous = bytes.fromhex(fields["root"]), bytes.fromhex(fields["previous"])
    return SignedCheckpoint(
        Checkpoint(fields["number"], fields["time"], root, previous),
        bytes.fromhex(fields["signature"]),
    )
