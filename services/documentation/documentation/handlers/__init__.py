"""One function per command, gather - decide - write: events in, sealed, checkpoints signed."""

from documentation.handlers.anchoring import (
    claim_delivery,
    make_anchor,
    record_delivery,
    take_back_anchor,
)
from documentation.handlers.disposing import file_disposal
from documentation.handlers.filing import BATCH, record_events, seal_batch
from documentation.handlers.restoring import declare_restoration, take_back_checkpoint
from documentation.handlers.signing import announce_again, keep_note, sign_checkpoint

__all__ = [
    "BATCH",
    "announce_again",
    "claim_delivery",
    "declare_restoration",
    "file_disposal",
    "keep_note",
    "make_anchor",
    "record_delivery",
    "record_events",
    "seal_batch",
    "sign_checkpoint",
    "take_back_anchor",
    "take_back_checkpoint",
]
