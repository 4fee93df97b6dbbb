"""Which chain an event goes to, and the order it belongs to."""

from datetime import UTC, datetime

import pytest

from documentation.domain.filing import chain_of, order_of, readable, utc_text
from marktbund.contracts import MESSAGES
from marktbund.contracts.members import PersonDeactivated, UnitRegistered
from marktbund.envelope import Unread
from marktbund.ids import new_id


def test_an_event_of_a_member_goes_to_its_chain():
    member_id = new_id()
    unit = UnitRegistered(version=1, unit_id=new_id(), member_id=member_id, name="Amt 1")
    assert chain_of(unit, b"") == str(member_id)
    assert chain_of(PersonDeactivated(version=2, person_id=new_id()), b"") == "cooperative"


@pytest.mark.parametrize("payload", [b"{", b"[]", b'{"member_id": 7}', b'{"member_id": null}'])
def test_a_later_type_is_filed_by_what_its_bytes_say(payload: bytes):
    member_id, later = new_id(), Unread(version=1, record_key="k")
    assert chain_of(later, b'{"member_id": "%s"}' % str(member_id).encode()) == str(member_id)
    assert chain_of(later, payload) == "cooperative"


def test_every_event_about_an_order_names_its_member():
    about = [kind for kind in MESSAGES.values() if "order_id" in kind.model_fields]
    assert about
    assert all("member_id" in kind.model_fields for kind in about)


def test_the_order_is_read_from_the_exact_bytes():
    order_id = new_id()
    assert order_of(b'{ "order_id" : "%s"}' % str(order_id).upper().encode()) == order_id


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"{}", b"\xff", b'{"order_id": 7}', b'{"order_id": "x"}', b"null"]
)
def test_what_names_no_order_belongs_to_none(payload: bytes):
    assert order_of(payload) is None


def test_content_is_readable_even_when_somebody_spoilt_it():
    assert readable(b'{"a": 1}') == {"a": 1}
    assert readable(b"\xff{") == "�{"
    assert readable(b'{"net": NaN}') == '{"net": NaN}'


@pytest.mark.parametrize(("levels", "is_text"), [(200, False), (202, True), (5_000, True)])
def test_content_nested_too_deep_is_shown_as_text(levels: int, is_text: bool):
    nested = b"[" * levels + b"]" * levels
    shown = readable(nested)
    assert (shown == nested.decode()) is is_text


@pytest.mark.parametrize(
    ("microsecond", "expected"), [(0, "2026-05-04T10:00:00Z"), (70, "2026-05-04T10:00:00.000070Z")]
)
def test_times_are_written_as_events_write_them(microsecond: int, expected: str):
    moment = datetime(2026, 5, 4, 10, 0, 0, microsecond, tzinfo=UTC)
    assert utc_text(moment) == expected
    assert datetime.fromisoformat(expected) == moment
