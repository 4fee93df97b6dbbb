"""Sessions, sign-ins, messages and forms as rows: whose key opens what, and until when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.fernet import InvalidToken

from portal.domain.sessions import IDLE, LONGEST, Session, Tokens
from portal.store import kept_forms, logout_messages, sessions, sign_ins
from portal.store.kept_forms import FormOwner, KeptForm
from portal.store.sealing import seal
from portal.store.sign_ins import SignIn

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
BONN = UUID(int=6)
TOKENS = Tokens("access", "refresh", "identity", NOW + timedelta(minutes=5))


def session(key: str, **different) -> Session:
    usual = Session(
        key=key,
        sub="person-1",
        sign_in="sign-in-1",
        name="Köln",
        tokens=TOKENS,
        csrf=f"proof of {key}".ljust(43, "-"),
        member_id=None,
        started_at=NOW,
        seen_at=NOW,
        ends_at=NOW + LONGEST,
    )
    return replace(usual, **different)


async def keys_left(connection) -> set[str]:
    opened = [await sessions.find(connection, key) for key in ("a", "b", "c")]
    return {row.key for row in opened if row is not None}


async def test_a_session_is_read_as_it_was_kept_and_by_its_own_key_only(connection, work):
    await sessions.add(work(), session("a"))
    assert await sessions.find(connection, "a") == session("a")
    assert await sessions.hold(work(), "a") == session("a")
    assert await sessions.find(connection, "A") is None
    assert await sessions.hold(work(), "") is None


async def test_renewed_tokens_and_a_chosen_member_are_of_one_session(connection, work):
    for key in ("a", "b"):
        await sessions.add(work(), session(key))
    renewed = Tokens("access-2", "refresh-2", "", NOW + timedelta(minutes=9))
    await sessions.renew(work(), "a", renewed)
    await sessions.choose_member(work(), "a", BONN)
    await sessions.touch(work(), "a", NOW + timedelta(minutes=4))
    changed = {"tokens": renewed, "member_id": BONN, "seen_at": NOW + timedelta(minutes=4)}
    assert await sessions.find(connection, "a") == session("a", **changed)
    assert await sessions.find(connection, "b") == session("b")


@pytest.mark.parametrize(
    ("which", "left"),
    [
        ({"sub": "person-1"}, {"c"}),
        ({"sign_in": "sign-in-2", "sub": "person-1"}, {"a", "c"}),
        ({"sign_in": "sign-in-9", "sub": "person-1"}, {"a", "b", "c"}),
        ({"sub": "person-9"}, {"a", "b", "c"}),
        ({}, {"a", "b", "c"}),
    ],
)
async def test_a_sign_in_or_an_account_ends_and_nobody_else(connection, work, which, left):
    await sessions.add(work(), session("a"))
    await sessions.add(work(), session("b", sign_in="sign-in-2"))
    await sessions.add(work(), session("c", sub="person-2", sign_in="sign-in-3"))
    await sessions.remove_of(work(), **which)
    assert await keys_left(connection) == left
    assert await sessions.count(connection) == len(left)


async def test_sessions_are_swept_once_idle_or_old(connection, work):
    busy = NOW + LONGEST - MOMENT
    await sessions.add(work(), session("a"))
    await sessions.add(work(), session("b", seen_at=busy))
    await sessions.remove_ended(work(), NOW + IDLE - MOMENT)
    assert await keys_left(connection) == {"a", "b"}
    await sessions.remove_ended(work(), NOW + IDLE)
    assert await keys_left(connection) == {"b"}
    await sessions.remove_ended(work(), NOW + LONGEST)
    assert await keys_left(connection) == set()


@pytest.mark.parametrize(
    ("seen", "at", "over"),
    [
        (NOW, NOW + IDLE - MOMENT, False),
        (NOW, NOW + IDLE, True),
        (NOW + LONGEST - MOMENT, NOW + LONGEST - MOMENT, False),
        (NOW + LONGEST - MOMENT, NOW + LONGEST, True),
    ],
)
def test_a_session_is_over_when_it_would_be_swept(seen: datetime, at: datetime, over: bool):
    assert session("a", seen_at=seen).over(at) is over


def test_tokens_are_stale_half_a_minute_early():
    assert not session("a").stale(NOW + timedelta(minutes=4, seconds=29))
    assert session("a").stale(NOW + timedelta(minutes=4, seconds=30))


@pytest.mark.parametrize(("purpose", "key"), [(b"other", "key"), (b"tokens", "Key"), (b"", "")])
def test_a_seal_opens_for_its_own_key_and_purpose_only(purpose: bytes, key: str):
    sealed = seal(b"tokens", "key").encrypt(b"secret")
    assert seal(b"tokens", "key").decrypt(sealed) == b"secret"
    with pytest.raises(InvalidToken):
        seal(purpose, key).decrypt(sealed)


SIGN_IN = SignIn("state-1", "nonce", "verifier", "/bestellungen")


@pytest.mark.parametrize(
    ("key", "state", "at"),
    [
        ("other", "state-1", NOW),
        ("key", "state-2", NOW),
        ("key", "state-1", NOW + sign_ins.LASTS),
    ],
)
async def test_a_sign_in_of_another_browser_tab_or_day_is_none(work, key, state, at):
    await sign_ins.add(work(), "key", SIGN_IN)
    assert await sign_ins.take(work(at), key, state) is None
    last = NOW + sign_ins.LASTS - MOMENT
    assert await sign_ins.take(work(last), "key", "state-1") == SIGN_IN
    assert await sign_ins.take(work(), "key", "state-1") is None


async def test_sign_ins_nobody_came_back_from_are_swept(work):
    await sign_ins.add(work(), "key", SIGN_IN)
    await sign_ins.remove_ended(work(), NOW + sign_ins.LASTS - MOMENT)
    await sign_ins.add(work(NOW + timedelta(minutes=1)), "key", replace(SIGN_IN, state="state-2"))
    await sign_ins.remove_ended(work(), NOW + sign_ins.LASTS)
    assert await sign_ins.take(work(), "key", "state-1") is None
    assert await sign_ins.take(work(), "key", "state-2") is not None


async def test_a_message_counts_once_as_long_as_it_could_be_taken(work):
    assert await logout_messages.take(work(), "jti-1")
    assert await logout_messages.take(work(), "jti-2")
    await logout_messages.remove_ended(work(), NOW + logout_messages.LASTS - MOMENT)
    assert not await logout_messages.take(work(), "jti-1")
    await logout_messages.remove_ended(work(), NOW + logout_messages.LASTS)
    assert await logout_messages.take(work(), "jti-1")


FORM = KeptForm(
    FormOwner("person-1", BONN), "/freitext", (("quantity", "1"), ("quantity", "ü"), ("", ""))
)


async def test_a_form_waits_an_hour_for_the_browser_that_sent_it(connection, work):
    await kept_forms.keep(work(), "key", FORM)
    last = NOW + kept_forms.LASTS - MOMENT
    assert await kept_forms.find(connection, "key", last) == FORM
    assert await kept_forms.find(connection, "Key", NOW) is None
    await kept_forms.remove_ended(work(), last)
    assert await kept_forms.find(connection, "key", NOW) == FORM
    assert await kept_forms.find(connection, "key", NOW + kept_forms.LASTS) is None
    await kept_forms.remove_ended(work(), NOW + kept_forms.LASTS)
    assert await kept_forms.find(connection, "key", NOW) is None


async def test_a_proof_outlasts_its_session_and_follows_the_member_chosen(connection, work):
    for proof, sub in (("mine", "person-1"), ("other", "person-2")):
        await kept_forms.prove(work(), proof, FormOwner(sub, None))
    await kept_forms.acts_for(work(), "mine", BONN)
    last = NOW + 2 * LONGEST - MOMENT
    assert await kept_forms.owner_of(connection, "mine", last) == FormOwner("person-1", BONN)
    assert await kept_forms.owner_of(connection, "other", last) == FormOwner("person-2", None)
    assert await kept_forms.owner_of(connection, "Mine", NOW) is None
    assert await kept_forms.owner_of(connection, "mine", NOW + 2 * LONGEST) is None
    await kept_forms.remove_ended(work(), NOW + 2 * LONGEST)
    assert await kept_forms.owner_of(connection, "mine", NOW) is None
