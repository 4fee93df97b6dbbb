"""Records that nobody can apply, each on a key of its own, and a good one behind it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from aiokafka import AIOKafkaProducer

from marktbund.contracts import MESSAGES, TOPICS
from marktbund.contracts.base import Topic
from marktbund.kafka_access import KafkaAccess

Headers = list[tuple[str, bytes]]

TOPICS_FED = (
    "orders.order.events.v1",
    "orders.supplier-order.events.v1",
    "supplier-gateway.delivery.events.v1",
    "supplier-gateway.response.events.v1",
)
_TOO_LARGE = 950_000
"""Bytes that the broker takes and no consumer does."""


def _json(headers: Headers) -> tuple[bytes | None, Headers]:
    return b'{"order_id": ', headers


def _schema(headers: Headers) -> tuple[bytes | None, Headers]:
    return b'{"order_id": 7}', headers


def _untyped(headers: Headers) -> tuple[bytes | None, Headers]:
    return b'{"news": true}', [(name, value) for name, value in headers if name != "ce_type"]


def _large(headers: Headers) -> tuple[bytes | None, Headers]:
    return b'{"text": "' + b"x" * _TOO_LARGE + b'"}', headers


def _null(headers: Headers) -> tuple[bytes | None, Headers]:
    return None, headers


def _header(headers: Headers) -> tuple[bytes | None, Headers]:
    return b"{}", [*headers, ("ce_source", b"\xff\xfe")]


SORTS: dict[str, tuple[str, Callable[[Headers], tuple[bytes | None, Headers]]]] = {
    "bad JSON": ("bad_json", _json),
    "wrong schema": ("wrong_schema", _schema),
    "no type": ("unknown_type", _untyped),
    "too large": ("too_large", _large),
    "null": ("null_value", _null),
    "bad header": ("bad_header", _header),
}
"""Sort -> the code it is parked with, and what makes value and headers of it."""


@dataclass
class Poison:
    """What was produced: topic without prefix and key -> code of the first record."""

    prefix: str
    rng: random.Random
    codes: dict[tuple[str, bytes], str] = field(default_factory=dict)
    keys: set[bytes] = field(default_factory=set)

    async def produce(self, kafka: KafkaAccess, sort: str) -> None:
        """One poisoned record and one behind it that only has to wait. Raises KafkaError."""
        topic = TOPICS[self.rng.choice(TOPICS_FED)]
        code, make = SORTS[sort]
        key = str(uuid4()).encode()
        kind = _types(topic)[0]
        self.codes[topic.name, key] = code
        self.keys.add(key)
        producer = AIOKafkaProducer(**kafka.aiokafka(), acks="all", enable_idempotence=True)
        try:
            await producer.start()
            value, headers = make(_headers(kind))
            name = self.prefix + topic.name
            await producer.send_and_wait(name, value, key=key, headers=headers)
            await producer.send_and_wait(name, b"{}", key=key, headers=_headers(kind))
        finally:
            await producer.stop()


def _types(topic: Topic) -> list[str]:
    return sorted(name for name, kind in MESSAGES.items() if kind.topic == topic)


def _headers(kind: str) -> Headers:
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_source": "/marktbund/orders",
        "ce_type": kind,
        "ce_time": "2026-11-26T10:00:00+00:00",
        "content-type": "application/json",
        "correlation_id": str(uuid4()),
        "aggregate_version": "1",
        "demo": "false",
    }
    return [(name, value.encode()) for name, value in headers.items()]
