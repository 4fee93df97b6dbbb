"""One function per command: take events in, seal them, sign checkpoints over the chains."""

import os
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain import merkle
from documentation.domain.checkpoints import (
    Checkpoint,
    SignedCheckpoint,
    document,
    follow,
    key_id,
    refuse_altered,
    sign,
)
from documentation.domain.exports import Content
from documentation.domain.filing import chain_of, order_of, utc_text
from documentation.domain.records import SALT_BYTES, Head, Meta, Sealed, commit, empty_head, seal
from documentation.domain.restorations import Restoration
from documentation.store import chains, checkpoints, sealing
from documentation.store.checkpoints import StoredCheckpoint
from documentation.store.sealing import Entry, Holder, Waiting
from marktbund.contracts.documentation import CheckpointSigned
from marktbund.envelope import Received
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork

BATCH = 1000


async def record_events(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take events in as they came, byte for byte, committed to with fresh salts."""
    noise = os.urandom(SALT_BYTES * len(records))
    recorded_at = utc_text(uow.now)
    await sealing.add_entries(
        uow,
        [
            _entry(record, noise[start : start + SALT_BYTES], recorded_at)
            for start, record in zip(range(0, len(noise), SALT_BYTES), records, strict=True)
        ],
    )


def _entry(record: Received, salt: bytes, recorded_at: str) -> Entry:
    business = record.origin.business_time
    meta = Meta(
        chain=chain_of(record.event),
        event_id=str(record.event_id),
        type=record.type,
        key=record.key,
        aggregate_version=record.aggregate_version,
        time=utc_text(record.time),
        recorded_at=recorded_at,
        business_time=None if business is None else utc_text(business),
        demo=record.origin.demo,
    )
    return Entry(
        meta=meta,
        record=commit(meta, salt, record.value),
        content=Content(salt, record.value),
        event_id=record.event_id,
        order_id=order_of(record.value),
        traceparent=record.origin.traceparent,
    )


async def seal_batch(holder: Holder, uow: UnitOfWork) -> list[str]:
    """Give the next 1,000 waiting events of the held shards their places in their chains.

    Returns the traces that came with them, one entry for each such event. Raises
    SealerReplacedError when another process holds the lease by now.
    """
    waiting = await sealing.next_waiting(uow, holder.shards, BATCH)
    by_chain, repeated = _sorted(waiting)
    await sealing.drop_waiting(uow, repeated)
    if not by_chain:
        return []
    known = await sealing.lock_heads(uow, by_chain)
    new = {chain: empty_head(chain) for chain in by_chain.keys() - known.keys()}
    await sealing.open_chains(uow, list(new.values()))
    moved: list[tuple[int, Sealed]] = []
    moves: list[tuple[Head, Head]] = []
    for chain, queue in by_chain.items():
        before = known.get(chain) or new[chain]
        sealed, after = seal(before, [each.record for each in queue])
        moved += zip((each.number for each in queue), sealed, strict=True)
        moves.append((before, after))
    await sealing.move_into_chains(uow, moved)
    await sealing.advance_heads(uow, holder, moves)
    return [each.traceparent for queue in by_chain.values() for each in queue if each.traceparent]


def _sorted(waiting: Sequence[Waiting]) -> tuple[dict[str, list[Waiting]], list[Waiting]]:
    by_chain: dict[str, list[Waiting]] = defaultdict(list)
    repeated: list[Waiting] = []
    seen: set[str] = set()
    for each in waiting:
        event_id = each.record.event_id
        if each.known or event_id in seen:
            repeated.append(each)
        else:
            seen.add(event_id)
            by_chain[each.record.chain].append(each)
    return by_chain, repeated


async def sign_checkpoint(key: Ed25519PrivateKey, holder: Holder, uow: UnitOfWork) -> None:
    """Sign where all chains stand now, keep the heads that moved, and announce it.

    Raises SealerReplacedError when another process holds the lease by now, ChainAlteredError when
    a chain is not what the checkpoint before saw: our signature must never cover that up.
    """
    last = await checkpoints.latest(uow.connection)
    standings = await checkpoints.heads_now(uow.connection)
    refuse_altered(each.head.chain for each in standings if not each.intact)
    heads = [standing.head for standing in standings]
    before = None if last is None else last.signed.checkpoint
    signed = sign(follow(before, merkle.root(heads), utc_text(uow.now)), key)
    stored = StoredCheckpoint(
        signed=signed,
        key_id=key_id(key.public_key()),
        chains=len(heads),
        records=sum(head.seq for head in heads),
    )
    moved = [each.head for each in standings if each.head.seq > each.covered]
    await checkpoints.add_checkpoint(uow, stored, moved, holder)
    uow.announce(await _signed_event(stored, uow))


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


async def take_back_checkpoint(event: CheckpointSigned, uow: UnitOfWork) -> None:
    """A checkpoint that was published, into a ledger that forgot it: its number is given."""
    checkpoint = Checkpoint(
        event.number,
        utc_text(event.time),
        bytes.fromhex(event.root),
        bytes.fromhex(event.previous),
    )
    signed = SignedCheckpoint(checkpoint, bytes.fromhex(event.signature))
    await checkpoints.take_back(
        uow, StoredCheckpoint(signed, event.key_id, event.chains, event.records)
    )


async def declare_restoration(uow: UnitOfWork) -> None:
    """Say in every chain that the file was put back and what had been published by then.

    Behind all events heard again, which wait to be sealed; nothing where no checkpoint is gone.
    """
    published = await checkpoints.latest(uow.connection)
    kept = await checkpoints.latest(uow.connection, provable=True)
    if published is None or not published.taken_over:
        return
    restoration = Restoration(
        ledger=await checkpoints.ledger_id(uow.connection),
        kept=kept.signed.checkpoint.number if kept else 0,
        published=published.signed,
        time=utc_text(uow.now),
        demo=uow.origin.demo,
    )
    entries = []
    for head in await chains.heads_with_waiting(uow.connection):
        event_id = new_id()
        declared = restoration.declared_in(head, event_id, os.urandom(SALT_BYTES))
        entries.append(Entry(*declared, event_id=event_id, order_id=None))
    await sealing.add_entries(uow, entries)
