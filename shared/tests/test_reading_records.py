"""A record as the envelope reads it: what is readable, what is poison and under which code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.members import MEMBER_EVENTS, MemberRegistered, MemberStatusChanged
from marktbund.envelope import (
    MAX_VALUE_BYTES,
    Origin,
    PoisonError,
    Unread,
    dated,
    joined_by,
    joined_by_headers,
    read,
    write_headers,
)

KEY = UUID("019ae000-0000-7000-8000-000000000001")
EVENT_ID = UUID("019ae000-0000-7000-8000-00000000000e")
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
EVENT = MemberStatusChanged(version=4, member_id=KEY, status="suspended")
PREFIX = "t1_"
PLAIN = Origin("c")


def sent(event=EVENT, origin: Origin = PLAIN, **changed: str | None) -> ConsumerRecord:
    """The record its owner would send; headers changed by name, None: without it."""
    headers = {**write_headers(event, EVENT_ID, "members", NOW, origin), **changed}
    raw = tuple((name, value.encode()) for name, value in headers.items() if value is not None)
    value = event.model_dump_json().encode()
    topic = PREFIX + event.topic.name
    return ConsumerRecord(topic, 3, 17, 0, 0, event.key.encode(), value, None, 0, 0, raw)


def code_of(record: ConsumerRecord) -> str:
    with pytest.raises(PoisonError) as poison:
        read(record, PREFIX)
    return poison.value.code


def test_what_was_written_is_read():
    origin = Origin("corr", NOW - timedelta(days=30), demo=True, traceparent=TRACE)
    received = read(sent(origin=origin), PREFIX)
    assert received.event == EVENT
    assert (received.topic, received.partition, received.offset) == (MEMBER_EVENTS, 3, 17)
    assert (received.key, received.event_id, received.time) == (str(KEY), EVENT_ID, NOW)
    assert (received.aggregate_version, received.origin) == (4, origin)
    assert received.value == EVENT.model_dump_json().encode()
    assert received.business_time == NOW - timedelta(days=30)


def test_without_a_business_time_it_happened_when_it_was_written():
    received = read(sent(), PREFIX)
    assert received.origin == Origin("c")
    assert received.business_time == NOW


def test_times_are_brought_to_utc():
    record = sent(ce_time="2026-12-01T10:30:00+01:00", business_time="2026-06-01T00:00:00+02:00")
    received = read(record, PREFIX)
    assert received.time == NOW
    assert received.time.tzinfo == UTC
    assert received.business_time == datetime(2026, 5, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize("trace", ["", "00-1-2-03", TRACE.upper(), TRACE + "x", TRACE[:-2] + "zz"])
def test_a_malformed_trace_is_dropped_and_the_record_read(trace: str):
    assert read(sent(traceparent=trace), PREFIX).origin.traceparent is None


def test_fields_and_headers_of_a_later_release_are_ignored():
    record = sent(a_header_of_2031="x")
    later = replace(record, value=record.value[:-1] + b',"field_of_2031":[1]}')
    received = read(later, PREFIX)
    assert received.event == EVENT
    assert received.value == later.value


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (replace(sent(), value=None), "null_value"),
        (replace(sent(), value=b""), "bad_json"),
        (replace(sent(), value=b"{"), "bad_json"),
        (replace(sent(), value=b"\xff"), "bad_json"),
        (replace(sent(), value=b"[]"), "wrong_schema"),
        (replace(sent(), value=b'{"version": 4}'), "wrong_schema"),
        (replace(sent(), value=sent().value.replace(b"suspended", b"asleep")), "wrong_schema"),
        (replace(sent(), headers=(("ce_type", b"\xff\xfe"),)), "bad_header"),
        (replace(sent(), headers=(("ce_type", None),)), "bad_header"),
        (replace(sent(), headers=()), "unknown_type"),
        (sent(ce_type=""), "unknown_type"),
        (sent(ce_type="MemberStatusChanged"), "unknown_type"),
        (sent(ce_type="marktbund.members.MemberStatusChanged.v0"), "unknown_type"),
        (sent(ce_type="marktbund.members.MemberStatusChanged.v1 "), "unknown_type"),
        (replace(sent(), topic=PREFIX + "members.unit.events.v1"), "wrong_topic"),
        (sent(ce_id=None), "bad_header"),
        (sent(ce_id="7"), "bad_header"),
        (sent(ce_time=None), "bad_header"),
        (sent(ce_time="yesterday"), "bad_header"),
        (sent(business_time="soon"), "bad_header"),
        (sent(aggregate_version=None), "bad_header"),
        (sent(aggregate_version="four"), "bad_header"),
        (sent(aggregate_version="5"), "version_mismatch"),
        (replace(sent(), key=None), "key_mismatch"),
        (replace(sent(), key=b"\xff"), "key_mismatch"),
        (replace(sent(), key=str(EVENT_ID).encode()), "key_mismatch"),
        (replace(sent(), key=str(KEY).upper().encode()), "key_mismatch"),
    ],
)
def test_poison_is_named(record: ConsumerRecord, code: str):
    assert code_of(record) == code


def test_the_largest_value_is_read_and_one_byte_more_is_not():
    shell = sent(registered(""))
    fits = sent(registered("x" * (MAX_VALUE_BYTES - len(shell.value))))
    assert len(fits.value) == MAX_VALUE_BYTES
    padded = replace(fits, value=fits.value + b" ")
    assert code_of(padded) == "too_large"
    assert read(replace(shell, value=shell.value.ljust(MAX_VALUE_BYTES)), PREFIX).event


def registered(name: str) -> MemberRegistered:
    # Only its length matters here, not whether a body may be called that.
    valid = MemberRegistered(
        version=1, member_id=KEY, name="x", legal_form="other", official_key="1"
    )
    return valid.model_copy(update={"name": name})


def test_the_cause_says_which_field_and_not_what_stood_in_it():
    secret = replace(sent(), value=sent().value.replace(b"suspended", b"SECRET"))
    with pytest.raises(PoisonError) as poison:
        read(secret, PREFIX)
    assert poison.value.detail.startswith("status: ")
    assert "SECRET" not in poison.value.detail


def test_a_cause_is_never_long():
    with pytest.raises(PoisonError) as poison:
        read(sent(ce_type="x" * 5000), PREFIX)
    assert len(poison.value.detail) == 500


def test_a_type_of_a_later_release_is_known_by_key_and_version():
    received = read(sent(ce_type="marktbund.members.MemberMerged.v1"), PREFIX)
    assert received.event == Unread(version=4, record_key=str(KEY))
    assert (received.key, received.aggregate_version) == (str(KEY), 4)
    assert received.type == "marktbund.members.MemberMerged.v1"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (sent(ce_type="marktbund.members.MemberMerged.v1", aggregate_version="x"), "bad_header"),
        (sent(ce_type="marktbund.members.MemberMerged.v1", aggregate_version=None), "bad_header"),
        (sent(ce_type="marktbund.members.MemberMerged.v1", ce_id="x"), "bad_header"),
        (replace(sent(ce_type="marktbund.members.MemberMerged.v1"), value=None), "null_value"),
        (replace(sent(ce_type="marktbund.members.MemberMerged.v1"), topic="t1_x"), "unknown_type"),
    ],
)
def test_a_type_of_a_later_release_needs_what_every_record_needs(record: ConsumerRecord, code: str):
    assert code_of(record) == code


@given(
    st.builds(
        Origin,
        st.text(st.characters(codec="utf-8"), max_size=40),
        st.none() | st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
        st.booleans(),
        st.sampled_from([None, TRACE]),
    ),
    st.integers(1, 2**53),
)
def test_whatever_an_origin_says_comes_back(origin: Origin, version: int):
    event = MemberStatusChanged(version=version, member_id=KEY, status="active")
    received = read(sent(event, origin), PREFIX)
    assert received.origin == origin
    assert received.aggregate_version == version


def test_an_origin_dated_anew_keeps_all_else():
    origin = Origin("c", NOW, demo=True, traceparent=TRACE)
    later = dated(origin, NOW + timedelta(hours=1))
    assert later == replace(origin, business_time=NOW + timedelta(hours=1))


def test_log_lines_of_an_unreadable_record_are_joined_by_what_is_well_formed():
    record = replace(sent(origin=Origin("corr", traceparent=TRACE)), value=b"{")
    assert joined_by_headers(record) == joined_by(Origin("corr", traceparent=TRACE))
    spoilt = replace(record, headers=(("traceparent", b"\xff"), ("correlation_id", None)))
    assert joined_by_headers(spoilt) == joined_by(Origin(""))
