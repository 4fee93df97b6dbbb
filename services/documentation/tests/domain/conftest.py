"""A sealed file of 1,000 records among other chains, with its checkpoint and export."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain import checkpoints, exports, merkle, records, verifier

CHAIN = "member:stadt-musterhausen"
COVERED = 950


@dataclass
class Evidence:
    """What an auditor holds, to be tampered with; `others` are the heads of the other chains."""

    export: dict[str, Any] = field(repr=False)
    checkpoint: dict[str, Any]
    key: Ed25519PrivateKey
    others: list[records.Head] = field(default_factory=list)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.export["records"]

    def report(self) -> verifier.Report:
        return verifier.verify(self.export, self.checkpoint, self.key.public_key())

    def findings(self) -> list[tuple[str, int | None]]:
        return [(finding.code, finding.seq) for finding in self.report().findings]


def meta_of(number: int, chain: str = CHAIN) -> records.Meta:
    return records.Meta(
        chain=chain,
        event_id=f"0197a000-0000-7000-8000-{number:012d}",
        type="orders.OrderPlaced.v1",
        key=f"Bestellung „{number}“ ü€😀",
        aggregate_version=number if number % 3 else None,
        time=f"2026-05-01T10:00:00.{number:06d}Z",
        recorded_at=f"2026-05-01T10:00:01.{number:06d}Z",
        business_time=None if number % 2 else "2026-04-01T00:00:00Z",
        demo=number % 2 == 0,
    )


def content_of(number: int) -> exports.Content:
    return exports.Content(number.to_bytes(32, "big"), b'{"amount":"%d.00"}\n\xff' % number)


def sealed_rows(count: int, chain: str = CHAIN) -> tuple[list[records.Sealed], list[Any]]:
    contents = [content_of(number) for number in range(1, count + 1)]
    metas = [meta_of(number, chain) for number in range(1, count + 1)]
    batch = [
        records.commit(meta, content.salt, content.payload)
        for meta, content in zip(metas, contents, strict=True)
    ]
    sealed, _ = records.seal(records.empty_head(chain), batch)
    rows = [
        exports.ExportedRecord(record.seq, meta, record.record.leaf, record.hash, content)
        for record, meta, content in zip(sealed, metas, contents, strict=True)
    ]
    return sealed, rows


def checkpoint_over(
    heads: list[records.Head], key: Ed25519PrivateKey
) -> checkpoints.SignedCheckpoint:
    first = checkpoints.follow(None, bytes(32), "2026-05-01T09:59:50Z")
    second = checkpoints.follow(first, merkle.root(heads), "2026-05-01T10:00:00Z")
    return checkpoints.sign(second, key)


@pytest.fixture(scope="session")
def pristine() -> Evidence:
    key = Ed25519PrivateKey.generate()
    sealed, rows = sealed_rows(1000)
    others = [records.Head(f"member:{n}", n, bytes([n]) * 32) for n in range(1, 12)]
    head = records.Head(CHAIN, COVERED, sealed[COVERED - 1].hash)
    signed = checkpoint_over([*others, head], key)
    proof = merkle.prove([head, *others], CHAIN)
    coverage = exports.Coverage(signed.checkpoint.number, head, proof)
    export = exports.export_document(CHAIN, rows, coverage)
    return Evidence(export, checkpoints.document(signed), key, others)


@pytest.fixture(scope="session")
def frozen(pristine: Evidence) -> bytes:
    """Thawed in a fraction of the time that copying takes."""
    return pickle.dumps(pristine.export)


@pytest.fixture
def evidence(pristine: Evidence, frozen: bytes) -> Evidence:
    export = pickle.loads(frozen)  # noqa: S301 - our own, of this run
    return Evidence(export, dict(pristine.checkpoint), pristine.key, pristine.others)


@pytest.fixture
def rehash() -> Callable[[Evidence], None]:
    """The strongest attacker without the key: makes every leaf and hash consistent again."""

    def recompute(evidence: Evidence) -> None:
        prev = records.empty_head(evidence.export["chain"]).hash
        for seq, row in enumerate(evidence.rows, 1):
            meta = records.meta_hash(records.Meta(**row["meta"]))
            prev = records.link_hash(prev, seq, meta, bytes.fromhex(row["leaf"]))
            row["seq"], row["hash"] = seq, prev.hex()

    return recompute


@pytest.fixture
def build() -> Any:
    """The builders above, since tests cannot import from each other under importlib mode."""

    class Builders:
        meta = staticmethod(meta_of)
        content = staticmethod(content_of)
        rows = staticmethod(sealed_rows)
        checkpoint = staticmethod(checkpoint_over)

    return Builders
