"""Member bodies, units, accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import (
    AwardingCategory,
    ContractingAuthoritySet,
    Grant,
    LegalForm,
    Mandate,
    MemberRegistered,
    MemberStatus,
    MemberStatusChanged,
    PersonDeactivated,
    PersonKind,
    PersonRegistered,
    RolesGranted,
    SignInProvided,
    UnitAwardsChanged,
    UnitRegistered,
)
from marktbund.errors import Conflict, Invalid

COOPERATIVE_ROLES = frozenset({"procurement", "office", "board", "operator"})
"""Roles held for the whole cooperative; auditors may be either, all others belong to a member."""


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

    def belong_to(self, authority: Self | None) -> tuple[Self, list[Message]]:
        """Add this body's values to another's from now on (Eigenbetrieb), or to none's.

        Raises Invalid: `own_authority` for a company, which is a legal person of its own;
        `no_authority` for itself, or one that belongs to another in turn.
        """
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


@dataclass(frozen=True, slots=True)
class Person:
    """An account, human or machine: an opaque id, a token subject, what it may do."""

    person_id: UUID
    kind: PersonKind
    sub: str
    grants: tuple[Grant, ...]
    mandates: tuple[Mandate, ...]
    unit_ids: tuple[UUID, ...]
    active: bool
    version: int

    @classmethod
    def register(
        cls,
        person_id: UUID,
        kind: PersonKind,
        sub: str,
        grants: Sequence[Grant],
        unit_ids: Sequence[UUID] = (),
    ) -> tuple[Self, list[Message]]:
        """Make an account known. Raises Invalid for a role at the wrong level."""
        _check(grants)
        person = cls(person_id, kind, sub, tuple(grants), (), tuple(unit_ids), True, 1)
        event = PersonRegistered(version=1, person_id=person_id, kind=kind, grants=tuple(grants))
        return person, [event]

    def grant(
        self, grants: Sequence[Grant], mandates: Sequence[Mandate], by: UUID
    ) -> tuple[Self, list[Message]]:
        """Replace all roles and mandates. Raises Invalid, Conflict for an inactive account."""
        _check(grants)
        self.require_active()
        changed = replace(
            self, grants=tuple(grants), mandates=tuple(mandates), version=self.version + 1
        )
        event = RolesGranted(
            version=changed.version,
            person_id=self.person_id,
            grants=changed.grants,
            mandates=changed.mandates,
            granted_by=by,
        )
        return changed, [event]

    def sign_in_as(self, sub: str) -> tuple[Self, list[Message]]:
        """Take the id of the account that the identity provider made; the same changes nothing."""
        if sub == self.sub:
            return self, []
        changed = replace(self, sub=sub, version=self.version + 1)
        return changed, [SignInProvided(version=changed.version, person_id=self.person_id)]

    def require_active(self) -> None:
        """Raises Conflict (`person_inactive`) once access was taken away."""
        if not self.active:
            raise Conflict("person_inactive", "Dieses Konto ist nicht mehr aktiv")

    def deactivate(self) -> tuple[Self, list[Message]]:
        """Take access away; doing it twice changes nothing."""
        if not self.active:
            return self, []
        changed = replace(self, active=False, version=self.version + 1)
        return changed, [PersonDeactivated(version=changed.version, person_id=self.person_id)]


def _check(grants: Sequence[Grant]) -> None:
    for position, grant in enumerate(grants):
        whole = grant.member_id is None
        if grant.role != "auditor" and whole != (grant.role in COOPERATIVE_ROLES):
            raise Invalid(
                "role_level_wrong",
                "Diese Rolle gilt auf einer anderen Ebene",
                "Geschäftsstelle, Vergabeteam, Vorstand und Betrieb gelten für die "
                "Genossenschaft, Rechnungsprüfung für sie oder ein Mitglied, alle anderen Rollen "
                "für ein Mitglied.",
                field=f"grants[{position}].member_id",
            )
