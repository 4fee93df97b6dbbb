"""The records that declare a file put back; every chain has one, the cooperative's is read."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.filing import COOPERATIVE
from documentation.domain.verifier import RESTORED

# The type stands in the text, so that the partial index of migration 6 serves it.
PAYLOADS = f"""
    SELECT p.payload FROM record AS r JOIN payload AS p USING (chain_id, seq)
     WHERE r.type = '{RESTORED}' AND r.chain_id = :chain ORDER BY r.seq
"""
_PAYLOADS = text(PAYLOADS)


async def payloads(connection: AsyncConnection) -> list[bytes]:
    """The contents of all sealed declarations in the cooperative's chain, oldest first."""
    rows = await connection.execute(_PAYLOADS, {"chain": COOPERATIVE})
    return list(rows.scalars())
