"""Tokens: only what the issuer signed, for us, and in time."""

import base64
import json
import time
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from marktbund.errors import Unauthenticated
from marktbund.testing.issuer import Issuer, load_or_make_key
from marktbund.tokens import TokenVerifier, refuse_unsafe_issuer

URL = "https://id.example.org/realms/marktbund"
KEY = load_or_make_key(None)
ISSUER = Issuer(URL, KEY)


class Keys:
    """An issuer's published keys, and how often they were asked for."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False
        self.error: Exception = httpx.ConnectError("nobody there")

    async def __call__(self, issuer_url: str) -> dict[str, Any]:
        self.asked += 1
        assert issuer_url == URL
        if self.away:
            raise self.error
        return ISSUER.keys()


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def tokens(keys: Keys) -> TokenVerifier:
    return TokenVerifier(URL, "marktbund", keys)


async def test_a_good_token_names_its_subject(tokens: TokenVerifier):
    assert await tokens.subject_of(ISSUER.token("opaque-1")) == "opaque-1"


def part(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned() -> str:
    """A token that claims to need no signature."""
    _, claims, _ = ISSUER.token("opaque-1").split(".")
    return f"{part({'alg': 'none', 'kid': 'local'})}.{claims}."


def signed_with_the_public_key() -> str:
    """A token signed by HMAC with what everybody can read."""
    public = KEY.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    claims = jwt.decode(ISSUER.token("opaque-1"), options={"verify_signature": False})
    return jwt.encode(claims, public, "HS256", headers={"kid": "local"})


def altered() -> str:
    head, _, signature = ISSUER.token("opaque-1").split(".")
    claims = jwt.decode(ISSUER.token("somebody"), options={"verify_signature": False})
    return f"{head}.{part(claims)}.{signature}"


def without(name: str) -> str:
    claims = jwt.decode(ISSUER.token("opaque-1"), options={"verify_signature": False})
    claims.pop(name)
    return jwt.encode(claims, KEY, "EdDSA", headers={"kid": "local"})


BAD = {
    "wrong issuer": ISSUER.token("opaque-1", iss="https://elsewhere.example.org"),
    "wrong audience": ISSUER.token("opaque-1", aud="another"),
    "no audience": ISSUER.token("opaque-1", aud=[]),
    "expired": ISSUER.token("opaque-1", exp=int(time.time()) - 60),
    "not valid yet": ISSUER.token("opaque-1", nbf=int(time.time()) + 86_400),
    "another key": Issuer(URL, Ed25519PrivateKey.generate()).token("opaque-1"),
    "unknown key": jwt.encode({"sub": "opaque-1"}, KEY, "EdDSA", headers={"kid": "newer"}),
    "no key named": jwt.encode({"sub": "opaque-1"}, KEY, "EdDSA"),
    "unsigned": unsigned(),
    "signed with the public key": signed_with_the_public_key(),
    "altered": altered(),
    "no words": "",
    "three words": "a.b.c",
    "umlauts": "ü.ö.ä",
    **{f"without {name}": without(name) for name in ("exp", "iat", "sub", "iss", "aud")},
}


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
async def test_a_bad_token_is_nobodys(tokens: TokenVerifier, token: str):
    with pytest.raises(Unauthenticated) as refused:
        await tokens.subject_of(token)
    assert (refused.value.code, refused.value.status) == ("token_invalid", 401)


async def test_keys_are_asked_for_once(tokens: TokenVerifier, keys: Keys):
    for sub in ("a", "b", "c"):
        await tokens.subject_of(ISSUER.token(sub))
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            await tokens.subject_of(BAD["unknown key"])
    assert keys.asked == 1


ANSWERS = [
    httpx.ConnectError("nobody there"),
    httpx.InvalidURL("no address"),
    json.JSONDecodeError("no JSON", "<html>", 0),
    TypeError("no keys"),
    jwt.PyJWKSetError("no usable key"),
]


@pytest.mark.parametrize("error", ANSWERS, ids=repr)
async def test_a_known_key_stays_good_while_its_issuer_is_away(
    tokens: TokenVerifier, keys: Keys, error: Exception
):
    await tokens.subject_of(ISSUER.token("opaque-1"))
    keys.away, keys.error = True, error
    tokens._fetched_at -= 400
    for _ in range(3):
        assert await tokens.subject_of(ISSUER.token("opaque-1")) == "opaque-1"
    assert keys.asked == 2


@pytest.mark.parametrize("error", ANSWERS, ids=repr)
async def test_without_any_key_nobody_gets_in_until_the_issuer_is_back(
    tokens: TokenVerifier, keys: Keys, error: Exception
):
    keys.away, keys.error = True, error
    with pytest.raises(Unauthenticated):
        await tokens.subject_of(ISSUER.token("opaque-1"))
    keys.away = False
    assert await tokens.subject_of(ISSUER.token("opaque-1")) == "opaque-1"


LOCAL = "http://127.0.0.1:8080/local-issuer"
HOST = "https://einkauf.example"


@pytest.mark.parametrize("deployment", ["demo", "test"])
@pytest.mark.parametrize("issuer", [LOCAL, "http://127.0.0.1:8080/auth/realms/marktbund"])
def test_outside_production_any_issuer_is_taken(deployment: str, issuer: str):
    refuse_unsafe_issuer(issuer, deployment)


@pytest.mark.parametrize(
    "issuer",
    [
        LOCAL,
        f"{HOST}/local-issuer",
        f"{HOST}//local-issuer",
        f"{HOST}/x/../local-issuer",
        f"{HOST}/LOCAL-ISSUER",
        f"{HOST}/proxy/local-issuer",
        f"{HOST}/auth/realms/../../local-issuer",
        f"{HOST}/auth/realms/%2e%2e/local-issuer",
        f"{HOST}/auth/realms/a/../../../local-issuer",
        f"{HOST}//auth/realms/marktbund",
        f"{HOST}/auth/realms/",
        f"{HOST}/auth/realms/marktbund/",
        f"{HOST}/auth/realms/marktbund?x=/local-issuer",
        f"{HOST}/auth/realms/marktbund#x",
        f"{HOST}/auth/realms/marktbund?",
        "https:///auth/realms/marktbund",
        "https://user@einkauf.example/auth/realms/marktbund",
        "http://einkauf.example/auth/realms/marktbund",
        "",
    ],
)
def test_production_takes_one_realm_behind_tls_and_nothing_else(issuer: str):
    with pytest.raises(ValueError, match="issuer"):
        refuse_unsafe_issuer(issuer, "production")
    refuse_unsafe_issuer(f"{HOST}/auth/realms/marktbund", "production")


@pytest.mark.parametrize("sub", ["a\x00b", "a\u202eb", "x" * 256, ""])
async def test_a_subject_nobody_can_have_is_nobodys(tokens: TokenVerifier, sub: str):
    with pytest.raises(Unauthenticated) as refused:
        await tokens.subject_of(ISSUER.token(sub))
    assert refused.value.code == "token_invalid"
