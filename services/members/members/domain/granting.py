"""Who may give which role, which roles wait for a second person, and what such a person needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from marktbund.contracts.members import Grant
from marktbund.errors import Forbidden, Invalid, NotFound

FOUR_EYES = frozenset({"member_admin", "approver", "award_office", "finance"})
"""Roles at a member that a second person confirms: they move money, award, or give such roles."""

COOPERATIVE_ROLES = frozenset({"procurement", "office", "board", "operator"})
"""Roles held for the whole cooperative; auditors may be either, all others belong to a member."""

SECOND_PERSON = "Eine andere Person der Geschäftsstelle oder der Mitgliedsverwaltung muss das tun."
"""The way out for whoever may not decide alone."""


def needs_confirmation(grant: Grant) -> bool:
    """Whether a role is held only once a second person agreed; every one of the cooperative is."""
    return grant.member_id is None or grant.role in FOUR_EYES


def at_once(wanted: Sequence[Grant], held: Sequence[Grant]) -> tuple[Grant, ...]:
    """Of the roles wanted those that are held already or need no second person."""
    single = dict.fromkeys(wanted)
    return tuple(grant for grant in single if grant in held or not needs_confirmation(grant))


@dataclass(frozen=True, slots=True)
class Granter:
    """Whoever gives and takes roles, with the roles they hold themselves at this moment."""

    person_id: UUID
    grants: tuple[Grant, ...]

    @property
    def of_office(self) -> bool:
        """Whether they may give every role there is."""
        return Grant(role="office") in self.grants

    @property
    def administers(self) -> frozenset[UUID]:
        """The members whose roles they may give."""
        own = (grant.member_id for grant in self.grants if grant.role == "member_admin")
        return frozenset(member_id for member_id in own if member_id is not None)

    def may_give(self, grant: Grant) -> bool:
        """The office every role, a member's administration those at its member."""
        return self.of_office or grant.member_id in self.administers

    def require_member(self, member_id: UUID) -> None:
        """Raises NotFound (`member_unknown`) for a member whose people they do not look after."""
        if not (self.of_office or member_id in self.administers):
            raise NotFound("member_unknown", "Dieses Mitglied gibt es nicht", field="member_id")

    def require(
        self, person_id: UUID, belongs_to: Collection[UUID | None], grants: Sequence[Grant]
    ) -> None:
        """Whether they may give or take `grants` of somebody who belongs to these members.

        Raises Forbidden (`own_roles`, `not_authorised`), or NotFound (`person_unknown`) for
        somebody who belongs to no member that this administration looks after.
        """
        if person_id == self.person_id:
            raise Forbidden(
                "own_roles", "Die eigenen Rollen ändert niemand selbst", way_out=SECOND_PERSON
            )
        if not all(self.may_give(grant) for grant in grants):
            raise Forbidden(
                "not_authorised",
                "Keine Berechtigung",
                "Rollen der Genossenschaft gibt die Geschäftsstelle, Rollen eines Mitglieds auch "
                "dessen Mitgliedsverwaltung.",
                way_out="Wenden Sie sich an Ihre Geschäftsstelle.",
            )
        if not (self.of_office or self.administers.intersection(belongs_to)):
            raise NotFound("person_unknown", "Dieses Konto gibt es nicht", field="person_id")


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
