"""Checkpoints as they are published; `document` is what the stand-alone verifier reads."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.checkpoints import document
from documentation.store import checkpoints
from documentation.views.provable import latest_provable
from marktbund.errors import NotFound


class CheckpointDocument(BaseModel):
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

    document: CheckpointDocument
    key_id: str
    chains: int
    records: int
    taken_over: bool


async def following(connection: AsyncConnection, after: int, limit: int) -> list[CheckpointAnswer]:
    """A page of checkpoints by number; `after` is the last number of the page before."""
    return [
        CheckpointAnswer(
            document=CheckpointDocument.model_validate(document(each.signed)),
            key_id=each.key_id,
            chains=each.chains,
            records=each.records,
            taken_over=each.taken_over,
        )
        for each in await checkpoints.following(connection, after, limit)
    ]


async def one(
    connection: AsyncConnection, number: int | None, key: Ed25519PublicKey
) -> CheckpointDocument:
    """A checkpoint, the latest provable one for None. Raises NotFound (`checkpoint_unknown`)."""
    found = (
        await latest_provable(connection, key)
        if number is None
        else await checkpoints.by_number(connection, number)
    )
    if found is None:
        raise NotFound("checkpoint_unknown", "Diesen Prüfpunkt gibt es nicht", field="number")
    return CheckpointDocument.model_validate(document(found.signed))
