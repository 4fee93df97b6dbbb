"""What is done by hand: everything verified, and held against the log."""

from typing import TextIO
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation import handlers
from documentation.domain.footing import SigningRefusedError
from documentation.views import verification
from documentation.views.log_comparison import LogComparison
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.jsons import dumps
from marktbund.rebuilding.generation import Generation
from marktbund.unit_of_work import Database


async def verify(database: Database, key: Ed25519PublicKey, out: TextIO) -> int:
    """Verify every chain and every checkpoint, one JSON line each.

    Returns the exit code: 0 without any finding, 3 with declared breaks alone, else 1.
    """
    fine, breaks = True, 0
    async for answer in verification.everything(database, key):
        fine = fine and answer.unchanged
        breaks += answer.breaks
        out.write(dumps(answer.model_dump(mode="json")) + "\n")
    if not fine:
        return 1
    return 3 if breaks else 0


async def announce(
    database: Database, key: Ed25519PublicKey, by: UUID, reason: str, out: TextIO
) -> bool:
    """Announce the last checkpoint again where the log was lost; False when it does not hold."""
    try:
        async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
            number = await handlers.announce_again(key, uow)
    except SigningRefusedError as refused:
        out.write(dumps({"refused": refused.code, "detail": refused.detail}) + "\n")
        return False
    out.write(dumps({"announced": number, "by": str(by), "reason": reason}) + "\n")
    return True


async def compare(generation: Generation, out: TextIO) -> bool:
    """Hold the file against the log as far as it was heard; True when they are the same.

    Prints one JSON line. Needs the owner's role, for a table of its own while it lasts.
    """
    comparison = LogComparison()
    async with generation.shadow.engine.connect() as connection:
        await comparison.begin(connection)
        ends = await generation.live_positions(connection)
        async for page in generation.heard(ends):
            await comparison.take(connection, page)
        await comparison.finish(connection)
    out.write(dumps({**comparison.model_dump(), "equal": comparison.equal}) + "\n")
    return comparison.equal
