"""The envelope of a record: CloudEvents 1.0, Kafka binary mode, with our headers beside it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from pydantic import ValidationError

from marktbund.clock import to_utc
from marktbund.contracts import MESSAGES, TOPICS
from marktbund.contracts.base import Message, Topic
from marktbund.logs import LineIds, joined
from marktbund.telemetry import tracing

_WELL_FORMED = re.compile(r"marktbund\.[a-z-]+\.[A-Za-z]+\.v[1-9][0-9]*")
MAX_VALUE_BYTES = 900_000
"""Largest value we announce or take: below Kafka's 1 MiB with room for headers."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an effect comes from: travels from the request through every event it causes.

    business_time dates orders in a deployment flagged demo; None means system time. traceparent:
    W3C trace context, well-formed; what an effect causes is traced under it.
    """

    correlation_id: str
    business_time: datetime | None = None
    demo: bool = False
    traceparent: str | None = None


class Raw(Protocol):
    """A record as a Kafka client hands it over; this room knows no client."""

    @property
    def topic(self) -> str:
        """With the deployment's prefix."""

    @property
    def partition(self) -> int:
        """Counted from 0."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""

    @property
    def key(self) -> bytes | None:
        """The aggregate's id."""

    @property
    def value(self) -> bytes | None:
        """JSON; None is a tombstone, which nobody of us writes."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """CloudEvents attributes and ours."""


@dataclass(frozen=True, slots=True)
class Received:
    """One decoded record. `topic` is without the deployment's prefix."""

    topic: Topic
    partition: int
    offset: int
    key: str
    event_id: UUID
    type: str
    time: datetime
    aggregate_version: int
    origin: Origin
    event: Message
    value: bytes

    @property
    def business_time(self) -> datetime:
        """When it happened for the people concerned: driven time in a demo, else system time."""
        return self.origin.business_time or self.time


class Unread(Message):
    """An event of a type that this release does not know: its key and version, not its content.

    Readers are released before writers; who is late all the same skips it, and the file keeps it.
    """

    key_field: ClassVar[str] = "record_key"

    record_key: str


class PoisonError(Exception):
    """A record that no retry will make readable. `code` is stable."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail[:500]


def write_headers(
    event: Message, event_id: UUID, source: str, time: datetime, origin: Origin
) -> Mapping[str, str]:
    """The headers of an event, CloudEvents attributes as `ce_*`; all values text."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(event_id),
        "ce_source": f"/marktbund/{source}",
        "ce_type": event.type_name(),
        "ce_time": time.isoformat(),
        "ce_subject": event.key,
        "content-type": "application/json",
        "correlation_id": origin.correlation_id,
        "aggregate_version": str(event.version),
        "demo": "true" if origin.demo else "false",
    }
    if origin.business_time is not None:
        headers["business_time"] = origin.business_time.isoformat()
    if origin.traceparent is not None:
        headers[tracing.TRACEPARENT] = origin.traceparent
    return headers


def read(record: Raw, prefix: str) -> Received:
    """A record as the event it carries.

    A type nobody of this release knows is `Unread`. Raises PoisonError for anything unreadable:
    null or oversized value, headers that are not UTF-8 or missing, no type at all, JSON or schema
    errors, key or version that disagree.
    """
    headers = _text_headers(record.headers)
    topic = record.topic.removeprefix(prefix)
    kind = _kind(headers, topic)
    _require_bounded(record.value)
    key = (record.key or b"").decode("utf-8", "replace")
    event = _unread(headers, key) if kind is None else _event(kind, record.value)
    if key != event.key:
        raise PoisonError("key_mismatch", f"key {key!r}, value {event.key!r}")
    received = _received(record, headers, event, TOPICS[topic])
    if received.aggregate_version != event.version:
        raise PoisonError("version_mismatch", f"header {received.aggregate_version}")
    return received


def _text_headers(headers: Sequence[tuple[str, bytes]]) -> Mapping[str, str]:
    try:
        return {name: value.decode("utf-8") for name, value in headers}
    except (UnicodeDecodeError, AttributeError) as error:
        raise PoisonError("bad_header", str(error)) from error


def _kind(headers: Mapping[str, str], topic: str) -> type[Message] | None:
    """The model of a record's type; None for one that only a later release knows."""
    name = headers.get("ce_type", "")
    kind = MESSAGES.get(name)
    if kind is None and topic in TOPICS and _WELL_FORMED.fullmatch(name):
        return None
    if kind is None:
        raise PoisonError("unknown_type", headers.get("ce_type", "ce_type is missing"))
    if kind.topic.name != topic:
        raise PoisonError("wrong_topic", f"{kind.type_name()} on {topic}")
    return kind


def _require_bounded(value: bytes | None) -> None:
    if value is None:
        raise PoisonError("null_value", "a state that goes is `withdrawn`, never a tombstone")
    if len(value) > MAX_VALUE_BYTES:
        raise PoisonError("too_large", f"{len(value)} bytes")


def _unread(headers: Mapping[str, str], key: str) -> Unread:
    try:
        return Unread(version=int(headers["aggregate_version"]), record_key=key)
    except (KeyError, ValueError) as error:
        raise PoisonError("bad_header", repr(error)) from error


def _event(kind: type[Message], value: bytes | None) -> Message:
    try:
        return kind.model_validate_json(value or b"")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        code = "bad_json" if first["type"] == "json_invalid" else "wrong_schema"
        field = ".".join(str(part) for part in first["loc"])
        raise PoisonError(code, f"{field}: {first['msg']}") from error


def _received(record: Raw, headers: Mapping[str, str], event: Message, topic: Topic) -> Received:
    try:
        business = headers.get("business_time")
        return Received(
            topic=topic,
            partition=record.partition,
            offset=record.offset,
            key=event.key,
            event_id=UUID(headers["ce_id"]),
            type=headers["ce_type"],
            time=to_utc(datetime.fromisoformat(headers["ce_time"])),
            aggregate_version=int(headers["aggregate_version"]),
            origin=Origin(
                correlation_id=headers.get("correlation_id", ""),
                business_time=to_utc(datetime.fromisoformat(business)) if business else None,
                demo=headers.get("demo") == "true",
                traceparent=tracing.well_formed(headers.get(tracing.TRACEPARENT)),
            ),
            event=event,
            value=record.value or b"",
        )
    except (KeyError, ValueError) as error:
        raise PoisonError("bad_header", repr(error)) from error


def joined_by(origin: Origin) -> LineIds:
    """What log lines about this origin's effects carry."""
    return joined(origin.correlation_id, origin.traceparent)


def joined_by_headers(record: Raw) -> LineIds:
    """The same for a record that may be unreadable: what is not well-formed is left out."""
    headers = {name: (value or b"").decode("ascii", "replace") for name, value in record.headers}
    return joined(headers.get("correlation_id", ""), headers.get(tracing.TRACEPARENT))


def dated(origin: Origin, business_time: datetime) -> Origin:
    """The same origin under another business time."""
    return replace(origin, business_time=business_time)
