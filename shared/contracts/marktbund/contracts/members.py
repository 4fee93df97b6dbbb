"""What members announces: who may buy. People are opaque ids; names never travel."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from marktbund.contracts.base import Message, Part, Topic

MEMBER_STATE = Topic("members", "member", "state")
MEMBER_EVENTS = Topic("members", "member", "events")
UNIT_STATE = Topic("members", "unit", "state")
UNIT_EVENTS = Topic("members", "unit", "events")
PERSON_STATE = Topic("members", "person", "state")
PERSON_EVENTS = Topic("members", "person", "events")

MemberStatus = Literal["active", "suspended", "withdrawn"]
LegalForm = Literal["municipality", "district", "university", "state_body", "company", "other"]
PersonKind = Literal["person", "machine"]
Role = Literal[
    "requester",
    "approver",
    "award_office",
    "member_admin",
    "finance",
    "receiver",
    "expert",
    "procurement",
    "office",
    "board",
    "auditor",
    "operator",
]
"""procurement, office, board, operator: for the cooperative; auditor: for it or at one member; all
others at one member. An expert is sent by a member, whose administration gives and takes the role;
of which tender's group they are is the tender's business.
"""


class Grant(Part):
    """One role, at one member or (member_id null) for the whole cooperative."""

    role: Role
    member_id: UUID | None = None


class Mandate(Part):
    """`acting_member_id` may order in the name of `member_id`, both dates inclusive (M12)."""

    acting_member_id: UUID
    member_id: UUID
    valid_from: date
    valid_to: date | None = None


class AwardingCategory(Part):
    """What a unit awards on its own responsibility (§ 3 (2) VgV): articles whose CPV begins with
    `cpv_prefix`, up to and including `valid_to`. `evidence`: where that is written down.
    """

    cpv_prefix: Annotated[str, Field(pattern="^[0-9]{2,8}$")]
    evidence: str
    valid_to: date


class MemberState(Message):
    """A member body as it is now. `official_key` is the key kept as sent (AGS for towns).

    contracting_authority_id: the member whose values this one's are added to (§ 3 VgV): null for
    itself; the town for its Eigenbetrieb, which is no legal person of its own.
    """

    topic: ClassVar = MEMBER_STATE
    key_field: ClassVar = "member_id"

    member_id: UUID
    name: str
    legal_form: LegalForm
    official_key: str
    status: MemberStatus
    contracting_authority_id: UUID | None = None


class MemberRegistered(Message):
    """A member body was entered in the member list."""

    topic: ClassVar = MEMBER_EVENTS
    key_field: ClassVar = "member_id"

    member_id: UUID
    name: str
    legal_form: LegalForm
    official_key: str


class MemberStatusChanged(Message):
    """A member was suspended, reinstated or left."""

    topic: ClassVar = MEMBER_EVENTS
    key_field: ClassVar = "member_id"

    member_id: UUID
    status: MemberStatus


class ContractingAuthoritySet(Message):
    """Whose values a member's orders are added to from now on; null: its own."""

    topic: ClassVar = MEMBER_EVENTS
    key_field: ClassVar = "member_id"

    member_id: UUID
    contracting_authority_id: UUID | None


class UnitState(Message):
    """An organisational unit of a member as it is now; `awards`: on its own responsibility."""

    topic: ClassVar = UNIT_STATE
    key_field: ClassVar = "unit_id"

    unit_id: UUID
    member_id: UUID
    name: str
    cost_centre: str = ""
    status: Literal["active", "withdrawn"] = "active"
    awards: tuple[AwardingCategory, ...] = ()


class UnitRegistered(Message):
    """A unit was added to a member's organisation tree."""

    topic: ClassVar = UNIT_EVENTS
    key_field: ClassVar = "unit_id"

    unit_id: UUID
    member_id: UUID
    name: str
    cost_centre: str = ""


class UnitAwardsChanged(Message):
    """The whole list of what a unit awards on its own responsibility from now on."""

    topic: ClassVar = UNIT_EVENTS
    key_field: ClassVar = "unit_id"

    unit_id: UUID
    member_id: UUID
    awards: tuple[AwardingCategory, ...]


class PersonState(Message):
    """Who a token's `sub` is and what they may do; machines too. Every service keeps a replica."""

    topic: ClassVar = PERSON_STATE
    key_field: ClassVar = "person_id"

    person_id: UUID
    kind: PersonKind
    sub: str
    grants: tuple[Grant, ...] = ()
    unit_ids: tuple[UUID, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    active: bool


class PersonRegistered(Message):
    """An account became known, without any personal data; what it holds at once.

    bootstrap: an office account made from the command line, where no second person could confirm.
    """

    topic: ClassVar = PERSON_EVENTS
    key_field: ClassVar = "person_id"

    person_id: UUID
    kind: PersonKind
    grants: tuple[Grant, ...] = ()
    registered_by: UUID | None = None
    bootstrap: bool = False


class RolesGranted(Message):
    """The whole set of roles an account holds from now on."""

    topic: ClassVar = PERSON_EVENTS
    key_field: ClassVar = "person_id"

    person_id: UUID
    grants: tuple[Grant, ...]
    mandates: tuple[Mandate, ...] = ()
    granted_by: UUID | None = None


class SignInProvided(Message):
    """The identity provider has an account for this person; its subject is in the state only."""

    topic: ClassVar = PERSON_EVENTS
    key_field: ClassVar = "person_id"

    person_id: UUID


class PersonDeactivated(Message):
    """An account lost access."""

    topic: ClassVar = PERSON_EVENTS
    key_field: ClassVar = "person_id"

    person_id: UUID
