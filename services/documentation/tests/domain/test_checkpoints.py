"""What a checkpoint's signature covers, and how checkpoints follow each other."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain import checkpoints

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()


def chain_of(count: int) -> list[checkpoints.SignedCheckpoint]:
    signed, last = [], None
    for number in range(count):
        last = checkpoints.follow(last, bytes([number]) * 32, f"2026-05-01T10:00:{number:02d}Z")
        signed.append(checkpoints.sign(last, KEY))
    return signed


def test_canonical_bytes_are_fixed() -> None:
    first = checkpoints.follow(None, b"\xab" * 32, "2026-05-01T10:00:00Z")
    text = (
        '{{"format":"marktbund-checkpoint/1","number":1,"previous":"{}","root":"{}",'
        '"time":"2026-05-01T10:00:00Z"}}'.format("00" * 32, "ab" * 32)
    )
    assert checkpoints.canonical_bytes(first) == text.encode()
    assert checkpoints.checkpoint_hash(first) == sha256(text.encode()).digest()


def test_each_names_the_one_before() -> None:
    first, second = (signed.checkpoint for signed in chain_of(2))
    assert (first.number, second.number) == (1, 2)
    assert second.previous == checkpoints.checkpoint_hash(first)


@pytest.mark.parametrize(
    "change",
    [{"number": 3}, {"time": "2026-05-01T10:00:02Z"}, {"root": bytes(32)}, {"previous": bytes(32)}],
)
def test_the_signature_covers_every_field(change: dict[str, object]) -> None:
    signed = chain_of(2)[1]
    assert checkpoints.is_signed_by(signed, PUBLIC)
    forged = replace(signed, checkpoint=replace(signed.checkpoint, **change))
    assert not checkpoints.is_signed_by(forged, PUBLIC)


def test_another_key_does_not_verify() -> None:
    other = Ed25519PrivateKey.generate().public_key()
    assert not checkpoints.is_signed_by(chain_of(1)[0], other)


def test_a_true_chain_has_no_broken_number() -> None:
    signed = chain_of(20)
    assert checkpoints.broken_numbers(signed, PUBLIC) == []
    assert checkpoints.broken_numbers(signed[7:], PUBLIC, after=signed[6].checkpoint) == []


def test_a_missing_swapped_or_resigned_checkpoint_is_found() -> None:
    signed = chain_of(6)
    assert checkpoints.broken_numbers(signed[:2] + signed[3:], PUBLIC) == [4]
    assert checkpoints.broken_numbers(signed[1:], PUBLIC) == [2]
    forged = checkpoints.sign(replace(signed[2].checkpoint, root=b"\xff" * 32), KEY)
    assert checkpoints.broken_numbers([*signed[:2], forged, *signed[3:]], PUBLIC) == [4]
    unsigned = replace(signed[2], signature=bytes(64))
    assert checkpoints.broken_numbers([*signed[:2], unsigned, *signed[3:]], PUBLIC) == [3]


def test_the_published_document_repeats_the_signed_fields() -> None:
    signed = chain_of(1)[0]
    document = checkpoints.document(signed)
    assert document["signature"] == signed.signature.hex()
    assert set(document) == {"format", "number", "time", "root", "previous", "signature"}


@pytest.mark.parametrize(
    ("new", "seconds", "due"),
    [
        (0, None, False),
        (0, 3600, False),
        (1, None, True),
        (1, 9.9, False),
        (1, 10, True),
        (999, 1, False),
        (1000, 0, True),
        (-5, 10, True),
    ],
)
def test_a_checkpoint_is_due_by_number_or_by_time(
    new: int, seconds: float | None, due: bool
) -> None:
    since = None if seconds is None else timedelta(seconds=seconds)
    assert checkpoints.is_due(new, since) is due


def test_a_key_is_named_by_its_raw_bytes() -> None:
    assert checkpoints.key_id(PUBLIC) == sha256(PUBLIC.public_bytes_raw()).hexdigest()


@pytest.mark.parametrize("time", ["2026-05-01T10:00:00Z", "2026-05-01T10:00:00.000070Z"])
def test_what_is_announced_is_read_back_to_the_very_bytes_that_were_signed(time: str) -> None:
    first = chain_of(1)[0].checkpoint
    signed = checkpoints.sign(checkpoints.follow(first, b"\xab" * 32, time), KEY)
    stored = checkpoints.StoredCheckpoint(signed, checkpoints.key_id(PUBLIC), 3, 40)
    news = checkpoints.announced(stored, UUID(int=7))
    assert (news.version, news.number, news.chains, news.records) == (2, 2, 3, 40)
    assert (news.ledger_id, news.key_id) == (UUID(int=7), checkpoints.key_id(PUBLIC))
    again = checkpoints.signed_of(news)
    assert again == signed
    assert checkpoints.is_signed_by(again, PUBLIC)


def test_a_stored_checkpoint_was_not_taken_over_unless_it_says_so() -> None:
    assert not checkpoints.StoredCheckpoint(chain_of(1)[0], "k", 1, 1).taken_over


def test_no_checkpoint_follows_one_that_is_left_out() -> None:
    first, second, third = chain_of(3)
    assert checkpoints.broken_numbers([first, third], PUBLIC) == [3]
    assert checkpoints.broken_numbers([second], PUBLIC, after=first.checkpoint) == []
    assert checkpoints.broken_numbers([], PUBLIC) == []
