"""The day's checkpoint on its way outside: which day, which bytes, when it is tried again."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain.anchors import AnchorGround, document_of, next_anchor, next_attempt
from documentation.domain.checkpoints import StoredCheckpoint, follow, key_id, sign, signed_of
from documentation.domain.footing import SigningRefusedError

KEY = Ed25519PrivateKey.generate()
SIGNED = sign(follow(None, b"\xab" * 32, "2026-05-04T10:00:00Z"), KEY)
GROUND = AnchorGround(UUID(int=7), StoredCheckpoint(SIGNED, "k", 2, 4), anchors=6)
NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def anchor_at(now: datetime):
    made = next_anchor(GROUND, KEY.public_key(), now, UUID(int=9))
    assert made is not None
    return made


def test_without_a_checkpoint_there_is_nothing_to_anchor() -> None:
    empty = replace(GROUND, last=None)
    assert next_anchor(empty, KEY.public_key(), NOON, UUID(int=9)) is None


def test_an_anchor_is_the_last_checkpoint_and_its_news_say_so() -> None:
    made = anchor_at(NOON)
    assert (made.anchored.day, made.anchored.number) == (date(2026, 5, 4), 1)
    assert made.anchored.document == document_of(SIGNED)
    news = made.news
    assert (news.version, news.ledger_id, news.anchor_id) == (7, UUID(int=7), UUID(int=9))
    assert (news.day, news.number) == (date(2026, 5, 4), 1)
    assert signed_of(news) == SIGNED
    assert news.key_id == key_id(KEY.public_key())


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 5, 4, 21, 59, 59, tzinfo=UTC), date(2026, 5, 4)),
        (datetime(2026, 5, 4, 22, 0, tzinfo=UTC), date(2026, 5, 5)),
        (datetime(2026, 1, 4, 22, 59, 59, tzinfo=UTC), date(2026, 1, 4)),
        (datetime(2026, 1, 4, 23, 0, tzinfo=UTC), date(2026, 1, 5)),
    ],
)
def test_a_day_begins_at_midnight_in_berlin(now: datetime, day: date) -> None:
    assert anchor_at(now).anchored.day == day


def test_a_checkpoint_that_is_not_ours_is_refused() -> None:
    with pytest.raises(SigningRefusedError) as refused:
        next_anchor(GROUND, Ed25519PrivateKey.generate().public_key(), NOON, UUID(int=9))
    assert (refused.value.code, refused.value.detail) == (
        "signature_invalid",
        "the last checkpoint",
    )


def test_what_goes_outside_is_one_line_with_the_verifiers_fields() -> None:
    text = document_of(SIGNED)
    assert text.endswith(b"}\n")
    assert text.count(b"\n") == 1
    assert json.loads(text) == {
        "format": "marktbund-checkpoint/1",
        "number": 1,
        "time": "2026-05-04T10:00:00Z",
        "root": "ab" * 32,
        "previous": "00" * 32,
        "signature": SIGNED.signature.hex(),
    }


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (6, 32), (7, 60), (11, 60), (500, 60)]
)
def test_pauses_double_from_a_minute_to_an_hour(attempts: int, minutes: int) -> None:
    assert next_attempt(attempts, NOON) == NOON + timedelta(minutes=minutes)
