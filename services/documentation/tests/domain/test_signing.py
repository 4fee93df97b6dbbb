"""The next checkpoint: what it covers, what it follows, and everything that keeps it from being."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain import merkle
from documentation.domain.checkpoints import (
    SignedCheckpoint,
    StoredCheckpoint,
    announced,
    checkpoint_hash,
    follow,
    is_signed_by,
    key_id,
    sign,
    signed_of,
)
from documentation.domain.footing import (
    ChainStanding,
    SigningRefusedError,
    SigningWaitsError,
    Vouched,
)
from documentation.domain.records import Head
from documentation.domain.restorations import Restoration
from documentation.domain.signing import Ground, NextCheckpoint, last_again, next_checkpoint

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
LEDGER, NOW = UUID(int=7), datetime(2026, 5, 4, 10, 0, 12, 500_000, tzinfo=UTC)
HEADS = (Head("a", 3, bytes([3]) * 32), Head("b", 1, bytes([1]) * 32))
EMPTY = Ground(LEDGER, None, None, (), None, (), ())


def stored(signed: SignedCheckpoint, *, taken_over: bool = False) -> StoredCheckpoint:
    return StoredCheckpoint(signed, key_id(KEY.public_key()), len(HEADS), 4, taken_over)


def signed_over(
    heads: Sequence[Head], before: SignedCheckpoint | None = None, key: Ed25519PrivateKey = KEY
) -> SignedCheckpoint:
    after = None if before is None else before.checkpoint
    return sign(follow(after, merkle.root(heads), "2026-05-04T10:00:00Z"), key)


FIRST = signed_over(HEADS)
SECOND = signed_over(HEADS, FIRST)
SOUND = replace(EMPTY, last=stored(FIRST), provable=stored(FIRST), heads=HEADS)


def standing(head: Head, covered: Head | None = None) -> ChainStanding:
    return ChainStanding(head, head.hash, covered, None if covered is None else covered.hash)


COVERED = [standing(head, head) for head in HEADS]


def following(
    ground: Ground = SOUND,
    standings: Sequence[ChainStanding] = tuple(COVERED),
    vouched: Vouched = Vouched(FIRST),  # noqa: B008 - a frozen value
) -> NextCheckpoint:
    return next_checkpoint(ground, standings, vouched, KEY, NOW)


def refusal(ground: Ground, **given) -> str:
    with pytest.raises(SigningRefusedError) as refused:
        following(ground, **given)
    return refused.value.code


def test_the_first_checkpoint_has_number_one_and_covers_all_heads() -> None:
    made = following(EMPTY, [standing(head) for head in HEADS], Vouched(None))
    checkpoint = made.stored.signed.checkpoint
    assert (checkpoint.number, checkpoint.previous) == (1, bytes(32))
    assert checkpoint.root == merkle.root(HEADS)
    assert checkpoint.time == "2026-05-04T10:00:12.500000Z"
    assert (made.stored.chains, made.stored.records) == (2, 4)
    assert list(made.moved) == list(HEADS)
    assert is_signed_by(made.stored.signed, KEY.public_key())


def test_the_next_names_the_one_before_and_keeps_only_heads_that_moved() -> None:
    grown, new = Head("a", 5, bytes([5]) * 32), Head("c", 2, bytes([2]) * 32)
    made = following(standings=[standing(grown, HEADS[0]), COVERED[1], standing(new)])
    checkpoint = made.stored.signed.checkpoint
    assert (checkpoint.number, checkpoint.previous) == (2, checkpoint_hash(FIRST.checkpoint))
    assert checkpoint.root == merkle.root([grown, HEADS[1], new])
    assert list(made.moved) == [grown, new]
    assert (made.stored.chains, made.stored.records) == (3, 8)


def test_the_news_say_exactly_what_was_signed() -> None:
    made = following()
    news, signed = made.news, made.stored.signed
    assert signed_of(news) == signed
    assert (news.ledger_id, news.version, news.number) == (LEDGER, 2, 2)
    assert (news.chains, news.records) == (2, 4)
    assert news.key_id == key_id(KEY.public_key())
    assert news.time == NOW


def test_a_chain_with_findings_of_the_audit_keeps_everything_from_being_signed() -> None:
    assert refusal(replace(SOUND, altered=["a"])) == "audit_findings"
    with pytest.raises(SigningRefusedError, match="audit_findings: a, b"):
        following(replace(SOUND, altered=["a", "b"]))


def test_a_chain_that_left_its_covered_head_is_named() -> None:
    left = ChainStanding(
        HEADS[0], HEADS[0].hash, replace(HEADS[0], hash=bytes(32)), bytes([9]) * 32
    )
    assert refusal(SOUND, standings=[left, COVERED[1]]) == "chain_altered"


def test_what_the_topic_does_not_have_yet_is_waited_for() -> None:
    with pytest.raises(SigningWaitsError) as waits:
        following(vouched=Vouched(None))
    assert (waits.value.code, waits.value.detail) == ("not_in_topic", "signed 1, published 0")


@pytest.mark.parametrize(
    ("ground", "vouched", "code"),
    [
        (EMPTY, Vouched(FIRST), "topic_ahead"),
        (SOUND, Vouched(SECOND), "topic_ahead"),
        (SOUND, Vouched(signed_over(HEADS[:1])), "topic_differs"),
        (SOUND, Vouched(FIRST, SECOND), "ledger_forgot"),
        (replace(SOUND, here=stored(SECOND)), Vouched(FIRST, FIRST), "ledger_forgot"),
        (replace(SOUND, heads=HEADS[:1]), Vouched(FIRST), "root_mismatch"),
        (
            replace(SOUND, last=stored(SECOND, taken_over=True)),
            Vouched(SECOND),
            "taken_over_undeclared",
        ),
    ],
)
def test_a_file_that_is_not_what_was_signed_is_never_signed_on(
    ground: Ground, vouched: Vouched, code: str
) -> None:
    assert refusal(ground, vouched=vouched) == code


def test_what_another_key_signed_is_not_followed() -> None:
    foreign = signed_over(HEADS, key=OTHER)
    ground = replace(SOUND, last=stored(foreign), provable=stored(foreign))
    assert refusal(ground, vouched=Vouched(foreign)) == "signature_invalid"


def declared(key: Ed25519PrivateKey, kept: int = 1) -> bytes:
    restoration = Restoration(LEDGER, kept, SECOND, "2026-05-04T10:00:05Z", demo=False)
    return restoration.declared_in(HEADS[0], UUID(int=9), bytes(32), key).content.payload


def test_after_a_declared_break_numbers_go_on_behind_the_last_published_one() -> None:
    ground = replace(
        SOUND, last=stored(SECOND, taken_over=True), declared=[b"spoilt", declared(KEY)]
    )
    made = following(ground, vouched=Vouched(SECOND))
    assert made.stored.signed.checkpoint.number == 3
    assert made.stored.signed.checkpoint.previous == checkpoint_hash(SECOND.checkpoint)


@pytest.mark.parametrize("payload", [declared(OTHER), declared(KEY, kept=0), b"{}", b"null"])
def test_a_declaration_of_another_key_or_another_break_excuses_nothing(payload: bytes) -> None:
    ground = replace(SOUND, last=stored(SECOND, taken_over=True), declared=[payload])
    assert refusal(ground, vouched=Vouched(SECOND)) == "taken_over_undeclared"


def test_the_last_checkpoint_is_announced_again_as_it_was() -> None:
    assert last_again(SOUND, KEY.public_key()) == announced(stored(FIRST), LEDGER)


def test_where_nothing_was_signed_there_is_nothing_to_announce_again() -> None:
    with pytest.raises(SigningRefusedError) as refused:
        last_again(EMPTY, KEY.public_key())
    assert (refused.value.code, str(refused.value)) == ("nothing_signed", "nothing_signed")


@pytest.mark.parametrize(
    ("ground", "key", "code"),
    [
        (SOUND, OTHER, "signature_invalid"),
        (replace(SOUND, heads=HEADS[1:]), KEY, "root_mismatch"),
    ],
)
def test_what_does_not_hold_is_not_announced_again(
    ground: Ground, key: Ed25519PrivateKey, code: str
) -> None:
    with pytest.raises(SigningRefusedError) as refused:
        last_again(ground, key.public_key())
    assert refused.value.code == code
