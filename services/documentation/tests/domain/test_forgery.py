"""Attacks that make the file consistent again, and the checkpoint, proof or key that stops them."""

import base64
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain import checkpoints, exports, merkle, records


def flip(text: str, index: int = 0) -> str:
    return text[:index] + ("0" if text[index] != "0" else "1") + text[index + 1 :]


def test_a_cut_tail_with_a_matching_claim(evidence: Any) -> None:
    del evidence.rows[900:]
    evidence.export["covered"] |= {"seq": 900, "head": evidence.rows[-1]["hash"]}
    assert evidence.findings() == [("proof_invalid", None)]


def test_a_claim_about_another_number(evidence: Any) -> None:
    evidence.export["covered"]["seq"] = 949
    assert evidence.findings() == [("proof_invalid", None), ("head_mismatch", 949)]


def rewrite(evidence: Any, number: int) -> None:
    row = evidence.rows[number - 1]
    row["payload"] = base64.b64encode(b"forged").decode()
    raw = bytes.fromhex(row["salt"]) + b"forged"
    row["leaf"] = sha256(raw).hexdigest()


@pytest.mark.parametrize("number", [1, 500, 950])
def test_a_rehashed_chain_misses_the_proven_head(
    evidence: Any, rehash: Callable[[Any], None], number: int
) -> None:
    rewrite(evidence, number)
    rehash(evidence)
    assert evidence.findings() == [("head_mismatch", 950)]


def test_a_rehashed_chain_with_its_own_head_misses_the_signed_root(
    evidence: Any, rehash: Callable[[Any], None]
) -> None:
    del evidence.rows[499]
    rehash(evidence)
    evidence.export["covered"]["head"] = evidence.rows[949]["hash"]
    assert evidence.findings() == [("proof_invalid", None)]


def test_a_rehashed_chain_with_its_own_checkpoint_misses_the_key(
    evidence: Any, rehash: Callable[[Any], None]
) -> None:
    rewrite(evidence, 500)
    rehash(evidence)
    chain = evidence.export["chain"]
    head = records.Head(chain, 950, bytes.fromhex(evidence.rows[949]["hash"]))
    heads = [*evidence.others, head]
    forged = checkpoints.Checkpoint(2, "2026-05-01T10:00:00Z", merkle.root(heads), bytes(32))
    signed = checkpoints.sign(forged, Ed25519PrivateKey.generate())
    proof = merkle.prove(heads, chain)
    document = exports.export_document(chain, [], exports.Coverage(2, head, proof))
    evidence.export["covered"] = document["covered"]
    evidence.checkpoint = checkpoints.document(signed)
    assert evidence.findings() == [("signature_invalid", None)]


def test_the_wrong_key(evidence: Any) -> None:
    evidence.key = Ed25519PrivateKey.generate()
    assert evidence.findings() == [("signature_invalid", None)]


@pytest.mark.parametrize("name", ["number", "time", "root", "previous", "signature"])
def test_a_changed_checkpoint(evidence: Any, name: str) -> None:
    old = evidence.checkpoint[name]
    evidence.checkpoint[name] = old + 1 if isinstance(old, int) else flip(old)
    assert ("signature_invalid", None) in evidence.findings()


def test_another_true_checkpoint(evidence: Any, build: Any) -> None:
    later = build.checkpoint(
        [*evidence.others, records.Head("member:99", 1, bytes(32))], evidence.key
    )
    evidence.checkpoint = checkpoints.document(later)
    assert evidence.findings() == [("proof_invalid", None)]


def test_an_export_without_proof_is_never_unchanged(evidence: Any) -> None:
    evidence.export["covered"] = None
    report = evidence.report()
    assert [finding.code for finding in report.findings] == ["proof_missing"]
    assert (report.covered, report.not_yet_covered) == (0, 1000)


def test_an_empty_proof_is_unreadable(evidence: Any) -> None:
    evidence.export["covered"] = {}
    with pytest.raises(ValueError, match="Objekt"):
        evidence.report()
