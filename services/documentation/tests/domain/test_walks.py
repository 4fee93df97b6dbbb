"""The walk along a stored chain where the stand-alone verifier cannot go: pages, breaks, heads."""

from dataclasses import replace
from typing import Any

import pytest

from documentation.domain.audit import Audit, StoredRecord
from documentation.domain.exports import ExportedRecord
from documentation.domain.filing import order_of
from documentation.domain.records import Head, commit, empty_head, seal
from documentation.domain.verifier import RESTORED, Finding

CHAIN = "member:1"
Rows = list[ExportedRecord]


@pytest.fixture
def rows(build: Any) -> Rows:
    """Ten records, the seventh of which declares a break from number 4 on."""
    metas = [build.meta(number, CHAIN) for number in range(1, 11)]
    metas[6] = replace(metas[6], type=RESTORED, aggregate_version=4)
    contents = [build.content(number) for number in range(1, 11)]
    pairs = list(zip(metas, contents, strict=True))
    sealed, _ = seal(
        empty_head(CHAIN), [commit(meta, held.salt, held.payload) for meta, held in pairs]
    )
    return [
        ExportedRecord(link.seq, meta, link.record.leaf, link.hash, held)
        for link, (meta, held) in zip(sealed, pairs, strict=True)
    ]


def stored(row: ExportedRecord, vouched: bytes | None = None, **more: bool) -> StoredRecord:
    order_id = None if row.content is None else order_of(row.content.payload)
    return StoredRecord(row, order_id, vouched, **more)


def head_of(rows: Rows) -> Head:
    return Head(CHAIN, rows[-1].seq, rows[-1].hash)


BREAK = Finding("restored", 4, 7)


def test_a_declared_break_is_named_and_counted_apart(rows: Rows) -> None:
    audit = Audit(CHAIN, 10)
    audit.take(map(stored, rows))
    report = audit.finish(head_of(rows), 1, "T")
    assert report.findings == [BREAK]
    assert (audit.total, audit.breaks) == (1, 1)


def test_a_walk_goes_on_where_an_earlier_one_ended(rows: Rows) -> None:
    first = Audit(CHAIN, 10)
    first.take(map(stored, rows[:8]))
    second = Audit(CHAIN, 10, after=first.last)
    second.take(map(stored, rows[8:]))
    assert second.finish(head_of(rows), 1, "T").findings == []
    assert second.records == 2
    assert second.last == head_of(rows)


def test_a_walk_that_goes_on_behind_another_head_finds_the_first_link(rows: Rows) -> None:
    audit = Audit(CHAIN, 10, after=Head(CHAIN, 8, bytes(32)))
    audit.take(map(stored, rows[8:]))
    assert list(audit.findings) == [Finding("hash_mismatch", 9)]


def test_what_was_found_about_the_checkpoint_comes_first(rows: Rows) -> None:
    audit = Audit(CHAIN, 10, [Finding("signature_invalid")])
    audit.take(map(stored, rows))
    report = audit.finish(head_of(rows), 1, "T")
    assert report.findings == [Finding("signature_invalid"), BREAK]
    assert audit.total == 2


def test_content_gone_without_a_record_is_found_and_with_one_only_counted(rows: Rows) -> None:
    gone = replace(rows[1], content=None)
    audit = Audit(CHAIN, 10)
    audit.take([stored(rows[0]), stored(gone, unrecorded=True)])
    assert list(audit.findings) == [Finding("content_missing", 2)]
    assert audit.disposed == 1
    excused = Audit(CHAIN, 10)
    excused.take([stored(rows[0]), stored(gone)])
    assert (list(excused.findings), excused.disposed) == ([], 1)


def test_a_checkpoint_that_saw_another_hash_is_found_where_it_stood(rows: Rows) -> None:
    audit = Audit(CHAIN, 10)
    vouched = {2: rows[2].hash, 4: bytes(32)}
    audit.take(stored(row, vouched.get(at)) for at, row in enumerate(rows[:6]))
    assert list(audit.findings) == [Finding("head_mismatch", 5)]


def test_a_head_that_is_not_the_last_hash_is_found_once(rows: Rows) -> None:
    elsewhere = Head(CHAIN, 6, bytes(32))
    audit = Audit(CHAIN, 6)
    audit.take(map(stored, rows[:6]))
    assert audit.finish(elsewhere, 1, "T").findings == [Finding("head_mismatch", 6)]
    vouched = Audit(CHAIN, 6)
    vouched.take([*map(stored, rows[:5]), stored(rows[5], bytes(32))])
    assert vouched.finish(elsewhere, 1, "T").findings == [Finding("head_mismatch", 6)]


def test_records_behind_the_head_were_added(rows: Rows) -> None:
    audit = Audit(CHAIN, 4)
    audit.take(map(stored, rows[:6]))
    report = audit.finish(Head(CHAIN, 4, rows[3].hash), 1, "T")
    assert report.findings == [Finding("added_record", 5, 6)]


@pytest.mark.parametrize(("covered", "late"), [(0, 6), (4, 2), (6, 0), (9, 0)])
def test_records_behind_the_checkpoint_are_counted(rows: Rows, covered: int, late: int) -> None:
    audit = Audit(CHAIN, covered)
    audit.take(map(stored, rows[:6]))
    report = audit.finish(head_of(rows[:6]), 1, "T")
    assert (report.not_yet_covered, report.covered) == (late, covered)


def test_a_chain_shorter_than_its_checkpoint_is_cut(rows: Rows) -> None:
    audit = Audit(CHAIN, 9)
    audit.take(map(stored, rows[:6]))
    assert audit.finish(head_of(rows[:6]), 1, "T").findings == [Finding("cut_tail", 7, 9)]


def test_an_empty_chain_that_nobody_covered_is_sound() -> None:
    report = Audit(CHAIN, 0).finish(empty_head(CHAIN), 0, "")
    assert (report.findings, report.records, report.chain) == ([], 0, CHAIN)


def test_after_a_gap_the_next_link_is_judged_again(rows: Rows) -> None:
    spoilt = replace(rows[9], hash=bytes(32))
    audit = Audit(CHAIN, 10)
    audit.take(map(stored, [*rows[:2], rows[7], rows[8], spoilt]))
    assert list(audit.findings) == [Finding("missing_record", 3, 7), Finding("hash_mismatch", 10)]
