"""A content is deleted under a record of its own: who decided, when, why, by which law.

Its commitment stays, so the chain still verifies; a content gone without is a finding.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from documentation.domain.exports import Content
from documentation.domain.filing import FileEntry
from documentation.domain.records import Meta, commit
from documentation.domain.verifier import DISPOSED
from marktbund.errors import Conflict, NotFound
from marktbund.jsons import dumps

_OWN = "marktbund.documentation."


@dataclass(frozen=True, slots=True)
class Disposable:
    """A record whose content is to go. kept: it is there; filed: its disposal is on record."""

    seq: int
    event_id: UUID
    type: str
    leaf: bytes
    kept: bool
    filed: bool


@dataclass(frozen=True, slots=True)
class Disposal:
    """One decision. time: when it was filed, as it is hashed."""

    chain: str
    by: UUID
    reason: str
    law: str
    time: str
    demo: bool

    def filed(
        self,
        records: Sequence[Disposable],
        new_id: Callable[[], UUID],
        new_salt: Callable[[], bytes],
    ) -> list[FileEntry]:
        """The records that vouch for the deletions."""
        return [self.record_of(record, new_id(), new_salt()) for record in records]

    def record_of(self, gone: Disposable, event_id: UUID, salt: bytes) -> FileEntry:
        """The record that vouches for one deletion; its meta names number and event for good."""
        statement = {
            "chain": self.chain,
            "seq": gone.seq,
            "event_id": str(gone.event_id),
            "type": gone.type,
            "leaf": gone.leaf.hex(),
            "disposed_by": str(self.by),
            "reason": self.reason,
            "law": self.law,
        }
        meta = Meta(
            chain=self.chain,
            event_id=str(event_id),
            type=DISPOSED,
            key=str(gone.event_id),
            aggregate_version=gone.seq,
            time=self.time,
            recorded_at=self.time,
            business_time=None,
            demo=self.demo,
        )
        content = Content(salt, dumps(statement).encode())
        return FileEntry(
            meta, commit(meta, salt, content.payload), content, event_id=event_id, order_id=None
        )


def refuse_undisposable(asked: Iterable[int], records: Sequence[Disposable]) -> None:
    """Every number asked for must be a record whose content is kept and may go.

    Raises NotFound (`record_unknown`), Conflict (`record_not_disposable`, `already_disposed`).
    """
    by_number = {record.seq: record for record in records}
    for number in asked:
        record = by_number.get(number)
        if record is None:
            raise NotFound("record_unknown", f"Datensatz {number} gibt es nicht", field="numbers")
        if record.type.startswith(_OWN):
            raise Conflict(
                "record_not_disposable",
                f"Datensatz {number} belegt selbst einen Bruch oder eine Löschung",
                field="numbers",
                way_out="Solche Datensätze enthalten nichts Personenbezogenes und bleiben.",
            )
        if record.filed or not record.kept:
            raise Conflict(
                "already_disposed",
                f"Der Inhalt von Datensatz {number} ist gelöscht oder dazu vorgemerkt",
                field="numbers",
                way_out="Vorgemerktes löscht der Befehl dispose --finish.",
            )
