"""Names for the ids of members and suppliers on pages of the cooperative."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.store import replicas


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody known here, by id and in alphabetical order. sellers: admitted suppliers."""

    members: Mapping[str, str]
    suppliers: Mapping[str, str]
    sellers: Mapping[str, str]

    def member(self, member_id: str) -> str:
        """A member's name; `Mitglied` until members has told it."""
        return self.members.get(member_id, "Mitglied")

    def supplier(self, supplier_id: str) -> str:
        """A supplier's name; `Lieferant` until supplier-gateway has told it."""
        return self.suppliers.get(supplier_id, "Lieferant")


async def parties(connection: AsyncConnection) -> Parties:
    """All members and suppliers."""
    return Parties(
        _as_told(await replicas.member_names(connection)),
        _as_told(await replicas.supplier_names(connection)),
        _as_told(await replicas.supplier_names(connection, active=True)),
    )


def _as_told(names: Mapping[UUID, str]) -> Mapping[str, str]:
    # Services tell ids as text.
    return {str(key): name for key, name in names.items()}
