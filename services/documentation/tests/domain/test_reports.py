"""What an auditor reads: findings by number, verdicts in a sentence, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from documentation.domain import verifier
from documentation.domain.checkpoints import document
from documentation.domain.records import Head
from documentation.domain.verifier import DISPOSED, RESTORED, SENTENCES, Finding, Report

SOUND = Report(
    chain="member:1",
    checkpoint=7,
    checkpoint_time="2026-05-04T10:00:00Z",
    covered=40,
    records=42,
    not_yet_covered=2,
    disposed=3,
    demo=1,
    findings=[],
)


@pytest.mark.parametrize(
    ("finding", "where"),
    [
        (Finding("proof_missing"), "[proof_missing] Akte: "),
        (Finding("hash_mismatch", 4), "[hash_mismatch] Datensatz 4: "),
        (Finding("missing_record", 4, 4), "[missing_record] Datensatz 4: "),
        (Finding("missing_record", 4, 9), "[missing_record] Datensatz 4 bis 9: "),
        (Finding("restored", 12, 3), "[restored] Datensatz 3 bis 12: "),
        (Finding("restored", None, 3), "[restored] Datensatz 3: "),
    ],
)
def test_a_finding_names_the_records_it_is_about(finding: Finding, where: str) -> None:
    assert str(finding) == where + SENTENCES[finding.code]


def test_a_sound_report_says_up_to_which_record_nothing_changed() -> None:
    assert str(SOUND).splitlines() == [
        "Akte: member:1",
        "Prüfpunkt: 7 vom 2026-05-04T10:00:00Z",
        "Datensätze: 42, noch nicht abgedeckt: 2",
        "Inhalt gelöscht: 3, aus Demo-Betrieb: 1",
        "Ergebnis: Akte unverändert bis Datensatz 40",
    ]


def test_a_report_with_findings_counts_them_and_never_says_unchanged() -> None:
    text = str(SOUND._replace(findings=[Finding("cut_tail", 41, 42), Finding("proof_invalid")]))
    assert text.splitlines()[-1] == "Ergebnis: Akte beanstandet, Befunde: 2"
    assert "[cut_tail] Datensatz 41 bis 42: " in text
    assert "unverändert" not in text


@pytest.fixture
def call(tmp_path: Path, evidence: Any) -> Any:
    """Run the command on the evidence as it is when called."""
    pem = evidence.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def run(*more: str) -> int:
        (tmp_path / "key.pem").write_bytes(pem)
        (tmp_path / "export.json").write_text(json.dumps(evidence.export))
        (tmp_path / "checkpoint.json").write_text(json.dumps(evidence.checkpoint))
        given = ["--export", str(tmp_path / "export.json"), "--public-key"]
        given += [str(tmp_path / "key.pem"), "--checkpoint", str(tmp_path / "checkpoint.json")]
        return verifier.main([*given, *more])

    return run


def test_an_unchanged_file_ends_with_0(call: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert call() == 0
    assert "Ergebnis: Akte unverändert bis Datensatz 950" in capsys.readouterr().out


def test_a_finding_ends_with_1(call: Any, evidence: Any) -> None:
    evidence.rows[3]["hash"] = "0" * 64
    assert call() == 1


def test_a_declared_break_alone_ends_with_3_and_with_a_finding_beside_it_with_1(
    call: Any, evidence: Any, rehash: Any, build: Any
) -> None:
    del evidence.rows[5:]
    evidence.rows[4]["meta"] |= {"type": RESTORED, "aggregate_version": 3}
    rehash(evidence)
    evidence.export["covered"] = None
    assert evidence.report().findings == [Finding("proof_missing"), Finding("restored", 3, 5)]
    assert call() == 1
    head = Head(evidence.export["chain"], 5, bytes.fromhex(evidence.rows[4]["hash"]))
    signed = build.checkpoint([head], evidence.key)
    evidence.checkpoint = dict(document(signed))
    evidence.export["covered"] = {
        "checkpoint": signed.checkpoint.number,
        "seq": 5,
        "head": head.hash.hex(),
        "index": 0,
        "tree_size": 1,
        "path": [],
    }
    assert evidence.report().findings == [Finding("restored", 3, 5)]
    assert call() == 3


def test_a_later_record_of_a_deletion_excuses_the_content(evidence: Any, rehash: Any) -> None:
    del evidence.rows[6:]
    evidence.rows[2] |= {"salt": None, "payload": None}
    evidence.rows[5]["meta"] |= {"type": DISPOSED, "aggregate_version": 3}
    rehash(evidence)
    codes = {finding.code for finding in evidence.report().findings}
    assert "content_missing" not in codes
    evidence.rows[5]["meta"]["aggregate_version"] = 2
    rehash(evidence)
    assert Finding("content_missing", 3) in evidence.report().findings


@pytest.mark.parametrize(("limit", "code"), [("100", 2), ("10000000", 0)])
def test_a_file_beyond_the_limit_given_is_unreadable(call: Any, limit: str, code: int) -> None:
    if code == 0:
        assert call("--max-bytes", limit) == 0
        return
    with pytest.raises(SystemExit) as ended:
        call("--max-bytes", limit)
    assert ended.value.code == code


def test_another_chain_than_expected_is_a_finding(call: Any) -> None:
    assert call("--chain", "member:other") == 1
    assert call("--chain", "member:stadt-musterhausen") == 0
