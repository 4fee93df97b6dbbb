"""What a signature and an anchor rest on, asked for in one statement."""

from typing import TypeAlias

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.anchors import AnchorGround
from documentation.domain.checkpoints import Checkpoint, SignedCheckpoint, StoredCheckpoint
from documentation.domain.filing import COOPERATIVE
from documentation.domain.records import Head
from documentation.domain.signing import Ground
from documentation.store.audits import ALTERED
from documentation.store.checkpoints import HEADS_AT
from documentation.store.restorations import PAYLOADS
from marktbund.statements import row_of, rows_of

_Row: TypeAlias = tuple[int, str, bytes, bytes, bytes, str, int, int, bool]
_CHECKPOINT = """
    SELECT number, time, root, previous, signature, key_id, chains, records, taken_over
      FROM checkpoint
"""
_LAST = f"{_CHECKPOINT} ORDER BY number DESC LIMIT 1"
_PROVABLE = f"{_CHECKPOINT} WHERE NOT taken_over ORDER BY number DESC LIMIT 1"
_HERE = f"{_CHECKPOINT} WHERE number = :here"
_HEADS = HEADS_AT.format(number=f"coalesce((SELECT p.number FROM ({_PROVABLE}) AS p), 0)")
# Declarations are asked for where the last checkpoint is one of those that were taken over.
_DECLARED = f"SELECT d.* FROM ({PAYLOADS}) AS d WHERE (SELECT l.taken_over FROM ({_LAST}) AS l)"
_OF_SIGNING = text(f"""
    SELECT (SELECT ledger_id FROM ledger) AS ledger_id, {row_of(_LAST)} AS last,
           {row_of(_PROVABLE)} AS provable, {row_of(_HERE)} AS here,
           {rows_of(_HEADS)} AS heads, ARRAY({_DECLARED}) AS declared,
           ARRAY({ALTERED}) AS altered
""")
_OF_ANCHOR = text(f"""
    SELECT (SELECT ledger_id FROM ledger) AS ledger_id, {row_of(_LAST)} AS last,
           (SELECT coalesce(max(version), 0) FROM anchor) AS anchors
""")


async def of_signing(connection: AsyncConnection, here: int) -> Ground:
    """What the next signature rests on; here: the number that this process signed last, or 0."""
    asked = {"here": here, "chain": COOPERATIVE}
    row = (await connection.execute(_OF_SIGNING, asked)).one()
    return Ground(
        ledger_id=row.ledger_id,
        last=_stored(row.last),
        provable=_stored(row.provable),
        heads=[Head(*head) for head in row.heads],
        here=_stored(row.here),
        declared=row.declared,
        altered=row.altered,
    )


async def of_anchor(connection: AsyncConnection) -> AnchorGround:
    """What the next anchor is made of."""
    row = (await connection.execute(_OF_ANCHOR)).one()
    return AnchorGround(row.ledger_id, _stored(row.last), row.anchors)


def _stored(row: _Row | None) -> StoredCheckpoint | None:
    if row is None:
        return None
    number, time, root, previous, signature, key_id, chains, records, taken_over = row
    signed = SignedCheckpoint(Checkpoint(number, time, root, previous), signature)
    return StoredCheckpoint(signed, key_id, chains, records, taken_over)
