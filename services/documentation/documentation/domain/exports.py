"""The export of one chain, in the format that the stand-alone verifier documents and reads."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from documentation.domain.merkle import Proof
from documentation.domain.records import Head, Meta, MetaDocument
from documentation.domain.verifier import EXPORT_FORMAT


@dataclass(frozen=True, slots=True)
class Content:
    """What disposal deletes: the exact bytes of an event and the salt of their commitment."""

    salt: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where a chain stood when a checkpoint was signed, and the proof that its root says so."""

    checkpoint: int
    head: Head
    proof: Proof


@dataclass(frozen=True, slots=True)
class ExportedRecord:
    """One record as an auditor receives it; `content` is None once it is disposed."""

    seq: int
    meta: Meta
    leaf: bytes
    hash: bytes
    content: Content | None


class RecordDocument(TypedDict):
    """One element of `records`: bytes in lower-case hex, payload in base64."""

    seq: int
    meta: MetaDocument
    salt: str | None
    payload: str | None
    leaf: str
    hash: str


class CoverageDocument(TypedDict):
    """What a checkpoint's root says of the chain, with the RFC 6962 proof."""

    checkpoint: int
    seq: int
    head: str
    index: int
    tree_size: int
    path: list[str]


class ExportDocument(TypedDict):
    """The export; the field lists are the verifier's."""

    format: str
    chain: str
    covered: CoverageDocument | None
    records: list[RecordDocument]


def export_document(
    chain: str, records: Iterable[ExportedRecord], coverage: Coverage | None
) -> ExportDocument:
    """The export as JSON-ready data; without coverage the verifier finds `proof_missing`."""
    return {
        "format": EXPORT_FORMAT,
        "chain": chain,
        "covered": None if coverage is None else _covered(coverage),
        "records": [record_document(record) for record in records],
    }


def record_document(record: ExportedRecord) -> RecordDocument:
    """One element of `records`, for doors that write a long export piece by piece."""
    content = record.content
    return {
        "seq": record.seq,
        "meta": record.meta.document(),
        "salt": None if content is None else content.salt.hex(),
        "payload": None if content is None else b64encode(content.payload).decode(),
        "leaf": record.leaf.hex(),
        "hash": record.hash.hex(),
    }


def _covered(coverage: Coverage) -> CoverageDocument:
    return {
        "checkpoint": coverage.checkpoint,
        "seq": coverage.head.seq,
        "head": coverage.head.hash.hex(),
        "index": coverage.proof.index,
        "tree_size": coverage.proof.tree_size,
        "path": [node.hex() for node in coverage.proof.path],
    }
