"""Readers take events one version older and one newer; what they cannot know they park, named."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from aiokafka import ConsumerRecord

from deploy.contracts import releases
from deploy.contracts.shapes import Shape
from marktbund.contracts import MESSAGES
from marktbund.envelope import PoisonError, Received, Unread, read, write_headers
from tests.contracts.samples import SAMPLES
from tests.contracts.test_golden import EVENT_ID, ORIGIN, TIME

RELEASES = {release["version"]: release["types"] for release in releases.released()}
RELEASED = [(version, kind) for version, types in RELEASES.items() for kind in types]
NOW = releases.current()["types"]
FUTURE = {"a_field_of_2031": {"x": [1]}}


def read_value(kind: str, value: dict[str, Any], **headers: str) -> Received:
    """The value as the envelope reads it from Kafka, under the headers of its type."""
    sample = SAMPLES[kind]
    written = write_headers(sample, EVENT_ID, "test", TIME, ORIGIN) | headers
    return read(as_record(sample.topic.name, sample.key, value, written), "")


def as_record(
    topic: str, key: str, value: dict[str, Any], headers: dict[str, str]
) -> ConsumerRecord:
    return ConsumerRecord(
        topic=topic,
        partition=0,
        offset=0,
        timestamp=0,
        timestamp_type=0,
        key=key.encode(),
        value=json.dumps(value).encode(),
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=[(name, text.encode()) for name, text in headers.items()],
    )


def objects(shape: Shape, value: Any) -> Iterator[tuple[Shape, dict[str, Any]]]:
    """Every JSON object in a value, with the shape of its fields."""
    if shape["type"] == "list":
        for item in value:
            yield from objects(shape["items"], item)
    elif shape["type"] == "object" and isinstance(value, dict):
        yield shape["fields"], value
        for name, field in shape["fields"].items():
            yield from objects(field, value.get(name, []))


def edited(kind: str, edit: Callable[[Shape, dict[str, Any]], None]) -> dict[str, Any]:
    """Today's example, changed in every object of it."""
    value = deepcopy(NOW[kind]["example"])
    for fields, part in objects(NOW[kind], value):
        edit(fields, part)
    return value


def as_json(received: Received) -> dict[str, Any]:
    return json.loads(received.event.model_dump_json())


def as_then(now: Any, then: Any) -> Any:
    """What is read now, without the fields its parts did not have then."""
    if isinstance(then, dict):
        return {name: as_then(now[name], value) for name, value in then.items()}
    if isinstance(then, list) and len(now) == len(then):
        return [as_then(element, value) for element, value in zip(now, then, strict=True)]
    return now


def without_optional(fields: Shape, value: dict[str, Any]) -> None:
    for name, field in fields.items():
        if "default" in field:
            value.pop(name, None)


def with_default(fields: Shape, value: dict[str, Any]) -> None:
    for name, field in fields.items():
        if "default" in field:
            value[name] = field["default"]


def with_news(fields: Shape, value: dict[str, Any]) -> None:
    value.update(FUTURE)


def places_of_choices() -> list[tuple[str, str]]:
    """Type and field of every closed choice in an event's own fields."""
    return [
        (kind, name)
        for kind, shape in NOW.items()
        for name, field in shape["fields"].items()
        if field["type"] == "enum"
    ]


@pytest.mark.parametrize(("version", "kind"), RELEASED)
def test_what_a_release_wrote_is_read_with_every_value_it_carried(version: str, kind: str):
    written = RELEASES[version][kind]["example"]
    now = as_json(read_value(kind, written))
    assert as_then(now, written) == written


@pytest.mark.parametrize("kind", MESSAGES)
def test_an_older_event_without_the_optional_fields_is_read_with_their_defaults(kind: str):
    assert as_json(read_value(kind, edited(kind, without_optional))) == edited(kind, with_default)


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_newer_event_with_further_fields_and_headers_is_read_as_today(kind: str):
    newer = edited(kind, with_news)
    assert read_value(kind, newer, traceparent_of_2031="00-1").event == SAMPLES[kind]


@pytest.mark.parametrize(("kind", "field"), places_of_choices())
def test_a_value_nobody_knows_yet_is_parked_and_named(kind: str, field: str):
    with pytest.raises(PoisonError) as refused:
        read_value(kind, NOW[kind]["example"] | {field: "of_2031"})
    assert refused.value.code == "wrong_schema"
    assert refused.value.detail.startswith(f"{field}: ")


def test_a_type_nobody_knows_yet_is_read_by_key_and_version_alone():
    kind, later = "marktbund.orders.OrderPlaced.v1", "marktbund.orders.OrderSplit.v1"
    received = read_value(kind, NOW[kind]["example"], ce_type=later)
    assert (received.type, received.topic) == (later, MESSAGES[kind].topic)
    assert received.event == Unread(version=SAMPLES[kind].version, record_key=SAMPLES[kind].key)


def test_there_are_choices_and_optional_fields_to_try():
    assert len(places_of_choices()) >= 10
    assert [kind for kind in MESSAGES if edited(kind, without_optional) != NOW[kind]["example"]]
