"""What members can be asked to do, parsed and valid."""

from collections.abc import Sequence
from typing import Annotated, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from marktbund.addresses import MailAddress
from marktbund.commands import Command
from marktbund.contracts.members import (
    AwardingCategory,
    Grant,
    LegalForm,
    Mandate,
    MemberStatus,
    PersonKind,
    Role,
)
from marktbund.contracts.notices import OrderNotice
from marktbund.contracts.rule_sets import (
    Advice,
    ApprovalStep,
    AwardRule,
    ContractKind,
    RouteLimit,
)
from marktbund.days import Day
from marktbund.texts import OneLine

Name = Annotated[str, OneLine(200, min_length=1)]
Sub = Annotated[str, OneLine(200, min_length=1)]
Plain = TypeVar("Plain", bound=BaseModel)


class MandateGiven(Mandate):
    """A mandate as the door takes it: days within bounds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: Day
    valid_to: Day | None = None


class CategoryAwarded(AwardingCategory):
    """What a unit awards, as the door takes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    evidence: Annotated[str, OneLine(500, min_length=1)]
    valid_to: Day


class AdviceGiven(Advice):
    """Advice as the door takes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[str, OneLine(500, min_length=1)]


class RuleAdopted(AwardRule):
    """A rule as the door takes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contract_kinds: Annotated[tuple[ContractKind, ...], Field(min_length=1, max_length=10)]
    limits: Annotated[tuple[RouteLimit, ...], Field(max_length=10)] = ()
    source: Annotated[str, OneLine(200, min_length=1)]
    valid_from: Day
    valid_to: Day | None = None
    advice: Annotated[tuple[AdviceGiven, ...], Field(max_length=20)] = ()


def _plain(kind: type[Plain], parts: Sequence[BaseModel]) -> tuple[Plain, ...]:
    # Events carry the contract's own types: what the door asks more of is done with here.
    return tuple(kind.model_validate(part.model_dump()) for part in parts)


class RegisterMember(Command):
    """Enter a body in the member list; official_key as its source writes it (AGS for towns)."""

    name: Name
    legal_form: LegalForm
    official_key: Annotated[str, OneLine(40, min_length=1)]


class ChangeMemberStatus(Command):
    """Suspend, reinstate or let go."""

    status: MemberStatus


class RegisterUnit(Command):
    """Add a unit to a member."""

    member_id: UUID
    name: Name
    cost_centre: Annotated[str, OneLine(40)] = ""


class RegisterPerson(Command):
    """Make an account known; never a name.

    sub: its token subject where the identity provider has the account already; without one it is
    made there, for the address `email`. email: for notices, too.
    """

    kind: PersonKind = "person"
    sub: Sub | None = None
    grants: Annotated[tuple[Grant, ...], Field(max_length=100)] = ()
    unit_ids: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
    email: MailAddress | None = None

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.sub is None and (self.email is None or self.kind != "person"):
            raise ValueError("either a subject, or a person's email")
        return self


class RegisterColleague(Command):
    """Make an account known for somebody of a member, by their address alone, with roles there."""

    email: MailAddress
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=20)]

    def grants_at(self, member_id: UUID) -> tuple[Grant, ...]:
        """The roles at the member."""
        return tuple(Grant(role=role, member_id=member_id) for role in self.roles)


class SetContact(Command):
    """Say where a person gets notices."""

    email: MailAddress


class ChooseNotices(Command):
    """Say which notices one does not want as mail; all others come."""

    unwanted: Annotated[tuple[OrderNotice, ...], Field(max_length=20)]


class GrantRoles(Command):
    """Replace an account's roles and mandates."""

    grants: Annotated[tuple[Grant, ...], Field(max_length=100)]
    mandates: Annotated[tuple[MandateGiven, ...], Field(max_length=100)] = ()

    @property
    def plain_mandates(self) -> tuple[Mandate, ...]:
        """The mandates as events carry them."""
        return _plain(Mandate, self.mandates)


class AskForRole(Command):
    """Give an account one role more; member_id: null for the whole cooperative."""

    person_id: UUID
    role: Role
    member_id: UUID | None = None


class RevokeRole(Command):
    """Take one role from an account."""

    role: Role
    member_id: UUID | None = None


class DecideRequest(Command):
    """Say yes or no to a role that somebody else asked for; a no needs the comment."""

    comment: Annotated[str, OneLine(1000)] = ""


class FirstOffice(Command):
    """Make an office account from the command line; email: for notices."""

    sub: Sub
    email: MailAddress | None = None


class SetContractingAuthority(Command):
    """Whose values this member's orders are added to; null: its own."""

    contracting_authority_id: UUID | None


class ChangeUnitAwards(Command):
    """Replace what a unit awards on its own responsibility."""

    awards: Annotated[tuple[CategoryAwarded, ...], Field(max_length=100)]

    @property
    def plain_awards(self) -> tuple[AwardingCategory, ...]:
        """The categories as events carry them."""
        return _plain(AwardingCategory, self.awards)


class AdoptRules(Command):
    """Replace a member's rules: by a preset's, or these. One approval step at most."""

    preset: Annotated[str, OneLine(40)] = ""
    rules: Annotated[tuple[RuleAdopted, ...], Field(max_length=50)] = ()
    approval_steps: Annotated[tuple[ApprovalStep, ...], Field(max_length=1)] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.preset) == bool(self.rules):
            raise ValueError("either a preset or rules")
        return self

    @property
    def plain_rules(self) -> tuple[AwardRule, ...]:
        """The rules as events carry them."""
        return _plain(AwardRule, self.rules)
