"""One function per command: take events in, seal them, sign checkpoints over the chains."""

from documentation.handlers.filing import BATCH, record_events, seal_batch
from documentation.handlers.restoring import declare_restoration, take_back_checkpoint
from documentation.handlers.signing import (
    announce_again,
    keep_note,
    sign_checkpoint,
    signed_of,
)

__all__ = [
    "BATCH",
    "announce_again",
    "declare_restoration",
    "keep_note",
    "record_events",
    "seal_batch",
    "sign_checkpoint",
    "signed_of",
    "take_back_checkpoint",
]
