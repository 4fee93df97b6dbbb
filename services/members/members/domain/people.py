"""Accounts, human or machine: who they are to a token, what they may do, what they wait for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.grants import GrantConfirmed, GrantRefused, GrantRequested
from marktbund.contracts.members import (
    Grant,
    Mandate,
    PersonDeactivated,
    PersonKind,
    PersonRegistered,
    RolesGranted,
    SignInProvided,
)
from marktbund.errors import Conflict, Invalid, NotFound
from members.domain.granting import check_levels
from members.domain.requests import GrantRequest, request_unknown


@dataclass(frozen=True, slots=True)
class Person:
    """An account, human or machine: an opaque id, a token subject, what it may do.

    requests: roles that wait for a second person, and those decided with this change. email: where
    the person is reached, None where nobody knows. made: its account at the identity provider is
    ours. refused_at: members where a role was refused to it. `version` counts events: of roles and
    access, not of addresses.
    """

    person_id: UUID
    kind: PersonKind
    sub: str
    grants: tuple[Grant, ...]
    mandates: tuple[Mandate, ...]
    unit_ids: tuple[UUID, ...]
    active: bool
    version: int
    requests: tuple[GrantRequest, ...] = ()
    email: str | None = None
    made: bool = False
    refused_at: tuple[UUID, ...] = ()

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

    @property
    def waiting(self) -> tuple[GrantRequest, ...]:
        """What waits for a second person, oldest first."""
        return tuple(request for request in self.requests if request.state == "waiting")

    @property
    def belongs_to(self) -> frozenset[UUID | None]:
        """The members whose administrations look after it, None for the cooperative: where it
        holds a role, or, holding none anywhere, where one was refused.
        """
        return frozenset(grant.member_id for grant in self.grants) or frozenset(self.refused_at)

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

    def ask(self, request: GrantRequest) -> tuple[Self, list[Message]]:
        """Let a role wait for a second person; the account stays as it is, but for its version."""
        requests = (*self.requests, request)
        changed = replace(self, requests=requests, version=self.version + 1)
        event = GrantRequested(
            version=changed.version,
            person_id=self.person_id,
            request_id=request.request_id,
            grant=request.grant,
            requested_by=request.requested_by,
        )
        return changed, [event]

    def take_confirmed(self, request: GrantRequest, by: UUID) -> tuple[Self, list[Message]]:
        """Hold the role of a request that was confirmed. Raises Conflict (`person_inactive`)."""
        self.require_active()
        held = (*(grant for grant in self.grants if grant != request.grant), request.grant)
        changed = replace(self._with(request), grants=held)
        event = GrantConfirmed(
            version=changed.version,
            person_id=self.person_id,
            request_id=request.request_id,
            grant=request.grant,
            grants=held,
            confirmed_by=by,
            comment=request.comment,
        )
        return changed, [event]

    def drop_refused(self, request: GrantRequest, by: UUID) -> tuple[Self, list[Message]]:
        """Wait no longer for the role of a request that was refused."""
        changed = self._with(request)
        event = GrantRefused(
            version=changed.version,
            person_id=self.person_id,
            request_id=request.request_id,
            grant=request.grant,
            refused_by=by,
            comment=request.comment,
        )
        return changed, [event]

    def _with(self, decided: GrantRequest) -> Self:
        requests = tuple(
            decided if request.request_id == decided.request_id else request
            for request in self.requests
        )
        return replace(self, requests=requests, version=self.version + 1)

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
        """Take access away and forget the address; doing it twice changes nothing."""
        if not self.active:
            return self, []
        changed = replace(self, active=False, email=None, version=self.version + 1)
        return changed, [PersonDeactivated(version=changed.version, person_id=self.person_id)]


def require_person(person: Person | None) -> Person:
    """The account that was looked for. Raises NotFound (`person_unknown`)."""
    if person is None:
        raise NotFound("person_unknown", "Dieses Konto gibt es nicht", field="person_id")
    return person


def require_requested(person: Person | None) -> Person:
    """The account that a request is about. Raises NotFound (`request_unknown`)."""
    if person is None:
        raise request_unknown()
    return person


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
