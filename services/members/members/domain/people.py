"""Accounts, human or machine: who they are to a token, and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import (
    Grant,
    Mandate,
    PersonDeactivated,
    PersonKind,
    PersonRegistered,
    RolesGranted,
    SignInProvided,
)
from marktbund.errors import Conflict, Invalid

COOPERATIVE_ROLES = frozenset({"procurement", "office", "board", "operator"})
"""Roles held for the whole cooperative; auditors may be either, all others belong to a member."""


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
        *,
        by: UUID | None = None,
    ) -> tuple[Self, list[Message]]:
        """Make an account known with the roles it holds at once; by: None from the command line.

        Raises Invalid for a role at the wrong level.
        """
        check_levels(grants)
        person = cls(person_id, kind, sub, tuple(grants), (), tuple(unit_ids), True, 1)
        event = PersonRegistered(
            version=1,
            person_id=person_id,
            kind=kind,
            grants=person.grants,
            registered_by=by,
            bootstrap=by is None,
        )
        return person, [event]

    def grant(
        self, grants: Sequence[Grant], mandates: Sequence[Mandate], by: UUID
    ) -> tuple[Self, list[Message]]:
        """Replace all roles and mandates. Raises Invalid, Conflict for an inactive account."""
        check_levels(grants)
        _check_mandates(mandates)
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


def check_levels(grants: Sequence[Grant]) -> None:
    """Raises Invalid (`role_level_wrong`) for a role at a member that none can hold there."""
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


def _check_mandates(mandates: Sequence[Mandate]) -> None:
    for position, mandate in enumerate(mandates):
        if mandate.valid_to is not None and mandate.valid_to < mandate.valid_from:
            raise Invalid(
                "validity_empty",
                "Die Vollmacht gilt an keinem Tag",
                field=f"mandates[{position}].valid_to",
            )
        if mandate.acting_member_id == mandate.member_id:
            raise Invalid(
                "mandate_for_itself",
                "Für sich selbst braucht ein Mitglied keine Vollmacht",
                field=f"mandates[{position}].member_id",
            )
