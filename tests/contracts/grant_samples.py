"""Samples of roles that were asked for, confirmed and refused."""

from uuid import UUID

from marktbund.contracts import grants
from marktbund.contracts.base import Message
from marktbund.contracts.members import Grant

MEMBER, PERSON, OFFICE, SECOND_OFFICE, REQUEST = (
    UUID(f"01936f2e-7c00-7000-8000-{number:012d}") for number in (1, 4, 5, 7, 8)
)
ASKED = Grant(role="approver", member_id=MEMBER)
GRANTED: tuple[Message, ...] = (
    grants.GrantRequested(
        version=3, person_id=PERSON, request_id=REQUEST, grant=ASKED, requested_by=OFFICE
    ),
    grants.GrantConfirmed(
        version=4,
        person_id=PERSON,
        request_id=REQUEST,
        grant=ASKED,
        grants=(ASKED,),
        confirmed_by=SECOND_OFFICE,
        comment="Bestellung vom 02.03.2026 liegt vor",
    ),
    grants.GrantRefused(
        version=4,
        person_id=PERSON,
        request_id=REQUEST,
        grant=ASKED,
        refused_by=SECOND_OFFICE,
        comment="Nicht mehr im Haus",
    ),
)
