"""Identifiers and shards."""

import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.ids import SHARDS, new_id, shard_of


def test_an_id_is_a_version_7_uuid_of_now():
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000
    assert type(made) is uuid.UUID
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= after


def test_ids_do_not_repeat():
    assert len({new_id() for _ in range(10_000)}) == 10_000


@given(st.binary())
def test_every_key_has_a_shard(key: bytes):
    assert 0 <= shard_of(key) < SHARDS


@pytest.mark.parametrize(("key", "shard"), [(b"", 0), (b"123456789", 0xCBF43926 % 16), (b"a", 3)])
def test_a_shard_is_the_same_in_every_process_and_release(key: bytes, shard: int):
    assert shard_of(key) == shard
