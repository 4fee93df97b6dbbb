"""Every message keeps its JSON form: byte for byte out, and the old form can still be read."""

from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from aiokafka import ConsumerRecord

from marktbund.contracts import MESSAGES
from marktbund.envelope import Origin, PoisonError, read, write_headers
from tests.contracts.golden import FOLDER, path_of, value_of
from tests.contracts.samples import SAMPLES

EVENT_ID = UUID("01936f2e-7c00-7000-8000-000000000099")
TIME = datetime(2026, 3, 2, 11, 30, 0, 250000, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ORIGIN = Origin(
    "01936f2e-7c00-7000-8000-000000000098",
    datetime(2026, 2, 27, tzinfo=UTC),
    demo=True,
    traceparent=TRACE,
)


def record(kind: str, **changed: str) -> ConsumerRecord:
    """A sample as a Kafka record; `changed` replaces headers."""
    sample = SAMPLES[kind]
    headers = write_headers(sample, EVENT_ID, "test", TIME, ORIGIN) | changed
    return ConsumerRecord(
        topic=f"t_{sample.topic.name}",
        partition=3,
        offset=17,
        timestamp=0,
        timestamp_type=0,
        key=sample.key.encode(),
        value=value_of(sample),
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=[(name, value.encode()) for name, value in headers.items()],
    )


def test_every_type_has_a_sample_and_a_golden_file_and_nothing_else_has():
    assert set(SAMPLES) == set(MESSAGES)
    assert {file.stem for file in FOLDER.iterdir()} == set(MESSAGES)


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_json_is_the_golden_one(kind: str):
    assert value_of(SAMPLES[kind]) == path_of(kind).read_bytes()


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_golden_json_is_read_even_with_a_field_from_the_future(kind: str):
    golden = path_of(kind).read_bytes()
    later = orjson.dumps(orjson.loads(golden) | {"a_field_of_2031": {"x": [1]}})
    assert MESSAGES[kind].model_validate_json(golden) == SAMPLES[kind]
    assert MESSAGES[kind].model_validate_json(later) == SAMPLES[kind]


@pytest.mark.parametrize("kind", MESSAGES)
def test_no_number_is_a_float(kind: str):
    def floats(value: object) -> list[float]:
        if isinstance(value, dict):
            return [number for part in value.values() for number in floats(part)]
        if isinstance(value, list):
            return [number for part in value for number in floats(part)]
        return [value] if isinstance(value, float) else []

    assert floats(orjson.loads(path_of(kind).read_bytes())) == []


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_headers_are_complete_and_lead_back_to_the_message(kind: str):
    sample = SAMPLES[kind]
    assert write_headers(sample, EVENT_ID, sample.topic.owner, TIME, ORIGIN) == {
        "ce_specversion": "1.0",
        "ce_id": "01936f2e-7c00-7000-8000-000000000099",
        "ce_source": f"/marktbund/{sample.topic.owner}",
        "ce_type": kind,
        "ce_time": "2026-03-02T11:30:00.250000+00:00",
        "traceparent": TRACE,
        "ce_subject": sample.key,
        "content-type": "application/json",
        "correlation_id": "01936f2e-7c00-7000-8000-000000000098",
        "aggregate_version": str(sample.version),
        "demo": "true",
        "business_time": "2026-02-27T00:00:00+00:00",
    }
    received = read(record(kind), "t_")
    assert (received.event, received.key, received.origin) == (sample, sample.key, ORIGIN)
    assert (received.event_id, received.time) == (EVENT_ID, TIME)


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("ce_type", "orders.OrderTeleported", "unknown_type"),
        ("ce_type", "marktbund.members.MemberState.v1", "wrong_topic"),
        ("ce_id", "17", "bad_header"),
        ("ce_time", "2026-03-02T11:30:00", "bad_header"),
        ("aggregate_version", "9", "version_mismatch"),
    ],
)
def test_a_header_that_disagrees_is_poison(header: str, value: str, code: str):
    with pytest.raises(PoisonError) as refused:
        read(record("marktbund.orders.OrderPlaced.v1", **{header: value}), "t_")
    assert refused.value.code == code
