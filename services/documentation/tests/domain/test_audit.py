"""The walk in pages finds what the stand-alone verifier finds on the same records."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from documentation.domain import checkpoints
from documentation.domain.audit import MOST_FINDINGS, Audit, StoredRecord, sentence
from documentation.domain.exports import Content, ExportedRecord, record_document
from documentation.domain.filing import order_of
from documentation.domain.records import Head, Meta
from documentation.domain.verifier import SENTENCES, Finding
from marktbund.ids import new_id


def filed(rows: list[ExportedRecord], head: Head | None = None) -> list[StoredRecord]:
    return [
        StoredRecord(
            row,
            order_of(row.content.payload) if row.content else None,
            head.hash if head and head.seq == row.seq else None,
        )
        for row in rows
    ]


def audited(rows: list[ExportedRecord], head: Head, covered: int) -> list[Finding]:
    audit = Audit(head.chain, covered, ())
    for start in range(0, len(rows), 7):
        audit.take(filed(rows[start : start + 7], head))
    return audit.finish(head, 1, "2026-05-01T10:00:00Z").findings


@pytest.fixture(scope="module")
def chain(request: pytest.FixtureRequest) -> tuple[list[ExportedRecord], Head]:
    evidence = request.getfixturevalue("pristine")
    chain = evidence.export["chain"]
    rows = [exported(row) for row in evidence.export["records"][:60]]
    return rows, Head(chain, 60, rows[-1].hash)


def exported(row: dict[str, Any]) -> ExportedRecord:
    content = Content(bytes.fromhex(row["salt"]), base64.b64decode(row["payload"]))
    leaf, link = bytes.fromhex(row["leaf"]), bytes.fromhex(row["hash"])
    return ExportedRecord(row["seq"], Meta(**row["meta"]), leaf, link, content)


def test_an_untouched_chain_has_no_findings(chain: Any):
    rows, head = chain
    assert audited(rows, head, 60) == []
    assert audited(rows, head, 40) == []


def test_disposed_content_is_counted_not_blamed(chain: Any):
    rows, head = chain
    audit = Audit(head.chain, 50)
    audit.take(filed([replace(row, content=None) for row in rows[:10]] + rows[10:], head))
    report = audit.finish(head, 1, "")
    assert (report.findings, report.disposed, report.demo) == ([], 10, 30)
    assert (report.covered, report.records, report.not_yet_covered) == (50, 60, 10)


def test_a_gap_is_one_finding(chain: Any):
    rows, head = chain
    assert audited(rows[:5] + rows[9:], head, 60) == [Finding("missing_record", 6, 9)]


def test_a_tail_may_be_missing_by_the_checkpoint_or_by_the_head(chain: Any):
    rows, head = chain
    assert audited(rows[:50], Head(head.chain, 50, rows[49].hash), 60) == [
        Finding("cut_tail", 51, 60)
    ]
    assert audited(rows[:50], head, 0) == [Finding("cut_tail", 51, 60)]


def test_an_empty_chain_that_was_signed_is_cut_from_the_start(chain: Any):
    _, head = chain
    assert audited([], head, 60) == [Finding("cut_tail", 1, 60)]


def test_a_salt_of_the_wrong_length_is_a_finding(chain: Any):
    rows, head = chain
    spoilt = replace(rows[3], content=Content(b"short", b""))
    assert audited([*rows[:3], spoilt, *rows[4:]], head, 60) == [Finding("payload_mismatch", 4)]


def test_an_impossible_version_is_a_finding(chain: Any):
    rows, head = chain
    spoilt = replace(rows[3], meta=replace(rows[3].meta, aggregate_version=-1))
    assert audited([*rows[:3], spoilt, *rows[4:]], head, 60) == [Finding("hash_mismatch", 4)]


def test_another_order_than_the_content_names_is_a_finding(chain: Any):
    rows, head = chain
    audit = Audit(head.chain, 60)
    pages = filed(rows, head)
    audit.take([replace(pages[0], order_id=new_id()), *pages[1:]])
    assert audit.finish(head, 1, "").findings == [Finding("lookup_mismatch", 1)]


def test_findings_are_all_counted_but_not_all_kept(chain: Any):
    rows, head = chain
    audit = Audit(head.chain, 0)
    for start in range(MOST_FINDINGS // 10):
        audit.take(filed([replace(row, seq=start * 60 + row.seq, leaf=bytes(32)) for row in rows]))
    assert audit.total > MOST_FINDINGS
    assert len(audit.finish(head, 1, "").findings) == MOST_FINDINGS


def test_every_code_has_a_sentence():
    for code in [*SENTENCES, "lookup_mismatch", "checkpoint_broken"]:
        assert sentence(code).endswith(".")


def spoil(row: ExportedRecord, how: str) -> ExportedRecord:
    assert row.content is not None
    match how:
        case "payload":
            return replace(row, content=Content(row.content.salt, row.content.payload + b" "))
        case "salt":
            return replace(row, content=Content(bytes(32), row.content.payload))
        case "leaf":
            return replace(row, leaf=bytes(32))
        case "hash":
            return replace(row, hash=bytes(32))
        case _:
            return replace(row, meta=replace(row.meta, type="forged"))


@example(spoilt={60: "hash"}, cut=0)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spoilt=st.dictionaries(
        st.integers(1, 60), st.sampled_from(["payload", "salt", "leaf", "hash", "meta", "gone"])
    ),
    cut=st.integers(0, 3),
)
def test_both_find_the_same(
    chain: Any, build: Any, pristine: Any, spoilt: dict[int, str], cut: int
):
    rows, head = chain
    given_rows = [
        spoil(row, spoilt[row.seq]) if row.seq in spoilt else row
        for row in rows[: len(rows) - cut]
        if spoilt.get(row.seq) != "gone"
    ]
    mine = audited(given_rows, head, 60)
    evidence = replace(pristine, export=covered_export(pristine, head, given_rows))
    evidence.checkpoint = checkpoints.document(build.checkpoint([head], pristine.key))
    assert sorted(map(str, mine)) == sorted(map(str, evidence.report().findings))


def covered_export(pristine: Any, head: Head, rows: list[ExportedRecord]) -> dict[str, Any]:
    covered = {
        "checkpoint": 2,
        "seq": head.seq,
        "head": head.hash.hex(),
        "index": 0,
        "tree_size": 1,
        "path": [],
    }
    records = [json.loads(json.dumps(record_document(row))) for row in rows]
    return {**pristine.export, "covered": covered, "records": records}
