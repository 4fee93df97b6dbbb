"""What a signature rests on: the checkpoint before it, and everything outside that vouches for it.

A checkpoint says that all chains hang together up to now, so the one before must be ours, must
still fit the heads kept for it, and must be what was signed here and published. Whoever writes the
database without the key can make its tables agree with each other; with these four they cannot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation.domain import merkle
from documentation.domain.checkpoints import SignedCheckpoint, is_signed_by
from documentation.domain.naming import listed
from documentation.domain.records import Head
from documentation.domain.restorations import Declaration


class SigningStoppedError(Exception):
    """Nothing is signed now. code: stable; detail: what it is about, for operators."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class SigningRefusedError(SigningStoppedError):
    """The file is not what was signed; our signature must never cover that up."""


class SigningWaitsError(SigningStoppedError):
    """What the signature needs is on its way, or cannot be asked for at the moment."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """What is known outside the database: last of its topic, last signed by this process."""

    published: SignedCheckpoint | None
    signed_here: SignedCheckpoint | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database says. last: its highest checkpoint; provable: the highest whose heads are
    known, the same unless `last` was taken over; heads: those of `provable`. here: its row for
    the number that this process signed last.
    """

    last: SignedCheckpoint | None
    provable: SignedCheckpoint | None
    heads: Sequence[Head]
    declarations: Sequence[Declaration]
    here: SignedCheckpoint | None = None


@dataclass(frozen=True, slots=True)
class ChainStanding:
    """A chain's head, the head that checkpoints cover, and the stored hashes at those places."""

    head: Head
    stored: bytes | None
    covered: Head | None = None
    stored_at_covered: bytes | None = None

    @property
    def moved(self) -> bool:
        """Whether the next checkpoint covers more of this chain."""
        return self.covered is None or self.head.seq > self.covered.seq

    @property
    def intact(self) -> bool:
        """Whether the chain holds its covered head and leads on from there, or stands there."""
        if self.stored != self.head.hash:
            return False
        if self.covered is None:
            return True
        if self.stored_at_covered != self.covered.hash:
            return False
        return self.head.seq > self.covered.seq or self.head == self.covered


def refuse_unfounded(kept: Kept, vouched: Vouched, key: Ed25519PublicKey) -> None:
    """Raises SigningRefusedError or SigningWaitsError unless a signature may follow `kept.last`."""
    _refuse_forgotten(kept, vouched)
    _refuse_apart(kept.last, vouched.published)
    if kept.last is None:
        return
    if not is_signed_by(kept.last, key):
        raise SigningRefusedError("signature_invalid", _named(kept.last))
    if kept.last != kept.provable:
        _refuse_undeclared(kept)
    if kept.provable is None:
        return
    if not is_signed_by(kept.provable, key):
        raise SigningRefusedError("signature_invalid", _named(kept.provable))
    if merkle.root(kept.heads) != kept.provable.checkpoint.root:
        raise SigningRefusedError("root_mismatch", _named(kept.provable))


def refuse_altered(standings: Iterable[ChainStanding]) -> None:
    """Raises SigningRefusedError, which names the chains that do not hold what they held."""
    altered = sorted(standing.head.chain for standing in standings if not standing.intact)
    if altered:
        raise SigningRefusedError("chain_altered", listed(altered))


def _refuse_forgotten(kept: Kept, vouched: Vouched) -> None:
    if vouched.signed_here is not None and kept.here != vouched.signed_here:
        raise SigningRefusedError("ledger_forgot", _named(vouched.signed_here))


def _refuse_apart(last: SignedCheckpoint | None, published: SignedCheckpoint | None) -> None:
    if last == published:
        return
    ours, theirs = _number(last), _number(published)
    if ours > theirs:
        raise SigningWaitsError("not_in_topic", f"signed {ours}, published {theirs}")
    code = "topic_ahead" if theirs > ours else "topic_differs"
    raise SigningRefusedError(code, f"signed {ours}, published {theirs}")


def _refuse_undeclared(kept: Kept) -> None:
    before = _number(kept.provable)
    for declaration in kept.declarations:
        if declaration.published == kept.last and declaration.kept == before:
            return
    raise SigningRefusedError("taken_over_undeclared", f"{before + 1} to {_number(kept.last)}")


def _number(signed: SignedCheckpoint | None) -> int:
    return 0 if signed is None else signed.checkpoint.number


def _named(signed: SignedCheckpoint) -> str:
    return f"checkpoint {_number(signed)}"
