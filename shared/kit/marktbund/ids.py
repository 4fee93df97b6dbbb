"""Identifiers: UUIDv7 for everything we name; identifiers from outside are kept as sent."""

import zlib
from uuid import UUID

from uuid_utils.compat import uuid7

SHARDS = 16


def new_id() -> UUID:
    """A new UUIDv7 (RFC 9562 5.7). Its time prefix serves partitioning, never ordering."""
    return uuid7()


def shard_of(key: bytes) -> int:
    """Shard 0..15 of a key: crc32, the same in every process (Python's hash() is not)."""
    return zlib.crc32(key) % SHARDS
