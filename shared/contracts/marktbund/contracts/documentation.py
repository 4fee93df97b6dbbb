"""What documentation announces: the signed checkpoints that make a cut tail visible."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from marktbund.contracts.base import Message, Topic

CHECKPOINT_EVENTS = Topic("documentation", "checkpoint", "events")
CHECKPOINT_FORMAT = "marktbund-checkpoint/1"
"""What the document of a checkpoint names as its `format`; its other fields stand in the events."""
DOCUMENTATION_NOTICES = Topic("documentation", "notice", "events")


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


class CheckpointAnchored(Message):
    """The day's anchor: a checkpoint for whoever audits to keep outside the operator's reach.

    Members' auditors are sent it by mail. anchor_id: of this anchor; whoever passes it on does so
    once per id and person. day: in Europe/Berlin. `version` counts the anchors of this ledger;
    the other fields are the checkpoint's.
    """

    topic: ClassVar = DOCUMENTATION_NOTICES
    key_field: ClassVar = "ledger_id"

    ledger_id: UUID
    anchor_id: UUID
    day: date
    number: int
    time: datetime
    root: str
    previous: str
    signature: str
    key_id: str
