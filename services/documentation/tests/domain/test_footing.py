"""What a signature rests on: every way in which database, process and topic can disagree."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documentation.domain import merkle
from documentation.domain.checkpoints import SignedCheckpoint, follow, sign
from documentation.domain.footing import (
    ChainStanding,
    Kept,
    SigningRefusedError,
    SigningWaitsError,
    Vouched,
    refuse_altered,
    refuse_unfounded,
)
from documentation.domain.records import Head
from documentation.domain.restorations import Declaration

KEY = Ed25519PrivateKey.generate()
HEADS = [Head("a", 3, bytes([3]) * 32), Head("b", 1, bytes([1]) * 32)]


def checkpoint(
    number: int, heads: list[Head] = HEADS, key: Ed25519PrivateKey = KEY
) -> SignedCheckpoint:
    body = follow(None, merkle.root(heads), "2026-05-01T10:00:00Z")
    return sign(replace(body, number=number), key)


FIRST, SECOND = checkpoint(1), checkpoint(2)
SOUND = Kept(SECOND, SECOND, HEADS, ())
BACK = Kept(SECOND, FIRST, HEADS, (Declaration(1, SECOND),))


def test_a_sound_footing_bears() -> None:
    for kept, vouched in (
        (Kept(None, None, [], ()), Vouched(None)),
        (SOUND, Vouched(SECOND)),
        (replace(SOUND, here=FIRST), Vouched(SECOND, FIRST)),
        (BACK, Vouched(SECOND)),
        (replace(BACK, provable=None, declarations=(Declaration(0, SECOND),)), Vouched(SECOND)),
    ):
        assert refuse_unfounded(kept, vouched, KEY.public_key()) is None


@pytest.mark.parametrize(
    ("kept", "vouched", "code"),
    [
        (SOUND, Vouched(checkpoint(3)), "topic_ahead"),
        (Kept(None, None, [], ()), Vouched(FIRST), "topic_ahead"),
        (SOUND, Vouched(checkpoint(2, HEADS[:1])), "topic_differs"),
        (SOUND, Vouched(SECOND, FIRST), "ledger_forgot"),
        (replace(SOUND, here=checkpoint(1, HEADS[1:])), Vouched(SECOND, FIRST), "ledger_forgot"),
        (replace(SOUND, heads=HEADS[:1]), Vouched(SECOND), "root_mismatch"),
        (replace(BACK, heads=HEADS[:1]), Vouched(SECOND), "root_mismatch"),
        (replace(BACK, declarations=()), Vouched(SECOND), "taken_over_undeclared"),
        (
            replace(BACK, declarations=(Declaration(0, SECOND),)),
            Vouched(SECOND),
            "taken_over_undeclared",
        ),
        (
            replace(BACK, declarations=(Declaration(1, checkpoint(2, HEADS[:1])),)),
            Vouched(SECOND),
            "taken_over_undeclared",
        ),
    ],
)
def test_what_does_not_bear_is_refused(kept: Kept, vouched: Vouched, code: str) -> None:
    with pytest.raises(SigningRefusedError) as refused:
        refuse_unfounded(kept, vouched, KEY.public_key())
    assert refused.value.code == code


def test_what_another_key_signed_bears_nothing() -> None:
    foreign = checkpoint(2, key=Ed25519PrivateKey.generate())
    with pytest.raises(SigningRefusedError, match="signature_invalid: checkpoint 2"):
        refuse_unfounded(Kept(foreign, foreign, HEADS, ()), Vouched(foreign), KEY.public_key())
    before = checkpoint(1, key=Ed25519PrivateKey.generate())
    with pytest.raises(SigningRefusedError, match="signature_invalid: checkpoint 1"):
        refuse_unfounded(replace(BACK, provable=before), Vouched(SECOND), KEY.public_key())


@pytest.mark.parametrize("published", [None, FIRST])
def test_a_checkpoint_on_its_way_to_the_topic_is_waited_for(
    published: SignedCheckpoint | None,
) -> None:
    with pytest.raises(SigningWaitsError) as waits:
        refuse_unfounded(SOUND, Vouched(published), KEY.public_key())
    assert waits.value.code == "not_in_topic"


def test_more_chains_than_a_note_holds_are_counted() -> None:
    on = Head("a", 4, bytes([4]) * 32)
    several = [ChainStanding(replace(on, chain=f"{n:036}"), None) for n in range(100)]
    with pytest.raises(SigningRefusedError) as refused:
        refuse_altered(several)
    text = str(refused.value)
    assert text.endswith(" and 77 more")
    assert text.count(", ") == 22
    assert len(text) < 1000


def test_chains_that_left_their_covered_head_are_named() -> None:
    covered, stored = HEADS[0], HEADS[0].hash
    on = Head("a", 4, bytes([4]) * 32)
    sound = [
        ChainStanding(on, on.hash),
        ChainStanding(on, on.hash, covered, stored),
        ChainStanding(covered, stored, covered, stored),
    ]
    assert refuse_altered(sound) is None
    assert [standing.moved for standing in sound] == [True, True, False]
    for altered in (
        ChainStanding(on, None),
        ChainStanding(on, on.hash, covered, bytes(32)),
        ChainStanding(on, bytes(32), covered, stored),
        ChainStanding(Head("a", 2, bytes([2]) * 32), bytes([2]) * 32, covered, stored),
        ChainStanding(Head("a", 3, bytes([2]) * 32), bytes([2]) * 32, covered, stored),
    ):
        with pytest.raises(SigningRefusedError, match="chain_altered: a"):
            refuse_altered([*sound, altered])
