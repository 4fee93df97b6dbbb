"""Where an event is filed: the chain of the member concerned, and the order it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue
from pydantic_core import from_json

from documentation.domain.exports import Content
from documentation.domain.records import SALT_BYTES, Meta, Record, commit
from marktbund.contracts.base import Message
from marktbund.envelope import Received, Unread
from marktbund.jsons import loads

COOPERATIVE: Final = "cooperative"
"""The chain of everything that concerns no single member: people, suppliers, price lists."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """An event on its way into the file, commitments already made.

    traceparent: the trace the event came with; it is no part of the record.
    """

    meta: Meta
    record: Record
    content: Content
    event_id: UUID
    order_id: UUID | None
    traceparent: str | None = None


def entries_of(records: Sequence[Received], noise: bytes, recorded_at: datetime) -> list[FileEntry]:
    """Events as they came, byte for byte, each committed to with its own salt.

    noise: as many random bytes as the salts of all of them need. Raises ValueError for fewer.
    """
    starts = range(0, len(noise), SALT_BYTES)
    recorded = utc_text(recorded_at)
    return [
        _entry(record, noise[start : start + SALT_BYTES], recorded)
        for start, record in zip(starts, records, strict=True)
    ]


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


def chain_of(event: Message, payload: bytes) -> str:
    """The chain id: the member's id as text, or the cooperative's chain. Of a type of a later
    release the exact bytes say whose it is.
    """
    if isinstance(event, Unread):
        member_id = _named(payload, "member_id")
    else:
        member_id = getattr(event, "member_id", None)
    return COOPERATIVE if member_id is None else str(member_id)


def order_of(payload: bytes) -> UUID | None:
    """The order an event's exact bytes name, None where they name none or cannot be read."""
    return _named(payload, "order_id")


def _named(payload: bytes, field: str) -> UUID | None:
    try:
        named = loads(payload).get(field)
        return None if named is None else UUID(named)
    except (ValueError, AttributeError, TypeError):
        return None


def readable(payload: bytes) -> JsonValue:
    """An event's content as JSON values; as text where somebody made it unreadable, or nested it
    deeper than 200 levels.
    """
    try:
        value: JsonValue = from_json(payload, allow_inf_nan=False)
    except ValueError:
        return payload.decode("utf-8", "replace")
    return value


def utc_text(moment: datetime) -> str:
    """A UTC time as the text that is hashed and signed; the same that events carry in JSON."""
    return moment.isoformat().replace("+00:00", "Z")
