"""Events on their way into the file: exact bytes, own salts, what is known around them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from documentation.domain.filing import entries_of
from documentation.domain.records import commit
from marktbund.contracts.members import PersonDeactivated, UnitRegistered
from marktbund.contracts.orders import OrderApproved
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id
from marktbund.testing import records

NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 4, 10, 0, 1, 500_000, tzinfo=UTC)
MEMBER, ORDER = new_id(), new_id()
APPROVED = OrderApproved(version=3, basis="not_required", order_id=ORDER, member_id=MEMBER)


def received(event, **origin) -> Received:
    return records.received(event, time=NOON, origin=Origin(correlation_id="c", **origin))


def noise(*first_bytes: int) -> bytes:
    return b"".join(bytes([first]) * 32 for first in first_bytes)


def test_an_event_is_committed_to_byte_for_byte() -> None:
    event = received(APPROVED)
    [entry] = entries_of([event], noise(7), LATER)
    assert entry.content.payload == event.value
    assert entry.content.salt == bytes([7]) * 32
    assert entry.record == commit(entry.meta, bytes([7]) * 32, event.value)
    assert (entry.event_id, entry.order_id) == (event.event_id, ORDER)


def test_what_is_known_around_an_event_is_what_its_record_says() -> None:
    event = received(APPROVED)
    [entry] = entries_of([event], noise(1), LATER)
    meta = entry.meta
    assert (meta.chain, meta.event_id, meta.type) == (
        str(MEMBER),
        str(event.event_id),
        OrderApproved.type_name(),
    )
    assert (meta.key, meta.aggregate_version) == (str(ORDER), 3)
    assert (meta.time, meta.recorded_at) == ("2026-05-04T10:00:00Z", "2026-05-04T10:00:01.500000Z")
    assert (meta.business_time, meta.demo) == (None, False)


def test_a_demo_and_its_business_time_are_on_record() -> None:
    event = received(APPROVED, business_time=datetime(2026, 3, 1, tzinfo=UTC), demo=True)
    [entry] = entries_of([event], noise(1), LATER)
    assert (entry.meta.business_time, entry.meta.demo) == ("2026-03-01T00:00:00Z", True)


def test_every_event_has_the_salt_at_its_position_and_the_order_is_kept() -> None:
    events = [
        received(PersonDeactivated(version=2, person_id=new_id())),
        received(UnitRegistered(version=1, unit_id=new_id(), member_id=MEMBER, name="Amt 1")),
        received(APPROVED),
    ]
    entries = entries_of(events, noise(1, 2, 3), LATER)
    assert [entry.content.salt[0] for entry in entries] == [1, 2, 3]
    assert [entry.meta.chain for entry in entries] == ["cooperative", str(MEMBER), str(MEMBER)]
    assert [entry.order_id for entry in entries] == [None, None, ORDER]


@pytest.mark.parametrize("salts", [1, 3])
def test_too_little_or_too_much_noise_is_refused(salts: int) -> None:
    events = [received(APPROVED), received(APPROVED)]
    with pytest.raises(ValueError, match="zip"):
        entries_of(events, noise(*range(salts)), LATER)


def test_no_events_need_no_noise() -> None:
    assert entries_of([], b"", LATER) == []


def test_a_trace_goes_along_and_is_no_part_of_the_commitment() -> None:
    traced = received(APPROVED, traceparent="00-1-2-01")
    plain = Received(**{name: getattr(traced, name) for name in traced.__slots__})
    [entry] = entries_of([traced], noise(1), LATER)
    assert entry.traceparent == "00-1-2-01"
    [again] = entries_of([plain], noise(1), LATER)
    assert again.record == entry.record


def test_a_later_event_of_the_same_bytes_is_another_record() -> None:
    first, second = entries_of([received(APPROVED), received(APPROVED)], noise(1, 1), LATER)
    assert first.record.leaf == second.record.leaf
    assert first.record.meta_hash != second.record.meta_hash
    assert isinstance(first.event_id, UUID)
