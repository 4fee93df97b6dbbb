"""Every way to touch a file of 1,000 records, and the code under which the verifier finds it."""

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documentation.domain import verifier


def flip(text: str, index: int = 0) -> str:
    return text[:index] + ("0" if text[index] != "0" else "1") + text[index + 1 :]


def flip_payload(row: dict[str, Any]) -> None:
    raw = bytearray(base64.b64decode(row["payload"]))
    raw[5] ^= 1
    row["payload"] = base64.b64encode(bytes(raw)).decode()


def test_an_untouched_file_is_unchanged(evidence: Any) -> None:
    report = evidence.report()
    assert report.findings == []
    assert (report.covered, report.records, report.not_yet_covered) == (950, 1000, 50)
    assert (report.disposed, report.demo, report.checkpoint) == (0, 500, 2)


@pytest.mark.parametrize("number", [1, 2, 500, 950, 951, 1000])
def test_a_flipped_payload(evidence: Any, number: int) -> None:
    flip_payload(evidence.rows[number - 1])
    assert evidence.findings() == [("payload_mismatch", number)]


@pytest.mark.parametrize("number", [1, 500, 950, 1000])
def test_a_flipped_salt(evidence: Any, number: int) -> None:
    evidence.rows[number - 1]["salt"] = flip(evidence.rows[number - 1]["salt"], 63)
    assert evidence.findings() == [("payload_mismatch", number)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event_id", "other"),
        ("type", "orders.OrderCancelled.v1"),
        ("key", "other"),
        ("aggregate_version", 4711),
        ("aggregate_version", None),
        ("time", "2026-05-01T10:00:00.000500+00:00"),
        ("recorded_at", "2026-05-01"),
        ("business_time", "2026-01-01T00:00:00Z"),
        ("demo", True),
    ],
)
def test_any_changed_meta_field(evidence: Any, name: str, value: object) -> None:
    evidence.rows[498]["meta"][name] = value
    assert evidence.findings() == [("hash_mismatch", 499)]


def test_a_flipped_hash_breaks_its_record_and_the_next(evidence: Any) -> None:
    evidence.rows[499]["hash"] = flip(evidence.rows[499]["hash"])
    assert evidence.findings() == [("hash_mismatch", 500), ("hash_mismatch", 501)]


def test_a_flipped_leaf(evidence: Any) -> None:
    evidence.rows[499]["leaf"] = flip(evidence.rows[499]["leaf"])
    assert evidence.findings() == [("hash_mismatch", 500), ("payload_mismatch", 500)]


@pytest.mark.parametrize(("start", "stop"), [(1, 1), (500, 500), (949, 952), (1, 3)])
def test_deleted_rows(evidence: Any, start: int, stop: int) -> None:
    del evidence.rows[start - 1 : stop]
    assert evidence.report().findings == [verifier.Finding("missing_record", start, stop)]


@pytest.mark.parametrize("number", [1, 500])
def test_a_deleted_row_with_the_rest_renumbered(evidence: Any, number: int) -> None:
    del evidence.rows[number - 1]
    for seq, row in enumerate(evidence.rows, 1):
        row["seq"] = seq
    findings = evidence.findings()
    assert findings[0] == ("hash_mismatch", number)
    assert ("head_mismatch", 950) in findings


@pytest.mark.parametrize("behind", [0, 1])
def test_an_added_row(evidence: Any, behind: int) -> None:
    forged = {**evidence.rows[499], "hash": "ab" * 32}
    evidence.rows.insert(499 + behind, forged)
    assert evidence.findings() == [("added_record", 500)]


def test_an_added_row_with_the_rest_renumbered(evidence: Any) -> None:
    evidence.rows.insert(499, dict(evidence.rows[498]))
    for seq, row in enumerate(evidence.rows, 1):
        row["seq"] = seq
    assert ("hash_mismatch", 500) in evidence.findings()


def test_a_swapped_pair(evidence: Any) -> None:
    rows = evidence.rows
    rows[499], rows[500] = rows[500], rows[499]
    assert evidence.findings() == [("wrong_order", 500)]


def test_a_swapped_pair_that_also_swaps_its_numbers(evidence: Any) -> None:
    earlier, later = evidence.rows[499], evidence.rows[500]
    earlier["seq"], later["seq"] = later["seq"], earlier["seq"]
    evidence.rows[499:501] = [later, earlier]
    findings = evidence.findings()
    assert {("hash_mismatch", 500), ("hash_mismatch", 501)} <= set(findings)


@pytest.mark.parametrize("left", [0, 1, 949])
def test_a_cut_tail(evidence: Any, left: int) -> None:
    del evidence.rows[left:]
    assert evidence.report().findings == [verifier.Finding("cut_tail", left + 1, 950)]


def test_a_cut_behind_the_checkpoint_is_not_claimed_to_be_seen(evidence: Any) -> None:
    del evidence.rows[970:]
    report = evidence.report()
    assert (report.findings, report.not_yet_covered) == ([], 20)


def test_disposed_payloads_verify_by_their_leaf(evidence: Any, rehash: Any) -> None:
    for row in evidence.rows[:400:2]:
        row["payload"] = row["salt"] = None
        about = {"type": verifier.DISPOSED, "aggregate_version": row["seq"]}
        evidence.rows[400 + row["seq"]]["meta"] |= about
    rehash(evidence)
    report = evidence.report()
    assert report.disposed == 200
    assert {finding.code for finding in report.findings} == {"head_mismatch"}


def test_a_content_gone_without_a_record_is_found(evidence: Any) -> None:
    for row in evidence.rows[:4:2]:
        row["payload"] = row["salt"] = None
    assert evidence.findings() == [("content_missing", 1), ("content_missing", 3)]


def test_a_half_disposed_payload_is_no_disposal(evidence: Any) -> None:
    row = evidence.rows[9]
    shifted = bytes.fromhex(row["salt"]) + base64.b64decode(row["payload"])
    row |= {"salt": None, "payload": base64.b64encode(shifted).decode()}
    evidence.rows[19]["payload"] = None
    assert evidence.findings() == [("payload_mismatch", 10), ("payload_mismatch", 20)]


def test_a_disposed_record_still_holds_its_meta(evidence: Any) -> None:
    evidence.rows[9] |= {"payload": None, "salt": None}
    evidence.rows[9]["meta"]["type"] = "other"
    assert evidence.findings() == [("hash_mismatch", 10), ("content_missing", 10)]


def test_another_chain(evidence: Any) -> None:
    key = evidence.key.public_key()
    report = verifier.verify(evidence.export, evidence.checkpoint, key, "member:other")
    assert [finding.code for finding in report.findings] == ["wrong_chain"]
    evidence.export["chain"] = "member:other"
    assert {"wrong_chain", "proof_invalid"} <= {code for code, _ in evidence.findings()}


def test_a_record_of_another_chain(evidence: Any) -> None:
    evidence.rows[9]["meta"]["chain"] = "member:other"
    assert evidence.findings() == [("wrong_chain", 10), ("hash_mismatch", 10)]


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 0},
        {"seq": "10"},
        {"seq": True},
        {"salt": "zz" * 32},
        {"salt": "AB" * 32},
        {"payload": "%%%"},
        {"payload": 1},
        {"leaf": None},
        {"hash": "ab"},
        {"meta": {}},
        {"comment": "not covered by any hash"},
    ],
)
def test_an_unreadable_record_is_a_finding(evidence: Any, change: dict[str, Any]) -> None:
    evidence.rows[9] |= change
    assert ("record_malformed", 10) in evidence.findings()


@pytest.mark.parametrize("value", [1.5, 2**53, -1, "3", True, ["x"], {}], ids=repr)
def test_a_meta_value_outside_the_format_is_a_finding(evidence: Any, value: object) -> None:
    evidence.rows[9]["meta"]["aggregate_version"] = value
    assert ("record_malformed", 10) in evidence.findings()


def test_a_lone_surrogate_is_a_finding(evidence: Any) -> None:
    evidence.rows[9]["meta"]["key"] = "\ud800"
    assert ("record_malformed", 10) in evidence.findings()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 949), st.integers(0, 63), st.sampled_from(["salt", "leaf", "hash"]))
def test_no_hex_digit_can_change(pristine: Any, number: int, digit: int, name: str) -> None:
    rows = list(pristine.rows)
    rows[number] = {**rows[number], name: flip(rows[number][name], digit)}
    export = {**pristine.export, "records": rows[:950]}
    report = verifier.verify(export, pristine.checkpoint, pristine.key.public_key())
    assert report.findings[0].seq == number + 1
