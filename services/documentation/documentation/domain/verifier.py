"""Stand-alone proof that an exported file (Akte) is unchanged up to a signed checkpoint.

    python marktbund_verify.py --export E.json[.gz] --checkpoint C.json --public-key K.pem

Needs Python and `cryptography`; checkpoint and key must come from outside the export. Exit code 0:
unchanged, 1: findings, 2: unreadable or wrong call, 3: declared breaks (restored) alone. The format
is the field lists below, no other field, ? means or null. Records ascend by seq; payloads are
base64, null with their salt once disposed; `covered` is the chain's head at the checkpoint with its
RFC 6962 proof. aggregate_version is in a RESTORED record the first number given anew, in a later
DISPOSED one the number whose content went.

    leaf = SHA-256(salt || payload);  prev of record 1 = SHA-256(chain id)
    hash = SHA-256(prev || seq, 8 bytes big-endian || SHA-256(RFC 8785 JSON of meta) || leaf)
    signature = Ed25519 over the RFC 8785 JSON of the checkpoint's other fields
"""

import argparse
import base64
import json
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

EXPORT_FORMAT, CHECKPOINT_FORMAT = "marktbund-export/1", "marktbund-checkpoint/1"
RESTORED = "marktbund.documentation.FileRestored.v1"
DISPOSED = "marktbund.documentation.ContentDisposed.v1"
EXPORT = "format:text chain:text covered:object? records:list"
COVERED = "checkpoint:number seq:number head:hash index:count tree_size:number path:hashes"
RECORD = "seq:number meta:object salt:hash? payload:text? leaf:hash hash:hash"
META = """aggregate_version:count? business_time:text? chain:text demo:bool event_id:text key:text
    recorded_at:text time:text type:text"""
CHECKPOINT = "format:text number:number time:text root:hash previous:hash signature:signature"
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
KINDS: dict[str, Callable[[Json], bool]] = {
    "text": lambda given: isinstance(given, str),
    "bool": lambda given: isinstance(given, bool),
    "object": lambda given: isinstance(given, dict),
    "list": lambda given: isinstance(given, list),
    "count": lambda given: _is_whole(given, 0),
    "number": lambda given: _is_whole(given, 1),
    "hash": lambda given: _is_hex(given, 64),
    "hashes": lambda given: isinstance(given, list) and all(map(KINDS["hash"], given)),
    "signature": lambda given: _is_hex(given, 128),
}
SENTENCES = {
    "signature_invalid": "Der Prüfpunkt ist nicht mit dem vorgelegten Schlüssel signiert.",
    "proof_missing": "Der Export weist nicht nach, dass der Prüfpunkt diese Akte abdeckt.",
    "proof_invalid": "Der vorgelegte Prüfpunkt bestätigt den Stand der Akte im Export nicht.",
    "wrong_chain": "Gehört zu einer anderen Akte.",
    "record_malformed": "Der Datensatz an dieser Stelle ist nicht lesbar.",
    "missing_record": "Fehlt, obwohl spätere Datensätze vorliegen.",
    "cut_tail": "Fehlt am Ende, war beim Prüfpunkt aber vorhanden.",
    "added_record": "Die Nummer ist mehrfach vergeben; ein Datensatz wurde hinzugefügt.",
    "wrong_order": "Steht nicht an seiner Stelle; die Reihenfolge wurde verändert.",
    "hash_mismatch": "Angaben, Nummer oder Vorgänger wurden verändert (Hash stimmt nicht).",
    "payload_mismatch": "Inhalt oder Salt wurde verändert (passt nicht zur Festlegung).",
    "content_missing": "Der Inhalt fehlt, ohne dass ein Datensatz seine Löschung verzeichnet.",
    "restored": "Erklärter Bruch: nach einer Wiederherstellung neu aufgenommen und nummeriert.",
    "head_mismatch": "Der Hash beim Prüfpunkt war ein anderer; die Akte wurde neu berechnet.",
}


class ExportFields(NamedTuple):
    """The fields of EXPORT."""

    format: str
    chain: str
    covered: Json
    records: list[Json]


@dataclass(frozen=True)
class CoveredFields:
    """The fields of COVERED."""

    checkpoint: int
    seq: int
    head: str
    index: int
    tree_size: int
    path: list[str]


class RecordFields(NamedTuple):
    """The fields of RECORD."""

    seq: int
    meta: Json
    salt: str | None
    payload: str | None
    leaf: str
    hash: str


class MetaFields(NamedTuple):
    """The fields of META."""

    aggregate_version: int | None
    business_time: str | None
    chain: str
    demo: bool
    event_id: str
    key: str
    recorded_at: str
    time: str
    type: str


class CheckpointFields(NamedTuple):
    """The fields of CHECKPOINT."""

    format: str
    number: int
    time: str
    root: str
    previous: str
    signature: str


class Opened(NamedTuple):
    """A record that could be read. links: hash of its meta and leaf, what its own hash is over."""

    seq: int
    hash: str
    meta: MetaFields
    links: bytes
    intact: bool
    disposed: bool


Fields = TypeVar("Fields", ExportFields, CoveredFields, RecordFields, MetaFields, CheckpointFields)


class Finding(NamedTuple):
    """One contradiction, in records `seq` to `last`; a range, so that a break can be declared."""

    code: str
    seq: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        span = " bis ".join(str(seq) for seq in sorted({seq for seq in self[1:] if seq}))
        return f"[{self.code}] {f'Datensatz {span}' if span else 'Akte'}: {SENTENCES[self.code]}"


class Report(NamedTuple):
    """What was found; only without any finding is the file unchanged up to record `covered`."""

    chain: str
    checkpoint: int
    checkpoint_time: str
    covered: int
    records: int
    not_yet_covered: int
    disposed: int
    demo: int
    findings: list[Finding]

    def __str__(self) -> str:
        fine, count = f"Akte unverändert bis Datensatz {self.covered}", len(self.findings)
        lines = [
            f"Akte: {self.chain}",
            f"Prüfpunkt: {self.checkpoint} vom {self.checkpoint_time}",
            f"Datensätze: {self.records}, noch nicht abgedeckt: {self.not_yet_covered}",
            f"Inhalt gelöscht: {self.disposed}, aus Demo-Betrieb: {self.demo}",
            *map(str, self.findings),
            f"Ergebnis: Akte beanstandet, Befunde: {count}" if count else f"Ergebnis: {fine}",
        ]
        # A chain id with control characters could otherwise write a verdict of its own.
        return "\n".join("".join(c if c.isprintable() else "?" for c in line) for line in lines)


def verify(export: Json, checkpoint: Json, key: Ed25519PublicKey, expected: str = "") -> Report:
    """Judge parsed documents (ValueError: unreadable) of the chain `expected`, or of any chain."""
    document = _fields(export, EXPORT, ExportFields)
    signed = _fields(checkpoint, CHECKPOINT, CheckpointFields)
    if (document.format, signed.format) != (EXPORT_FORMAT, CHECKPOINT_FORMAT):
        raise ValueError("unbekanntes Format oder unbekannte Version")
    covered = (
        None if document.covered is None else _fields(document.covered, COVERED, CoveredFields)
    )
    findings = [] if expected in ("", document.chain) else [Finding("wrong_chain")]
    findings += _check_checkpoint(document.chain, covered, signed, key)
    seq, head = (0, "") if covered is None else (covered.seq, covered.head)
    opened = [_opened(record) for record in document.records]
    findings += [Finding("record_malformed", n) for n, row in enumerate(opened, 1) if row is None]
    records = [row for row in opened if row is not None]
    findings += [Finding("wrong_order", b.seq) for a, b in pairwise(records) if b.seq < a.seq]
    findings += _walk(document.chain, sorted(records, key=lambda row: row.seq), seq, head)
    return Report(
        chain=document.chain,
        checkpoint=signed.number,
        checkpoint_time=signed.time,
        covered=seq,
        records=len(opened),
        not_yet_covered=sum(row.seq > seq for row in records),
        disposed=sum(row.disposed for row in records),
        demo=sum(row.meta.demo for row in records),
        findings=findings,
    )


def canonical(fields: Mapping[str, Json]) -> bytes:
    """RFC 8785 JSON of a flat object of strings, whole numbers, booleans and null."""
    ordered = dict(sorted(fields.items(), key=lambda item: item[0].encode("utf-16-be")))
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode()


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an RFC 6962 audit path leads to; None where it does not fit the position."""
    if size <= 1 or not path:
        return leaf if (index, size, len(path)) == (0, 1, 0) else None
    left = index < (split := 1 << ((size - 1).bit_length() - 1))
    half = (index, split) if left else (index - split, size - split)
    node = root_from_path(leaf, *half, path[:-1])
    return node and sha256(b"\x01" + (node + path[-1] if left else path[-1] + node)).digest()


def _check_checkpoint(
    chain: str, covered: CoveredFields | None, signed: CheckpointFields, key: Ed25519PublicKey
) -> Iterator[Finding]:
    body = {name: value for name, value in signed._asdict().items() if name != "signature"}
    try:
        key.verify(bytes.fromhex(signed.signature), canonical(body))
    except InvalidSignature:
        yield Finding("signature_invalid")
    if covered is None:
        yield Finding("proof_missing")
        return
    name, seq = chain.encode(), covered.seq.to_bytes(8, "big")
    head = len(name).to_bytes(4, "big") + name + seq + bytes.fromhex(covered.head)
    leaf, path = sha256(b"\x00" + head).digest(), [bytes.fromhex(node) for node in covered.path]
    if root_from_path(leaf, covered.index, covered.tree_size, path) != bytes.fromhex(signed.root):
        yield Finding("proof_invalid")


def _opened(record: Json) -> Opened | None:
    try:
        fields = _fields(record, RECORD, RecordFields)
        meta, salt, payload = _fields(fields.meta, META, MetaFields), fields.salt, fields.payload
        exact = bytes.fromhex(salt or "") + base64.b64decode(payload or "", validate=True)
        links = sha256(canonical(meta._asdict())).digest() + bytes.fromhex(fields.leaf)
    except ValueError:
        return None
    absent = (salt, payload).count(None)
    intact = absent == 2 or (absent == 0 and sha256(exact).hexdigest() == fields.leaf)
    return Opened(fields.seq, fields.hash, meta, links, intact, absent == 2)


def _walk(chain: str, ordered: list[Opened], covered: int, head: str) -> Iterator[Finding]:
    # After a gap the next link cannot be judged; after a false one the stored hash carries on.
    filed = {row.meta.aggregate_version for row in ordered if row.meta.type == DISPOSED}
    last, prev = 0, sha256(chain.encode()).hexdigest()
    for seq, group in groupby(ordered, lambda row: row.seq):
        rivals, before = list(group), bytes.fromhex(prev) + seq.to_bytes(8, "big")
        linked = [row for row in rivals if sha256(before + row.links).hexdigest() == row.hash]
        record = (linked or rivals)[0]
        if seq > last + 1:
            yield Finding("missing_record", last + 1, seq - 1)
        doubts = {
            "added_record": len(rivals) > 1,
            "wrong_chain": record.meta.chain != chain,
            "hash_mismatch": seq == last + 1 and not linked,
            "payload_mismatch": not record.intact,
            "content_missing": record.disposed and seq not in filed,
            "head_mismatch": seq == covered and record.hash != head,
        }
        yield from (Finding(code, seq) for code, doubtful in doubts.items() if doubtful)
        if record.meta.type == RESTORED:
            yield Finding("restored", record.meta.aggregate_version, seq)
        last, prev = seq, record.hash
    if last < covered:
        yield Finding("cut_tail", last + 1, covered)


def _fields(value: Json, expected: str, kind: Callable[..., Fields]) -> Fields:
    kinds = dict(field.split(":") for field in expected.split())
    if not isinstance(value, dict) or value.keys() != kinds.keys():
        raise ValueError(f"erwartet wird ein Objekt mit genau diesen Feldern: {expected}")
    for name, named in kinds.items():
        absent = named.endswith("?") and value[name] is None
        if not absent and not KINDS[named.rstrip("?")](value[name]):
            raise ValueError(f"das Feld „{name}“ ist nicht von der Art „{named}“")
    return kind(**value)


def _is_whole(given: Json, least: int) -> bool:
    # True and False are numbers to Python, and none to the format.
    return isinstance(given, int) and not isinstance(given, bool) and least <= given < 2**53


def _is_hex(given: Json, digits: int) -> bool:
    return isinstance(given, str) and re.fullmatch(f"[0-9a-f]{{{digits}}}", given) is not None


def load(path: Path, limit: int) -> Json:
    """Read JSON, plain or gzip, of at most `limit` bytes unpacked, with no field given twice."""
    with path.open("rb") as file:
        raw = file.read(limit + 1)
    if raw.startswith(b"\x1f\x8b"):
        raw = zlib.decompressobj(31).decompress(raw, limit + 1)
    if len(raw) > limit:
        raise ValueError(f"{path.name} hat mehr als {limit} Bytes (siehe --max-bytes)")
    document: Json = json.loads(raw.decode(), object_pairs_hook=_unique)
    return document


def _unique(pairs: list[tuple[str, Json]]) -> Json:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("ein Feld kommt doppelt vor")
    return dict(pairs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Prüft, ob eine exportierte Akte unverändert ist.")
    parser.add_argument("--export", type=Path, required=True, help="Akte, JSON, auch gzip")
    parser.add_argument("--checkpoint", type=Path, required=True, help="Prüfpunkt, JSON")
    parser.add_argument("--public-key", type=Path, required=True, help="Ed25519-Schlüssel, PEM")
    parser.add_argument("--chain", default="", help="Kennung der erwarteten Akte")
    parser.add_argument("--max-bytes", type=int, default=2**29, help="Grenze je Datei, entpackt")
    asked = parser.parse_args(arguments)
    try:
        key = load_pem_public_key(asked.public_key.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            parser.error("[unreadable] der Schlüssel ist kein Ed25519-Schlüssel")
        documents = [load(path, asked.max_bytes) for path in (asked.export, asked.checkpoint)]
        report = verify(documents[0], documents[1], key, asked.chain)
    except (ValueError, OSError, RecursionError, zlib.error, UnsupportedAlgorithm) as why:
        parser.error(f"[unreadable] Eingabe nicht lesbar: {why}")
    sys.stdout.buffer.write(f"{report}\n".encode())
    return min((3 if finding.code == "restored" else 1 for finding in report.findings), default=0)


if __name__ == "__main__":
    sys.exit(main())
