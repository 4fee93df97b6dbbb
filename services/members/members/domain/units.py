"""Organisational units of members, and what they award on their own responsibility."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import AwardingCategory, UnitAwardsChanged, UnitRegistered
from marktbund.errors import NotFound


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisational unit of a member; `awards`: on its own responsibility (§ 3 (2) VgV)."""

    unit_id: UUID
    member_id: UUID
    name: str
    cost_centre: str
    version: int
    awards: tuple[AwardingCategory, ...] = ()

    @classmethod
    def register(
        cls, unit_id: UUID, member_id: UUID, name: str, cost_centre: str
    ) -> tuple[Self, list[Message]]:
        """Add a unit to a member's organisation tree."""
        event = UnitRegistered(
            version=1, unit_id=unit_id, member_id=member_id, name=name, cost_centre=cost_centre
        )
        return cls(unit_id, member_id, name, cost_centre, 1), [event]

    def change_awards(self, awards: Sequence[AwardingCategory]) -> tuple[Self, list[Message]]:
        """Replace what the unit awards on its own responsibility."""
        changed = replace(self, awards=tuple(awards), version=self.version + 1)
        event = UnitAwardsChanged(
            version=changed.version,
            unit_id=self.unit_id,
            member_id=self.member_id,
            awards=changed.awards,
        )
        return changed, [event]


def require_unit(unit: Unit | None) -> Unit:
    """The unit that was looked for. Raises NotFound (`unit_unknown`)."""
    if unit is None:
        raise NotFound("unit_unknown", "Diese Einheit gibt es nicht", field="unit_id")
    return unit
