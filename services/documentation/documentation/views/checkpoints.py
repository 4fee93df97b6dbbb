"""Checkpoints as they are published; `document` is what the stand-alone verifier reads."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.checkpoints import document
from documentation.store import checkpoints
from documentation.views.provable import latest_provable
from marktbund.contracts.http.documentation import CheckpointAnswer, CheckpointDocumentAnswer
from marktbund.errors import NotFound


async def following(connection: AsyncConnection, after: int, limit: int) -> list[CheckpointAnswer]:
    """A page of checkpoints by number; `after` is the last number of the page before."""
    return [
        CheckpointAnswer(
            document=CheckpointDocumentAnswer.model_validate(document(stored.signed)),
            key_id=stored.key_id,
            chains=stored.chains,
            records=stored.records,
            taken_over=stored.taken_over,
        )
        for stored in await checkpoints.following(connection, after, limit)
    ]


async def checkpoint_document(
    connection: AsyncConnection, number: int | None, key: Ed25519PublicKey
) -> CheckpointDocumentAnswer:
    """A checkpoint, the latest provable one for None. Raises NotFound (`checkpoint_unknown`)."""
    stored = (
        await latest_provable(connection, key)
        if number is None
        else await checkpoints.by_number(connection, number)
    )
    if stored is None:
        raise NotFound("checkpoint_unknown", "Diesen Prüfpunkt gibt es nicht", field="number")
    return CheckpointDocumentAnswer.model_validate(document(stored.signed))
