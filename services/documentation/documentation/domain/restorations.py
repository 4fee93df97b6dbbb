"""A break declared: the file was put back to an earlier point and heard the events again.

What was sealed between backup and loss has other salts and numbers now, so checkpoints published
meanwhile vouch for a file that is no more. One record in every chain says so; nothing hides it.
"""

from dataclasses import dataclass
from uuid import UUID

from documentation.domain.checkpoints import SignedCheckpoint, document
from documentation.domain.exports import Content
from documentation.domain.records import Head, Meta, Record, commit
from documentation.domain.verifier import RESTORED
from marktbund.jsons import dumps


@dataclass(frozen=True, slots=True)
class Restoration:
    """kept: the last checkpoint whose heads are still here, 0 for none. published: the last one
    the log holds. time: when it was declared, as it is hashed.
    """

    ledger: UUID
    kept: int
    published: SignedCheckpoint
    time: str
    demo: bool

    def declared_in(
        self, restored: Head, event_id: UUID, salt: bytes
    ) -> tuple[Meta, Record, Content]:
        """The record for one chain, whose numbers after the restored head are given anew."""
        told = {
            "ledger_id": str(self.ledger),
            "numbered_anew_from": restored.seq + 1,
            "last_kept_checkpoint": self.kept,
            "last_published_checkpoint": document(self.published),
        }
        meta = Meta(
            chain=restored.chain,
            event_id=str(event_id),
            type=RESTORED,
            key=str(self.ledger),
            aggregate_version=restored.seq + 1,
            time=self.time,
            recorded_at=self.time,
            business_time=None,
            demo=self.demo,
        )
        content = Content(salt, dumps(told).encode())
        return meta, commit(meta, salt, content.payload), content
