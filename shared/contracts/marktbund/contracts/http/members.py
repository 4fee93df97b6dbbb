"""What members' doors answer: bodies, units, accounts, roles, rules of awarding."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from marktbund.contracts.http import Answer
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
from marktbund.contracts.rule_sets import ApprovalStep, AwardRule


class MemberAnswer(Answer):
    """A member body."""

    member_id: UUID
    name: str
    legal_form: LegalForm
    official_key: str
    status: MemberStatus
    contracting_authority_id: UUID | None
    version: int


class UnitAnswer(Answer):
    """A unit of a member."""

    unit_id: UUID
    member_id: UUID
    name: str
    cost_centre: str
    awards: tuple[AwardingCategory, ...]
    version: int


class PersonAnswer(Answer):
    """An account; nothing personal."""

    person_id: UUID
    kind: PersonKind
    sub: str
    grants: tuple[Grant, ...]
    mandates: tuple[Mandate, ...]
    unit_ids: tuple[UUID, ...]
    active: bool
    version: int


class ContactAnswer(Answer):
    """Where a person is reached; the only personal data of members.

    sign_in: elsewhere, the account is not ours to make; waiting, known, or refused by the identity
    provider until the address changes.
    """

    person_id: UUID
    email: str | None
    sign_in: Literal["elsewhere", "waiting", "known", "refused"]


class NoticesAnswer(Answer):
    """Where one is reached, and what one does not want to be told by mail."""

    email: str | None
    unwanted: tuple[OrderNotice, ...]


class RuleSetAnswer(Answer):
    """A member's rules of awarding."""

    rule_set_id: UUID
    member_id: UUID
    status: str
    rules: tuple[AwardRule, ...]
    approval_steps: tuple[ApprovalStep, ...]
    version: int


class PresetAnswer(Answer):
    """Rules to start from."""

    name: str
    rules: tuple[AwardRule, ...]


class RequestAnswer(Answer):
    """A role that waits. mine: the viewer asked for it, or it is theirs: another must confirm.

    requested_by_email: None too for somebody whom the viewer does not look after.
    """

    request_id: UUID
    person_id: UUID
    person_email: str | None
    role: Role
    member_id: UUID | None
    member_name: str | None
    requested_by: UUID
    requested_by_email: str | None
    requested_at: datetime
    mine: bool


class GrantedAnswer(Answer):
    """An account's roles, as far as the viewer gives them, and what waits for a second person."""

    person_id: UUID
    grants: tuple[Grant, ...]
    active: bool
    version: int
    requests: tuple[RequestAnswer, ...]


class RegisteredAnswer(PersonAnswer):
    """An account as the office sees it, and what waits for a second person."""

    requests: tuple[RequestAnswer, ...]


class RoleHolderAnswer(Answer):
    """An account with roles at a member; with none where all that was asked for was refused."""

    person_id: UUID
    email: str | None
    roles: tuple[Role, ...]
