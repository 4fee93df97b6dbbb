"""Which checkpoint can be proved against: a break excuses one only where it was declared signed."""

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.checkpoints import StoredCheckpoint
from documentation.domain.restorations import Declaration, declarations
from documentation.store import checkpoints, restorations


async def declared(connection: AsyncConnection, key: Ed25519PublicKey) -> Sequence[Declaration]:
    """Every break that the key's holder declared in the file."""
    return declarations(await restorations.payloads(connection), key)


def is_excused(stored: StoredCheckpoint, breaks: Sequence[Declaration]) -> bool:
    """Whether a checkpoint's heads are gone and declared so; the flag alone excuses nothing."""
    number = stored.signed.checkpoint.number
    return stored.taken_over and any(declaration.covers(number) for declaration in breaks)


async def latest_provable(
    connection: AsyncConnection, key: Ed25519PublicKey
) -> StoredCheckpoint | None:
    """The checkpoint with the highest number that no declared break excuses."""
    last = await checkpoints.latest(connection)
    if last is None or not last.taken_over:
        return last
    breaks = await declared(connection, key)
    while last is not None and is_excused(last, breaks):
        number = last.signed.checkpoint.number
        kept = min(declaration.kept for declaration in breaks if declaration.covers(number))
        last = await checkpoints.by_number(connection, kept)
    return last
