"""Events are taken in as they came and given their places in the chains."""

import os
from collections import defaultdict
from collections.abc import Sequence

from documentation.domain.exports import Content
from documentation.domain.filing import chain_of, order_of, utc_text
from documentation.domain.records import SALT_BYTES, Head, Meta, Sealed, commit, empty_head, seal
from documentation.store import sealing
from documentation.store.sealing import FileEntry, Holder, UnsealedEvent
from marktbund.envelope import Received
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


def _entry(record: Received, salt: bytes, recorded_at: str) -> FileEntry:
    business = record.origin.business_time
    meta = Meta(
        chain=chain_of(record.event, record.value),
        event_id=str(record.event_id),
        type=record.type,
        key=record.key,
        aggregate_version=record.aggregate_version,
        time=utc_text(record.time),
        recorded_at=recorded_at,
        business_time=None if business is None else utc_text(business),
        demo=record.origin.demo,
    )
    return FileEntry(
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
        sealed, after = seal(before, [event.record for event in queue])
        moved += zip((event.number for event in queue), sealed, strict=True)
        moves.append((before, after))
    await sealing.move_into_chains(uow, moved)
    await sealing.advance_heads(uow, holder, moves)
    return [
        event.traceparent for queue in by_chain.values() for event in queue if event.traceparent
    ]


def _sorted(
    waiting: Sequence[UnsealedEvent],
) -> tuple[dict[str, list[UnsealedEvent]], list[UnsealedEvent]]:
    by_chain: dict[str, list[UnsealedEvent]] = defaultdict(list)
    repeated: list[UnsealedEvent] = []
    seen: set[str] = set()
    for event in waiting:
        event_id = event.record.event_id
        if event.known or event_id in seen:
            repeated.append(event)
        else:
            seen.add(event_id)
            by_chain[event.record.chain].append(event)
    return by_chain, repeated
