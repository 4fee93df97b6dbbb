"""Member bodies and their units."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import (
    AwardingCategory,
    ContractingAuthoritySet,
    LegalForm,
    MemberRegistered,
    MemberStatus,
    MemberStatusChanged,
    UnitAwardsChanged,
    UnitRegistered,
)
from marktbund.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Member:
    """A member body of the cooperative."""

    member_id: UUID
    name: str
    legal_form: LegalForm
    official_key: str
    status: MemberStatus
    version: int
    contracting_authority_id: UUID | None = None

    @classmethod
    def register(
        cls, member_id: UUID, name: str, legal_form: LegalForm, official_key: str
    ) -> tuple[Self, list[Message]]:
        """Enter a body in the member list."""
        member = cls(member_id, name, legal_form, official_key, "active", 1)
        event = MemberRegistered(
            version=1,
            member_id=member_id,
            name=name,
            legal_form=legal_form,
            official_key=official_key,
        )
        return member, [event]

    def change_status(self, status: MemberStatus) -> tuple[Self, list[Message]]:
        """Suspend, reinstate or let go. Raises Conflict for a body that has left already."""
        if self.status == "withdrawn":
            raise Conflict("member_withdrawn", "Dieses Mitglied ist ausgeschieden")
        if status == self.status:
            return self, []
        changed = replace(self, status=status, version=self.version + 1)
        event = MemberStatusChanged(
            version=changed.version, member_id=self.member_id, status=status
        )
        return changed, [event]

    def belong_to(
        self, authority: Self | None, *, is_authority: bool = False
    ) -> tuple[Self, list[Message]]:
        """Add this body's values to another's from now on (Eigenbetrieb), or to none's.

        is_authority: others belong to this body. Raises Invalid: `own_authority` for a company,
        which is a legal person of its own; `no_authority` for itself, or one that belongs to
        another in turn; `is_authority` for one that others belong to: values are added up at one
        body, never along a chain.
        """
        if authority is not None and is_authority:
            raise Invalid(
                "is_authority",
                "Zu diesem Mitglied gehören andere",
                "Ihre Werte würden sonst über zwei Stufen zusammengezählt.",
                field="contracting_authority_id",
                way_out="Ordnen Sie zuerst die anderen dem neuen Auftraggeber zu.",
            )
        if authority is not None and self.legal_form == "company":
            raise Invalid(
                "own_authority",
                "Eine Gesellschaft ist ihr eigener Auftraggeber",
                field="contracting_authority_id",
            )
        chained = authority is not None and authority.contracting_authority_id is not None
        if authority is not None and (chained or authority.member_id == self.member_id):
            raise Invalid(
                "no_authority",
                "Dieses Mitglied ist kein eigener Auftraggeber",
                field="contracting_authority_id",
            )
        known = authority.member_id if authority else None
        changed = replace(self, contracting_authority_id=known, version=self.version + 1)
        event = ContractingAuthoritySet(
            version=changed.version, member_id=self.member_id, contracting_authority_id=known
        )
        return changed, [event]


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
