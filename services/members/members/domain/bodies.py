"""Member bodies: entered, suspended, let go; whose values theirs are added to."""

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import (
    ContractingAuthoritySet,
    LegalForm,
    MemberRegistered,
    MemberStatus,
    MemberStatusChanged,
)
from marktbund.errors import Conflict, Invalid, NotFound


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


def require_member(member: Member | None) -> Member:
    """The body that was looked for. Raises NotFound (`member_unknown`)."""
    if member is None:
        raise NotFound("member_unknown", "Dieses Mitglied gibt es nicht", field="member_id")
    return member


def require_new_key(*, known: bool) -> None:
    """Raises Conflict (`member_exists`) where a body has this official key already."""
    if known:
        raise Conflict("member_exists", "Dieses Mitglied gibt es schon", field="official_key")
