"""The next checkpoint, decided from everything a signature rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from documentation.domain import merkle
from documentation.domain.checkpoints import StoredCheckpoint, announced, follow, key_id, sign
from documentation.domain.filing import utc_text
from documentation.domain.footing import (
    ChainStanding,
    Kept,
    SigningRefusedError,
    Vouched,
    refuse_altered,
    refuse_unfounded,
)
from documentation.domain.naming import listed
from documentation.domain.records import Head
from documentation.domain.restorations import declarations
from marktbund.contracts.documentation import CheckpointSigned


@dataclass(frozen=True, slots=True)
class Ground:
    """What the database says about the checkpoints it has.

    last: the highest; provable: the highest whose heads are known; heads: of `provable`. here: the
    row of the number asked for. declared: contents of the records that declare a break. altered:
    chains whose last audit had findings.
    """

    ledger_id: UUID
    last: StoredCheckpoint | None
    provable: StoredCheckpoint | None
    heads: Sequence[Head]
    here: StoredCheckpoint | None
    declared: Sequence[bytes]
    altered: Sequence[str]

    def kept(self, key: Ed25519PublicKey) -> Kept:
        """The same as what is held against what others vouch for."""
        return Kept(
            last=self.last.signed if self.last else None,
            provable=self.provable.signed if self.provable else None,
            heads=self.heads,
            declarations=declarations(self.declared, key),
            here=self.here.signed if self.here else None,
        )


@dataclass(frozen=True, slots=True)
class NextCheckpoint:
    """A checkpoint signed over all chains. moved: heads it covers and none before it did."""

    stored: StoredCheckpoint
    moved: Sequence[Head]
    news: CheckpointSigned


def next_checkpoint(
    ground: Ground,
    standings: Sequence[ChainStanding],
    vouched: Vouched,
    key: Ed25519PrivateKey,
    now: datetime,
) -> NextCheckpoint:
    """Sign where all chains stand. now: UTC.

    Raises SigningWaitsError when the checkpoint before is not in the topic yet,
    SigningRefusedError when the file is not what was signed, here or in the topic.
    """
    refuse_unfounded(ground.kept(key.public_key()), vouched, key.public_key())
    if ground.altered:
        raise SigningRefusedError("audit_findings", listed(ground.altered))
    refuse_altered(standings)
    heads = [standing.head for standing in standings]
    before = None if ground.last is None else ground.last.signed.checkpoint
    stored = StoredCheckpoint(
        signed=sign(follow(before, merkle.root(heads), utc_text(now)), key),
        key_id=key_id(key.public_key()),
        chains=len(heads),
        records=sum(head.seq for head in heads),
    )
    moved = [standing.head for standing in standings if standing.moved]
    return NextCheckpoint(stored, moved, announced(stored, ground.ledger_id))


def last_again(ground: Ground, key: Ed25519PublicKey) -> CheckpointSigned:
    """The news of the last checkpoint once more, for a log that was made anew.

    Raises SigningRefusedError when it is not ours or does not fit its heads, or there is none.
    """
    if ground.last is None:
        raise SigningRefusedError("nothing_signed")
    refuse_unfounded(ground.kept(key), Vouched(ground.last.signed), key)
    return announced(ground.last, ground.ledger_id)
