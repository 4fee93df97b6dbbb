"""Who gives and holds roles in the tests of the rules: the office, administrations, a person."""

from collections.abc import Callable, Sequence
from itertools import count
from uuid import UUID

import pytest

from marktbund.contracts.base import Message
from marktbund.contracts.members import Grant, PersonKind, Role
from marktbund.errors import DomainError
from members.domain import Person
from members.domain.granting import Granter
from members.domain.requests import GrantRequest
from members.domain.roles import RoleFacts

TOWN, OTHER, NOWHERE = UUID(int=1), UUID(int=2), UUID(int=3)
ERIKA = UUID(int=100)
OFFICE = Granter(UUID(int=11), (Grant(role="office"),))
SECOND = Granter(UUID(int=12), (Grant(role="office"),))
ADMIN = Granter(UUID(int=21), (Grant(role="member_admin", member_id=TOWN),))
DEPUTY = Granter(UUID(int=22), (Grant(role="member_admin", member_id=TOWN),))
STRANGER = Granter(UUID(int=23), (Grant(role="member_admin", member_id=OTHER),))
NOBODY = Granter(UUID(int=24), ())
KNOWN = frozenset({TOWN, OTHER})


def at(role: Role, member_id: UUID | None = TOWN) -> Grant:
    """A role at the town, or elsewhere."""
    return Grant(role=role, member_id=member_id)


def facts(by: Granter, member_ids: frozenset[UUID] = KNOWN) -> RoleFacts:
    """What roles are given on, by somebody, where two members are known."""
    return RoleFacts(by, member_ids)


def erika(
    *grants: Grant,
    email: str | None = "erika@stadt.example",
    kind: PersonKind = "person",
    waiting: Sequence[GrantRequest] = (),
    active: bool = True,
    made: bool = False,
    refused_at: tuple[UUID, ...] = (),
) -> Person:
    """An account in its fourth version."""
    return Person(
        ERIKA,
        kind,
        "sub-erika",
        tuple(grants),
        (),
        (),
        active,
        4,
        requests=tuple(waiting),
        email=email,
        made=made,
        refused_at=refused_at,
    )


def waits(grant: Grant, by: Granter = OFFICE, number: int = 500) -> GrantRequest:
    """A role that waits for a second person."""
    return GrantRequest(UUID(int=number), ERIKA, grant, by.person_id)


def numbered(first: int = 900) -> Callable[[], UUID]:
    """Ids that can be named: 900, 901, ..."""
    numbers = count(first)
    return lambda: UUID(int=next(numbers))


def names(events: Sequence[Message]) -> list[str]:
    """The types of events, in order; versions follow the fourth one without a gap."""
    assert [event.version for event in events] == list(range(5, 5 + len(events)))
    return [type(event).__name__ for event in events]


def refusal(work: Callable[[], object]) -> tuple[int, str, str]:
    """Status, code and field of what is refused, and a German title and a code that is stable."""
    with pytest.raises(DomainError) as refused:
        work()
    error = refused.value
    assert error.title
    return error.status, error.code, error.field
