"""What members can be asked to do, parsed and valid."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from marktbund.contracts.members import Grant, LegalForm, Mandate, MemberStatus, PersonKind
from marktbund.texts import ONE_LINE

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=ONE_LINE)]
Sub = Annotated[str, Field(min_length=1, max_length=200, pattern=ONE_LINE)]


class Command(BaseModel):
    """Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RegisterMember(Command):
    """Enter a body in the member list; official_key as its source writes it (AGS for towns)."""

    name: Name
    legal_form: LegalForm
    official_key: Annotated[str, Field(min_length=1, max_length=40, pattern=ONE_LINE)]


class ChangeMemberStatus(Command):
    """Suspend, reinstate or let go."""

    status: MemberStatus


class RegisterUnit(Command):
    """Add a unit to a member."""

    member_id: UUID
    name: Name
    cost_centre: Annotated[str, Field(max_length=40, pattern=ONE_LINE)] = ""


class RegisterPerson(Command):
    """Make an account known by its token subject; never a name."""

    kind: PersonKind = "person"
    sub: Sub
    grants: Annotated[tuple[Grant, ...], Field(max_length=100)] = ()
    unit_ids: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()


class GrantRoles(Command):
    """Replace an account's roles and mandates."""

    grants: Annotated[tuple[Grant, ...], Field(max_length=100)]
    mandates: Annotated[tuple[Mandate, ...], Field(max_length=100)] = ()
