"""Identifiers."""

import time
import uuid

from marktbund.ids import new_id


def test_an_id_is_a_version_7_uuid_of_now():
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000
    assert type(made) is uuid.UUID
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= after


def test_ids_do_not_repeat():
    assert len({new_id() for _ in range(10_000)}) == 10_000
