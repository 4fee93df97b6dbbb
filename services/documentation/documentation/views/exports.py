"""One chain as the document the stand-alone verifier reads, written piece by piece."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation.domain import merkle
from documentation.domain.exports import Coverage, export_document, record_document
from documentation.domain.records import Head
from documentation.store import checkpoints, pages
from documentation.views.provable import declared, is_excused, latest_provable
from marktbund.errors import Conflict, NotFound
from marktbund.jsons import dumps
from marktbund.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class Export:
    """What is fixed before the first byte is sent: up to which record, and the proof."""

    chain: str
    last: int
    coverage: Coverage | None

    @property
    def number(self) -> int:
        """The checkpoint that the proof is for, 0 without one."""
        return self.coverage.checkpoint if self.coverage else 0


async def prepared(
    database: Database, key: Ed25519PublicKey, chain: str, number: int | None
) -> Export:
    """The export of a chain with the proof for one checkpoint, the latest for None.

    Raises NotFound (`chain_unknown`, `checkpoint_unknown`) and Conflict
    (`checkpoint_taken_back`): published before a restore, its heads are not known any more.
    """
    async with database.reading() as connection:
        end = await pages.end_of(connection, chain)
        if end is None:
            raise NotFound("chain_unknown", "Diese Akte gibt es nicht")
        stored = (
            await latest_provable(connection, key)
            if number is None
            else await checkpoints.by_number(connection, number)
        )
        if stored is None and number is not None:
            raise NotFound(
                "checkpoint_unknown", "Diesen Prüfpunkt gibt es nicht", field="checkpoint"
            )
        if stored is not None and is_excused(stored, await declared(connection, key)):
            raise Conflict(
                "checkpoint_taken_back",
                "Dieser Prüfpunkt bezeugt einen Stand vor der Wiederherstellung",
                field="checkpoint",
                way_out="Nehmen Sie einen späteren; den Bruch erklärt die Akte selbst.",
            )
        at = stored.signed.checkpoint.number if stored else 0
        heads = await checkpoints.heads_at(connection, at)
    return Export(chain, max(end.last, end.head.seq), _coverage(at, heads, chain))


def _coverage(number: int, heads: list[Head], chain: str) -> Coverage | None:
    head = next((head for head in heads if head.chain == chain), None)
    return None if head is None else Coverage(number, head, merkle.prove(heads, chain))


async def stream(database: Database, export: Export) -> AsyncIterator[str]:
    """The JSON text; at most one page of records is held at a time."""
    opening = dumps(export_document(export.chain, (), export.coverage))
    yield opening.removesuffix("]}")
    comma = ""
    async for page in pages.pages(database, export.chain, export.last):
        yield comma + ",".join(dumps(record_document(filed.record)) for filed in page)
        comma = ","
    yield "]}\n"
