"""Contents are deleted under a record of their own; what must stay is refused by name."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from documentation.domain.disposals import Disposable, Disposal, refuse_undisposable
from documentation.domain.records import commit
from documentation.domain.verifier import DISPOSED, RESTORED
from marktbund.errors import Conflict, DomainError, NotFound

GONE = Disposable(4, UUID(int=4), "orders.OrderPlaced.v1", b"\xab" * 32, kept=True, filed=False)
CLERK = UUID(int=99)
DISPOSAL = Disposal(
    "member:1", CLERK, "Antrag vom 4. Mai", "Art. 17 DSGVO", "2026-05-04T10:00:00Z", demo=True
)


def refused(asked: list[int], records: list[Disposable]) -> DomainError:
    with pytest.raises(DomainError) as error:
        refuse_undisposable(asked, records)
    return error.value


def test_kept_contents_of_others_facts_may_go() -> None:
    other = replace(GONE, seq=9)
    assert refuse_undisposable([4, 9], [other, GONE]) is None
    assert refuse_undisposable([], []) is None


def test_a_number_that_is_not_there_is_unknown() -> None:
    error = refused([4, 5], [GONE])
    assert isinstance(error, NotFound)
    assert (error.code, error.field) == ("record_unknown", "numbers")
    assert error.title == "Datensatz 5 gibt es nicht"


@pytest.mark.parametrize("kind", [DISPOSED, RESTORED])
def test_what_vouches_for_a_break_or_a_deletion_stays(kind: str) -> None:
    error = refused([4], [replace(GONE, type=kind)])
    assert isinstance(error, Conflict)
    assert (error.code, error.field) == ("record_not_disposable", "numbers")
    assert error.way_out


@pytest.mark.parametrize(
    "record",
    [replace(GONE, filed=True), replace(GONE, kept=False), replace(GONE, kept=False, filed=True)],
)
def test_what_is_gone_or_about_to_go_does_not_go_twice(record: Disposable) -> None:
    error = refused([4], [record])
    assert (error.code, error.title) == (
        "already_disposed",
        "Der Inhalt von Datensatz 4 ist gelöscht oder dazu vorgemerkt",
    )


def test_the_record_says_what_goes_who_decided_and_why() -> None:
    entry = DISPOSAL.record_of(GONE, UUID(int=5), bytes(32))
    assert json.loads(entry.content.payload) == {
        "chain": "member:1",
        "seq": 4,
        "event_id": str(UUID(int=4)),
        "type": "orders.OrderPlaced.v1",
        "leaf": "ab" * 32,
        "disposed_by": str(CLERK),
        "reason": "Antrag vom 4. Mai",
        "law": "Art. 17 DSGVO",
    }
    meta = entry.meta
    assert (meta.chain, meta.type, meta.key) == ("member:1", DISPOSED, str(UUID(int=4)))
    assert (meta.aggregate_version, meta.event_id) == (4, str(UUID(int=5)))
    assert (meta.time, meta.recorded_at, meta.business_time) == (
        "2026-05-04T10:00:00Z",
        "2026-05-04T10:00:00Z",
        None,
    )
    assert meta.demo is True
    assert (entry.event_id, entry.order_id, entry.traceparent) == (UUID(int=5), None, None)


def test_the_record_is_committed_to_like_any_other() -> None:
    salt = bytes(range(32))
    entry = DISPOSAL.record_of(GONE, UUID(int=5), salt)
    assert entry.content.salt == salt
    assert entry.record == commit(entry.meta, salt, entry.content.payload)


def test_every_content_has_a_record_with_an_id_and_a_salt_of_its_own() -> None:
    ids, salts = iter([UUID(int=1), UUID(int=2)]), iter([bytes(32), bytes([1]) * 32])
    entries = DISPOSAL.filed([GONE, replace(GONE, seq=9)], lambda: next(ids), lambda: next(salts))
    assert [(e.meta.aggregate_version, e.event_id, e.content.salt) for e in entries] == [
        (4, UUID(int=1), bytes(32)),
        (9, UUID(int=2), bytes([1]) * 32),
    ]
