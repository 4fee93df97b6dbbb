"""Roles with four eyes: who may give which role, what waits for a second person, who decides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.grants import GrantConfirmed, GrantRefused, GrantRequested
from marktbund.contracts.members import Grant
from marktbund.errors import Conflict, Forbidden, Invalid, NotFound
from members.domain.people import Person

FOUR_EYES = frozenset({"member_admin", "approver", "award_office", "finance"})
"""Roles at a member that a second person confirms: they move money, award, or give such roles."""

_NO_WAY = "Eine andere Person der Geschäftsstelle oder der Mitgliedsverwaltung muss das tun."


def needs_confirmation(grant: Grant) -> bool:
    """Whether a role is held only once a second person agreed; every one of the cooperative is."""
    return grant.member_id is None or grant.role in FOUR_EYES


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

    def require(self, person: Person, grants: Sequence[Grant]) -> None:
        """Raises Forbidden (`own_roles`, `not_authorised`), or NotFound (`person_unknown`) for
        somebody who holds nothing at a member that this administration looks after.
        """
        if person.person_id == self.person_id:
            raise Forbidden(
                "own_roles", "Die eigenen Rollen ändert niemand selbst", way_out=_NO_WAY
            )
        if not all(self.may_give(grant) for grant in grants):
            raise Forbidden(
                "not_authorised",
                "Keine Berechtigung",
                "Rollen der Genossenschaft gibt die Geschäftsstelle, Rollen eines Mitglieds auch "
                "dessen Mitgliedsverwaltung.",
                way_out="Wenden Sie sich an Ihre Geschäftsstelle.",
            )
        theirs = {grant.member_id for grant in person.grants} & self.administers
        if not (self.of_office or theirs):
            raise NotFound("person_unknown", "Dieses Konto gibt es nicht", field="person_id")


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """A role that somebody asked for and nobody else has decided about yet, or has."""

    request_id: UUID
    person_id: UUID
    grant: Grant
    requested_by: UUID
    state: Literal["waiting", "confirmed", "refused"] = "waiting"

    @classmethod
    def ask(
        cls, request_id: UUID, person: Person, grant: Grant, by: UUID
    ) -> tuple[Self, Person, list[Message]]:
        """Ask for a role; the account stays as it is, but for its version."""
        changed = replace(person, version=person.version + 1)
        event = GrantRequested(
            version=changed.version,
            person_id=person.person_id,
            request_id=request_id,
            grant=grant,
            requested_by=by,
        )
        return cls(request_id, person.person_id, grant, by), changed, [event]

    def confirm(
        self, person: Person, by: Granter, comment: str
    ) -> tuple[Self, Person, list[Message]]:
        """Give the role. Raises NotFound, Conflict (`request_decided`, `person_inactive`) and
        Forbidden (`own_roles`, `second_person_needed`).
        """
        self._require_open(by)
        if by.person_id == person.person_id:
            raise Forbidden(
                "own_roles", "Die eigenen Rollen bestätigt niemand selbst", way_out=_NO_WAY
            )
        if by.person_id == self.requested_by:
            raise Forbidden(
                "second_person_needed",
                "Wer eine Rolle beantragt, bestätigt sie nicht",
                way_out=_NO_WAY,
            )
        person.require_active()
        held = (*(grant for grant in person.grants if grant != self.grant), self.grant)
        changed = replace(person, grants=held, version=person.version + 1)
        event = GrantConfirmed(
            version=changed.version,
            person_id=person.person_id,
            request_id=self.request_id,
            grant=self.grant,
            grants=held,
            confirmed_by=by.person_id,
            comment=comment,
        )
        return replace(self, state="confirmed"), changed, [event]

    def refuse(
        self, person: Person, by: Granter, comment: str
    ) -> tuple[Self, Person, list[Message]]:
        """Do not give it; whoever asked may take it back so. Raises NotFound, Conflict
        (`request_decided`) and Invalid (`comment_missing`).
        """
        self._require_open(by)
        if not comment:
            raise Invalid(
                "comment_missing", "Zur Ablehnung gehört eine Begründung", field="comment"
            )
        changed = replace(person, version=person.version + 1)
        event = GrantRefused(
            version=changed.version,
            person_id=person.person_id,
            request_id=self.request_id,
            grant=self.grant,
            refused_by=by.person_id,
            comment=comment,
        )
        return replace(self, state="refused"), changed, [event]

    def _require_open(self, by: Granter) -> None:
        if not by.may_give(self.grant):
            raise NotFound("request_unknown", "Diesen Antrag gibt es nicht")
        if self.state != "waiting":
            raise Conflict(
                "request_decided",
                "Über diesen Antrag ist schon entschieden",
                way_out="Bitte laden Sie die Liste neu.",
            )


def at_once(wanted: Sequence[Grant], held: Sequence[Grant]) -> tuple[Grant, ...]:
    """Of the roles wanted those that are held already or need no second person."""
    single = dict.fromkeys(wanted)
    return tuple(grant for grant in single if grant in held or not needs_confirmation(grant))


def require_address(person: Person, wanted: Sequence[Grant], *, known: bool) -> None:
    """Raises Invalid (`address_needed`): one address is one person, so that nobody confirms
    to themselves from an account beside their own. Machines have none.
    """
    if person.kind == "person" and not known and any(map(needs_confirmation, wanted)):
        raise Invalid(
            "address_needed",
            "Diese Rolle braucht eine E-Mail-Adresse",
            "Sie zeigt, dass hinter dem Konto keine schon bekannte Person steht.",
            field="email",
            way_out="Hinterlegen Sie die Adresse der Person.",
        )
