"""Roles that need two: asked for by one person, confirmed or refused by another."""

from typing import ClassVar
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import PERSON_EVENTS, Grant


class GrantRequested(Message):
    """A role was asked for that a second person has to confirm; until then it is not held."""

    topic: ClassVar = PERSON_EVENTS
    key_field: ClassVar = "person_id"

    person_id: UUID
    request_id: UUID
    grant: Grant
    requested_by: UUID


class GrantConfirmed(Message):
    """A second person confirmed; `grants` is the whole set of roles from now on."""

    topic: ClassVar = PERSON_EVENTS
    key_field: ClassVar = "person_id"

    person_id: UUID
    request_id: UUID
    grant: Grant
    grants: tuple[Grant, ...]
    confirmed_by: UUID
    comment: str = ""


class GrantRefused(Message):
    """A role that was asked for is not given; the same one may be asked for anew."""

    topic: ClassVar = PERSON_EVENTS
    key_field: ClassVar = "person_id"

    person_id: UUID
    request_id: UUID
    grant: Grant
    refused_by: UUID
    comment: str
