"""Where an event is filed: the chain of the member concerned, and the order it belongs to."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue
from pydantic_core import from_json

from marktbund.contracts.base import Message
from marktbund.envelope import Unread
from marktbund.jsons import loads

COOPERATIVE: Final = "cooperative"
"""The chain of everything that concerns no single member: people, suppliers, price lists."""


def chain_of(event: Message, payload: bytes) -> str:
    """The chain id: the member's id as text, or the cooperative's chain. Of a type of a later
    release the exact bytes say whose it is.
    """
    if isinstance(event, Unread):
        member_id = _named(payload, "member_id")
    else:
        member_id = getattr(event, "member_id", None)
    return COOPERATIVE if member_id is None else str(member_id)


def order_of(payload: bytes) -> UUID | None:
    """The order an event's exact bytes name, None where they name none or cannot be read."""
    return _named(payload, "order_id")


def _named(payload: bytes, field: str) -> UUID | None:
    try:
        named = loads(payload).get(field)
        return None if named is None else UUID(named)
    except (ValueError, AttributeError, TypeError):
        return None


def readable(payload: bytes) -> JsonValue:
    """An event's content as JSON values; as text where somebody made it unreadable, or nested it
    deeper than 200 levels.
    """
    try:
        value: JsonValue = from_json(payload, allow_inf_nan=False)
    except ValueError:
        return payload.decode("utf-8", "replace")
    return value


def utc_text(moment: datetime) -> str:
    """A UTC time as the text that is hashed and signed; the same that events carry in JSON."""
    return moment.isoformat().replace("+00:00", "Z")
