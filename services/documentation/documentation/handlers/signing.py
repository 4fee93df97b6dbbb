"""Checkpoints are signed over all chains, where the one before and the topic bear it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from documentation.domain.checkpoints import SignedCheckpoint
from documentation.domain.footing import Vouched
from documentation.domain.signing import last_again, next_checkpoint
from documentation.store import checkpoints, ground, signing
from documentation.store.sealing import Holder
from documentation.store.signing import Note
from marktbund.unit_of_work import UnitOfWork


async def sign_checkpoint(
    key: Ed25519PrivateKey, holder: Holder, uow: UnitOfWork, vouched: Vouched
) -> SignedCheckpoint:
    """Sign where all chains stand now, keep the heads that moved, and announce it.

    Raises SealerReplacedError when another process holds the lease by now, SigningWaitsError when
    the checkpoint before is not in the topic yet, SigningRefusedError when the file is not what
    was signed, here or in the topic.
    """
    here = 0 if vouched.signed_here is None else vouched.signed_here.checkpoint.number
    known = await ground.of_signing(uow.connection, here)
    standings = await checkpoints.heads_now(uow.connection)
    following = next_checkpoint(known, standings, vouched, key, uow.now)
    await checkpoints.add_checkpoint(uow, following.stored, following.moved, holder)
    uow.announce(following.news)
    return following.stored.signed


async def announce_again(key: Ed25519PublicKey, uow: UnitOfWork) -> int:
    """Announce the last checkpoint once more, for a log that was made anew; returns its number.

    Raises SigningRefusedError when it is not ours or does not fit its heads, or there is none.
    """
    news = last_again(await ground.of_signing(uow.connection, 0), key)
    uow.announce(news)
    return news.number


async def keep_note(uow: UnitOfWork, note: Note) -> None:
    """Note whether checkpoints are signed, and if not, why."""
    await signing.keep(uow, note)
