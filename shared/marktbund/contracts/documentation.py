"""What documentation announces: the signed checkpoints that make a cut tail visible."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marktbund.contracts.base import Message, Topic

CHECKPOINT_EVENTS = Topic("documentation", "checkpoint", "events")


class CheckpointSigned(Message):
    """A checkpoint over all chains; `version` equals its number.

    root, previous, signature: lower-case hex. key_id: SHA-256 of the raw public key, hex.
    """

    topic: ClassVar = CHECKPOINT_EVENTS
    key_field: ClassVar = "ledger_id"

    ledger_id: UUID
    number: int
    time: datetime
    root: str
    previous: str
    signature: str
    key_id: str
    chains: int
    records: int
