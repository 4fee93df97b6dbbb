"""Checkpoints are signed over all chains, where the one before and the topic bear it."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from documentation.domain import merkle
from documentation.domain.checkpoints import (
    Checkpoint,
    SignedCheckpoint,
    document,
    follow,
    key_id,
    sign,
)
from documentation.domain.filing import utc_text
from documentation.domain.footing import (
    Kept,
    SigningRefusedError,
    Vouched,
    refuse_altered,
    refuse_unfounded,
)
from documentation.domain.naming import listed
from documentation.domain.restorations import declarations
from documentation.store import audits, checkpoints, restorations, signing
from documentation.store.checkpoints import StoredCheckpoint
from documentation.store.sealing import Holder
from documentation.store.signing import Note
from marktbund.contracts.documentation import CheckpointAnchored, CheckpointSigned
from marktbund.unit_of_work import UnitOfWork


async def sign_checkpoint(
    key: Ed25519PrivateKey, holder: Holder, uow: UnitOfWork, vouched: Vouched
) -> SignedCheckpoint:
    """Sign where all chains stand now, keep the heads that moved, and announce it.

    Raises SealerReplacedError when another process holds the lease by now, SigningWaitsError when
    the checkpoint before is not in the topic yet, SigningRefusedError when the file is not what
    was signed, here or in the topic.
    """
    kept = await _kept(uow, vouched, key.public_key())
    refuse_unfounded(kept, vouched, key.public_key())
    altered = await audits.altered(uow.connection)
    if altered:
        raise SigningRefusedError("audit_findings", listed(altered))
    standings = await checkpoints.heads_now(uow.connection)
    refuse_altered(standings)
    heads = [standing.head for standing in standings]
    before = None if kept.last is None else kept.last.checkpoint
    signed = sign(follow(before, merkle.root(heads), utc_text(uow.now)), key)
    stored = StoredCheckpoint(
        signed=signed,
        key_id=key_id(key.public_key()),
        chains=len(heads),
        records=sum(head.seq for head in heads),
    )
    moved = [standing.head for standing in standings if standing.moved]
    await checkpoints.add_checkpoint(uow, stored, moved, holder)
    uow.announce(await _signed_event(stored, uow))
    return signed


async def _kept(uow: UnitOfWork, vouched: Vouched, key: Ed25519PublicKey) -> Kept:
    connection = uow.connection
    last = provable = await checkpoints.latest(connection)
    payloads: list[bytes] = []
    if last is not None and last.taken_over:
        provable = await checkpoints.latest(connection, provable=True)
        payloads = await restorations.payloads(connection)
    here = vouched.signed_here
    same = None if here is None else await checkpoints.by_number(connection, here.checkpoint.number)
    number = provable.signed.checkpoint.number if provable else 0
    return Kept(
        last=last.signed if last else None,
        provable=provable.signed if provable else None,
        heads=await checkpoints.heads_at(connection, number),
        declarations=declarations(payloads, key),
        here=same.signed if same else None,
    )


async def announce_again(key: Ed25519PublicKey, uow: UnitOfWork) -> int:
    """Announce the last checkpoint once more, for a log that was made anew; returns its number.

    Raises SigningRefusedError when it is not ours or does not fit its heads, or there is none.
    """
    last = await checkpoints.latest(uow.connection)
    if last is None:
        raise SigningRefusedError("nothing_signed")
    kept = await _kept(uow, Vouched(last.signed), key)
    refuse_unfounded(kept, Vouched(last.signed), key)
    uow.announce(await _signed_event(last, uow))
    return last.signed.checkpoint.number


async def keep_note(uow: UnitOfWork, note: Note) -> None:
    """Note whether checkpoints are signed, and if not, why."""
    await signing.keep(uow, note)


def signed_of(event: CheckpointSigned | CheckpointAnchored) -> SignedCheckpoint:
    """The checkpoint that an event announced."""
    checkpoint = Checkpoint(
        event.number,
        utc_text(event.time),
        bytes.fromhex(event.root),
        bytes.fromhex(event.previous),
    )
    return SignedCheckpoint(checkpoint, bytes.fromhex(event.signature))


async def _signed_event(stored: StoredCheckpoint, uow: UnitOfWork) -> CheckpointSigned:
    published = document(stored.signed)
    checkpoint = stored.signed.checkpoint
    return CheckpointSigned(
        version=checkpoint.number,
        ledger_id=await checkpoints.ledger_id(uow.connection),
        number=checkpoint.number,
        time=datetime.fromisoformat(checkpoint.time),
        root=str(published["root"]),
        previous=str(published["previous"]),
        signature=str(published["signature"]),
        key_id=stored.key_id,
        chains=stored.chains,
        records=stored.records,
    )
