"""Identifiers: UUIDv7 for everything we name; identifiers from outside are kept as sent."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A new UUIDv7 (RFC 9562 5.7). Its time prefix serves partitioning, never ordering."""
    return uuid7()
