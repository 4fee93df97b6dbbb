"""A checkpoint a day goes outside: announced, and handed to every channel there is."""

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation.domain.anchors import (
    AnchoredCheckpoint,
    AnchorOutcome,
    Channel,
    document_of,
    next_anchor,
    next_attempt,
)
from documentation.domain.checkpoints import signed_of
from documentation.store import anchors, ground
from documentation.store.anchors import AnchorClaim
from marktbund.contracts.documentation import CheckpointAnchored
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork


async def make_anchor(
    now: datetime, key: Ed25519PublicKey, channels: Sequence[Channel], uow: UnitOfWork
) -> int | None:
    """Make the last checkpoint the anchor of the day in Europe/Berlin; its number, None where there
    is nothing to do.

    Raises SigningRefusedError when the last checkpoint is not ours.
    """
    anchor = next_anchor(await ground.of_anchor(uow.connection), key, now, new_id())
    if anchor is None or not await anchors.add(
        uow, anchor.anchored, anchor.news.anchor_id, anchor.news.version, now, channels
    ):
        return None
    uow.announce(anchor.news)
    return anchor.anchored.number


async def take_back_anchor(event: CheckpointAnchored, uow: UnitOfWork) -> None:
    """An anchor that was announced, into a ledger that forgot it; it has been delivered."""
    anchored = AnchoredCheckpoint(event.day, event.number, document_of(signed_of(event)))
    await anchors.add(uow, anchored, event.anchor_id, event.version, event.time)


async def claim_delivery(
    now: datetime, channels: Sequence[Channel], uow: UnitOfWork
) -> AnchorClaim | None:
    """Take what is due."""
    return await anchors.claim(uow, now, channels)


async def record_delivery(
    claim: AnchorClaim, outcome: AnchorOutcome, now: datetime, uow: UnitOfWork
) -> None:
    """Delivered, or waiting for its next attempt."""
    await anchors.end(uow, claim, outcome, now, next_attempt(claim.attempts, now))
