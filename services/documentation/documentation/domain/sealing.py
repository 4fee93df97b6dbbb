"""Waiting events get their numbers: which are sealed, in which chain, and where each chain ends."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documentation.domain.records import Head, Record, Sealed, empty_head, seal


@dataclass(frozen=True, slots=True)
class UnsealedEvent:
    """A waiting event as far as the sealer needs it; `number` is its position in the queue.

    known: the event is in its chain already, redelivered after the inbox forgot it. traceparent:
    the trace the event came with; it is no part of the record.
    """

    number: int
    record: Record
    known: bool
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Queues:
    """Chain -> what waits for it, oldest first. repeated: a record is unique by its event."""

    by_chain: Mapping[str, Sequence[UnsealedEvent]]
    repeated: Sequence[UnsealedEvent]


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """opened: heads of chains that begin now. moved: queue numbers and the records they became.

    moves: where a chain ended, and where it ends now. traces: those the events came with.
    """

    opened: Sequence[Head]
    moved: Sequence[tuple[int, Sealed]]
    moves: Sequence[tuple[Head, Head]]
    traces: Sequence[str]


def queued(waiting: Sequence[UnsealedEvent]) -> Queues:
    """Sort waiting events by chain; repeated ones aside."""
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
    return Queues(by_chain, repeated)


def sealed_batch(queues: Queues, heads: Mapping[str, Head]) -> SealedBatch:
    """Number and link what waits. heads: of the chains that exist; others begin at number 1."""
    opened: list[Head] = []
    moved: list[tuple[int, Sealed]] = []
    moves: list[tuple[Head, Head]] = []
    for chain, queue in queues.by_chain.items():
        before = heads.get(chain)
        if before is None:
            before = empty_head(chain)
            opened.append(before)
        rows, after = seal(before, [event.record for event in queue])
        moved += zip((event.number for event in queue), rows, strict=True)
        moves.append((before, after))
    events = (event for queue in queues.by_chain.values() for event in queue)
    return SealedBatch(opened, moved, moves, [e.traceparent for e in events if e.traceparent])
