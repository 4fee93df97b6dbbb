"""Checkpoints as they are published; `document` is what the stand-alone verifier reads."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.checkpoints import document
from documentation.store import checkpoints
from documentation.views.provable import latest_provable
from marktbund.errors import NotFound


class CheckpointDocumentAnswer(BaseModel):
    """Exactly the fields the verifier takes; root, previous and signature in lower-case hex."""

    model_config = ConfigDict(frozen=True)

    format: str
    number: int
    time: str
    root: str
    previous: str
    signature: str


class CheckpointAnswer(BaseModel):
    """A checkpoint, the key it was signed with, and how much it covers since the beginning.

    taken_over: published before a restore; nothing here can be proved against it any more.
    """

    model_config = ConfigDict(frozen=True)

    document: CheckpointDocumentAnswer
    key_id: str
    chains: int
    records: int
    taken_over: bool


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
