"""A chain checked while it is read, page by page: the verifier's rules with bounded memory.

Where the stand-alone verifier holds a whole export, this holds the last link. A database cannot
give one number twice or out of order (the primary key), so those two findings cannot occur here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from documentation.domain.exports import Content, ExportedRecord
from documentation.domain.filing import order_of
from documentation.domain.records import (
    Head,
    empty_head,
    leaf_hash,
    link_hash,
    meta_hash,
)
from documentation.domain.verifier import RESTORED, SENTENCES, Finding, Report

MOST_FINDINGS = 1000
"""Findings kept by name; the rest are counted."""

LOOKUP_MISMATCH = "lookup_mismatch"
BROKEN_CHECKPOINTS = "checkpoint_broken"
_OWN_SENTENCES = {
    LOOKUP_MISMATCH: "Der Auftragsbezug der Suche wurde verändert; der Inhalt nennt ihn anders.",
    BROKEN_CHECKPOINTS: "Der Prüfpunkt ist nicht echt oder schließt nicht an seinen Vorgänger an.",
}


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A stored record, the order it is found by, and the hash a checkpoint saw here, if one did.

    unrecorded: its content is gone, and no record of the chain says so.
    """

    record: ExportedRecord
    order_id: UUID | None
    vouched: bytes | None
    unrecorded: bool = False


def sentence(code: str) -> str:
    """What a finding means, German."""
    return _OWN_SENTENCES.get(code) or SENTENCES[code]


class Audit:
    """The walk along one chain.

    covered: the number of its last record at the latest checkpoint, 0 without one. before: what
    was found about that checkpoint. after: where an earlier walk ended, if it goes on there.
    """

    def __init__(
        self,
        chain: str,
        covered: int,
        before: Iterable[Finding] = (),
        *,
        after: Head | None = None,
    ) -> None:
        self._covered = covered
        self._last = after or empty_head(chain)
        self._findings = list(before)
        self._late = 0
        self._forged = 0
        self.total = len(self._findings)
        self.breaks = 0
        self.records = 0
        self.disposed = 0
        self.demo = 0

    @property
    def last(self) -> Head:
        """Where the walk has come to."""
        return self._last

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found by name so far, at most 1,000."""
        return tuple(self._findings)

    def take(self, page: Iterable[StoredRecord]) -> None:
        """Check the next records, ascending by number."""
        for filed in page:
            record = filed.record
            self.records += 1
            self._late += record.seq > self._covered
            self.disposed += record.content is None
            self.demo += record.meta.demo
            self._check_link(record)
            if record.content is not None:
                self._check_content(record, record.content, filed.order_id)
            if filed.unrecorded:
                self._find("content_missing", record.seq)
            if record.meta.type == RESTORED:
                self.breaks += 1
                self._find("restored", record.meta.aggregate_version or record.seq, record.seq)
            if filed.vouched is not None and filed.vouched != record.hash:
                self._find("head_mismatch", record.seq)
                self._forged = record.seq
            self._last = Head(self._last.chain, record.seq, record.hash)

    def finish(self, head: Head, checkpoint: int, checkpoint_time: str) -> Report:
        """The verdict; `head` is where the sealer says that the chain ends."""
        expected = max(head.seq, self._covered)
        if self._last.seq < expected:
            self._find("cut_tail", self._last.seq + 1, expected)
        elif self._last.seq > head.seq:
            self._find("added_record", head.seq + 1, self._last.seq)
        elif self._last.hash != head.hash and self._forged != head.seq:
            self._find("head_mismatch", head.seq)
        return Report(
            chain=head.chain,
            checkpoint=checkpoint,
            checkpoint_time=checkpoint_time,
            covered=self._covered,
            records=self.records,
            not_yet_covered=self._late,
            disposed=self.disposed,
            demo=self.demo,
            findings=self._findings,
        )

    def _check_link(self, record: ExportedRecord) -> None:
        last = self._last
        if record.seq > last.seq + 1:
            # What stood before is unknown, so this link cannot be judged; the next one can.
            self._find("missing_record", last.seq + 1, record.seq - 1)
        elif _link(last, record) != record.hash:
            self._find("hash_mismatch", record.seq)

    def _check_content(
        self, record: ExportedRecord, content: Content, order_id: UUID | None
    ) -> None:
        if _leaf(content) != record.leaf:
            self._find("payload_mismatch", record.seq)
        elif order_of(content.payload) != order_id:
            self._find(LOOKUP_MISMATCH, record.seq)

    def _find(self, code: str, seq: int, last: int | None = None) -> None:
        self.total += 1
        if len(self._findings) < MOST_FINDINGS:
            self._findings.append(Finding(code, seq, last))


def _link(last: Head, record: ExportedRecord) -> bytes:
    try:
        return link_hash(last.hash, record.seq, meta_hash(record.meta), record.leaf)
    except ValueError:
        return b""


def _leaf(content: Content) -> bytes:
    try:
        return leaf_hash(content.salt, content.payload)
    except ValueError:
        return b""
