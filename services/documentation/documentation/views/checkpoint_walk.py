"""All checkpoints walked in bounded steps: signature, predecessor, root over the heads kept."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation.domain.checkpoints import broken_numbers
from documentation.store import checkpoints
from documentation.views.provable import declared, is_excused
from documentation.views.verification import wrong_roots
from marktbund.unit_of_work import Database

MOST = 500
_HASHES = 20_000
"""A root costs one hash per chain: so many at once, however many chains there are."""


@dataclass(frozen=True, slots=True)
class CheckpointStep:
    """last: the number it came to. broken: by number. done: nothing comes after it."""

    last: int
    broken: tuple[int, ...]
    done: bool


async def step(database: Database, key: Ed25519PublicKey, after: int) -> CheckpointStep:
    """Judge the checkpoints after a number, `after` as the ground they stand on."""
    async with database.reading() as connection:
        ground = await checkpoints.by_number(connection, after) if after else None
        if after and ground is None:
            return CheckpointStep(0, (after,), False)
        heads = {head.chain: head for head in await checkpoints.heads_at(connection, after)}
        most = max(10, min(MOST, _HASHES // max(len(heads), 1)))
        page = await checkpoints.following(connection, after, most)
        if not page:
            return CheckpointStep(after, (), True)
        end = page[-1].signed.checkpoint.number
        moved = await checkpoints.heads_of(connection, after + 1, end)
        flagged = any(stored.taken_over for stored in page)
        breaks = await declared(connection, key) if flagged else ()
    before = None if ground is None else ground.signed.checkpoint
    broken = broken_numbers([stored.signed for stored in page], key, before)
    kept = [stored for stored in page if not is_excused(stored, breaks)]
    broken += wrong_roots([stored.signed.checkpoint for stored in kept], moved, heads)
    broken += [stored.signed.checkpoint.number for stored in kept if stored.taken_over]
    return CheckpointStep(end, tuple(sorted(set(broken))), len(page) < most)
