"""The supplier register: status and credentials."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.supplier_gateway import (
    ChannelChange,
    ChannelChanged,
    SupplierCredentialsChanged,
    SupplierRegistered,
    SupplierStatus,
    SupplierStatusChanged,
)
from marktbund.errors import Conflict

NEXT_STATUS: Mapping[SupplierStatus, frozenset[SupplierStatus]] = {
    "active": frozenset({"suspended", "withdrawn"}),
    "suspended": frozenset({"active", "withdrawn"}),
    "withdrawn": frozenset(),
}
"""Status -> what it may become."""

ADMITTED: frozenset[SupplierStatus] = frozenset({"active", "suspended"})
"""Who may use the supplier doors: a suspended supplier gets no new orders, but sees and answers
what it already has; members wait for its word. One that has left does not come in."""


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier of the cooperative; `subs` are the token subjects that speak for it."""

    supplier_id: UUID
    name: str
    status: SupplierStatus
    subs: tuple[str, ...]
    version: int

    @classmethod
    def register(cls, supplier_id: UUID, name: str) -> tuple[Self, list[Message]]:
        """Enter a supplier in the register, without credentials yet."""
        event = SupplierRegistered(version=1, supplier_id=supplier_id, name=name)
        return cls(supplier_id, name, "active", (), 1), [event]

    def replace_credentials(
        self, subs: Iterable[str], owners: Mapping[str, UUID]
    ) -> tuple[Self, list[Message]]:
        """Replace who speaks for it; the same set changes nothing. owners: for whom subs speak now.

        Raises Conflict (`supplier_withdrawn`) for one that has left, (`sub_taken`) for a sub that
        speaks for another.
        """
        self._refuse_if_withdrawn()
        wanted = tuple(sorted(set(subs)))
        if wanted == self.subs:
            return self, []
        taken = [sub for sub in wanted if owners.get(sub, self.supplier_id) != self.supplier_id]
        if taken:
            raise Conflict(
                "sub_taken",
                "Diese Kennung gehört schon einem anderen Lieferanten",
                f"Schon vergeben: {taken[0]}",
                field="subs",
                way_out="Jede Kennung spricht für genau einen Lieferanten; nehmen Sie sie dort "
                "weg.",
            )
        changed = replace(self, subs=wanted, version=self.version + 1)
        event = SupplierCredentialsChanged(
            version=changed.version, supplier_id=self.supplier_id, subs=wanted
        )
        return changed, [event]

    def change_status(self, status: SupplierStatus) -> tuple[Self, list[Message]]:
        """Suspend, reinstate or let go; the same status changes nothing.

        Raises Conflict (`supplier_withdrawn`) for one that has left.
        """
        if status == self.status:
            return self, []
        if status not in NEXT_STATUS[self.status]:
            self._refuse_if_withdrawn()
        changed = replace(self, status=status, version=self.version + 1)
        event = SupplierStatusChanged(
            version=changed.version, supplier_id=self.supplier_id, status=status
        )
        return changed, [event]

    def change_channel(self, change: ChannelChange, host: str) -> tuple[Self, list[Message]]:
        """Note a change of where its documents are pushed to.

        Raises Conflict (`supplier_withdrawn`) for one that has left.
        """
        self._refuse_if_withdrawn()
        changed = replace(self, version=self.version + 1)
        event = ChannelChanged(
            version=changed.version, supplier_id=self.supplier_id, change=change, host=host
        )
        return changed, [event]

    def _refuse_if_withdrawn(self) -> None:
        if self.status == "withdrawn":
            raise Conflict(
                "supplier_withdrawn",
                "Dieser Lieferant ist ausgeschieden",
                way_out="Nehmen Sie ihn neu in das Verzeichnis auf.",
            )
