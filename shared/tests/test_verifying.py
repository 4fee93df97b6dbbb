"""Tokens over time: keys that change, clocks that differ, an issuer that is slow or at fault."""

import asyncio
import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from marktbund.errors import Unauthenticated
from marktbund.tokens import JwkSet, TokenVerifier

URL = "https://id.example.org/auth/realms/marktbund"
AUDIENCE = "marktbund"
PRIVATE = {
    "RS256": rsa.generate_private_key(65537, 2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": Ed25519PrivateKey.generate(),
}
OTHER = Ed25519PrivateKey.generate()


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {"iss": URL, "aud": AUDIENCE, "sub": "opaque-1", "iat": now, "exp": now + 300}
    return {name: value for name, value in (whole | changes).items() if value is not None}


def signed(body: dict[str, Any], kid: str | None = "a", algorithm: str = "EdDSA", key=None) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(body, key or PRIVATE[algorithm], algorithm, headers=headers)


def published(kid: str = "a", algorithm: str = "EdDSA", key=None, **more: Any) -> dict[str, Any]:
    public = (key or PRIVATE[algorithm]).public_key()
    known = jwt.get_algorithm_by_name(algorithm).to_jwk(public, as_dict=True)
    return {**known, "kid": kid, "alg": algorithm, "use": "sig", **more}


class Source:
    """An issuer's keys as they are now, and how often they were asked for."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys)
        self.asked = 0
        self.pause = 0.0
        self.error: Exception | None = None

    async def __call__(self, issuer_url: str) -> JwkSet:
        self.asked += 1
        if self.pause:
            await asyncio.sleep(self.pause)
        if self.error is not None:
            raise self.error
        return {"keys": list(self.keys)}


def verifier(source: Source) -> TokenVerifier:
    return TokenVerifier(URL, AUDIENCE, source)


async def refused(tokens: TokenVerifier, token: str) -> None:
    with pytest.raises(Unauthenticated) as error:
        await tokens.subject_of(token)
    assert (error.value.code, error.value.status) == ("token_invalid", 401)


@pytest.mark.parametrize("algorithm", PRIVATE)
async def test_a_token_signed_as_keycloak_may_sign_is_taken(algorithm: str):
    tokens = verifier(Source(published(algorithm=algorithm)))
    assert await tokens.subject_of(signed(claims(), algorithm=algorithm)) == "opaque-1"


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
async def test_another_signature_of_the_same_key_is_not(algorithm: str):
    tokens = verifier(Source(published(algorithm="RS256")))
    await refused(tokens, signed(claims(), algorithm=algorithm, key=PRIVATE["RS256"]))


async def test_a_key_signs_in_its_own_way_only():
    tokens = verifier(Source(published("a", "RS256"), published("b", "EdDSA")))
    await refused(tokens, signed(claims(), "a", "EdDSA"))
    await refused(tokens, signed(claims(), "b", "RS256"))


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"exp": -5}, True),
        ({"exp": -9}, True),
        ({"exp": -12}, False),
        ({"nbf": 8}, True),
        ({"nbf": 60}, False),
        ({"iat": 8}, True),
        ({"iat": 60}, False),
        ({"exp": None}, False),
        ({"iat": None}, False),
        ({"sub": None}, False),
        ({"iss": None}, False),
        ({"aud": None}, False),
    ],
)
async def test_clocks_may_differ_by_ten_seconds(changes: dict[str, int | None], taken: bool):
    """RFC 7519, 4.1.4 to 4.1.6: some leeway; never a token without an end."""
    now = int(time.time())
    moved = {
        name: now + value if isinstance(value, int) else value for name, value in changes.items()
    }
    tokens = verifier(Source(published()))
    token = signed(claims(**moved))
    if "iss" in changes or "sub" in changes or "aud" in changes or not taken:
        await refused(tokens, token)
    else:
        assert await tokens.subject_of(token) == "opaque-1"


@pytest.mark.parametrize(
    "audience", ["another", ["another"], [], "", ["marktbund2"], "MARKTBUND", {"marktbund": 1}]
)
async def test_a_token_for_somebody_else_is_none_for_us(audience: object):
    await refused(verifier(Source(published())), signed(claims(aud=audience)))


@pytest.mark.parametrize("audience", ["marktbund", ["marktbund"], ["account", "marktbund"]])
async def test_we_may_be_one_of_several(audience: object):
    tokens = verifier(Source(published()))
    assert await tokens.subject_of(signed(claims(aud=audience))) == "opaque-1"


@pytest.mark.parametrize(
    "issuer",
    [f"{URL}/", URL.upper(), URL.replace("https", "http"), URL + "2", "", [URL, "https://x"]],
)
async def test_an_issuer_is_one_address_to_the_letter(issuer: object):
    try:
        token = signed(claims(iss=issuer))
    except TypeError:
        token = jwt.api_jws.encode(
            json.dumps(claims(iss=issuer)).encode(), PRIVATE["EdDSA"], "EdDSA", {"kid": "a"}
        )
    await refused(verifier(Source(published())), token)


async def test_a_new_key_is_fetched_when_it_first_signs():
    source = Source(published("a"))
    tokens = verifier(source)
    await tokens.subject_of(signed(claims(), "a"))
    source.keys = [published("b", key=OTHER)]
    new = signed(claims(), "b", key=OTHER)
    await refused(tokens, new)  # within ten seconds of the last look
    tokens._fetched_at -= 11
    assert await tokens.subject_of(new) == "opaque-1"
    assert source.asked == 2
    await refused(tokens, signed(claims(), "a"))  # what the issuer withdrew signs nothing more


async def test_a_key_that_was_withdrawn_is_good_for_five_minutes_at_most():
    source = Source(published("a"))
    tokens = verifier(source)
    token = signed(claims())
    await tokens.subject_of(token)
    source.keys = [published("b", key=OTHER)]
    tokens._fetched_at -= 299
    assert await tokens.subject_of(token) == "opaque-1"
    tokens._fetched_at -= 2
    await refused(tokens, token)


async def test_whoever_comes_together_asks_once():
    source = Source(published())
    source.pause = 0.01
    tokens = verifier(source)
    asked = [tokens.subject_of(signed(claims(sub=f"opaque-{n}"))) for n in range(50)]
    assert await asyncio.gather(*asked) == [f"opaque-{n}" for n in range(50)]
    assert source.asked == 1


async def test_made_up_key_names_do_not_make_us_ask():
    source = Source(published())
    tokens = verifier(source)
    await tokens.subject_of(signed(claims()))
    for number in range(200):
        await refused(tokens, signed(claims(), f"made-up-{number}"))
    assert source.asked == 1


async def test_a_request_that_gives_up_leaves_the_next_one_its_turn():
    source = Source(published())
    source.pause = 5.0
    tokens = verifier(source)
    first = asyncio.create_task(tokens.subject_of(signed(claims())))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    source.pause = 0.0
    assert await tokens.subject_of(signed(claims())) == "opaque-1"


STRANGE_KEYS = [
    {"kty": "later", "kid": "x"},
    {"kty": "RSA", "kid": "x", "n": "!", "e": "AQAB"},
    {"kty": "OKP", "crv": "X25519", "kid": "x", "x": "AA"},
    {"kid": "x"},
    {},
]


@pytest.mark.parametrize("strange", STRANGE_KEYS, ids=str)
async def test_a_key_nobody_knows_does_not_hide_the_others(strange: dict[str, Any]):
    """RFC 7517, section 5: keys that are not understood are to be ignored."""
    tokens = verifier(Source(strange, published()))
    assert await tokens.subject_of(signed(claims())) == "opaque-1"


@pytest.mark.parametrize("error", [ValueError("nonsense"), KeyError("keys"), RuntimeError("x")])
async def test_nonsense_of_an_issuer_is_no_fault_of_a_request(error: Exception):
    source = Source(published())
    source.error = error
    tokens = verifier(source)
    await refused(tokens, signed(claims()))
    source.error = None
    assert await tokens.subject_of(signed(claims())) == "opaque-1"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize("algorithm", ["HS256", "none", "hs256", ""])
async def test_what_everybody_can_read_is_no_secret_to_sign_with(algorithm: str):
    """RFC 8725, 2.1: the algorithm a token names is not for the token to choose."""
    public = PRIVATE["RS256"].public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = encoded(json.dumps({"alg": algorithm, "kid": "a"}).encode())
    body = encoded(json.dumps(claims()).encode())
    signature = hmac.digest(pem, f"{head}.{body}".encode(), "sha256")
    tokens = verifier(Source(published("a", "RS256")))
    await refused(tokens, f"{head}.{body}.{encoded(signature)}")
    await refused(tokens, f"{head}.{body}.")


@given(st.binary(max_size=80))
async def test_no_bytes_make_a_token_by_chance(content: bytes):
    tokens = verifier(Source(published()))
    await refused(tokens, content.decode("latin-1"))


@given(part=st.integers(0, 2), bit=st.integers(0, 10_000))
async def test_a_token_with_one_bit_turned_is_nobodys(part: int, bit: int):
    parts = [bytearray(decoded(text)) for text in signed(claims()).split(".")]
    changed = parts[part]
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    tokens = verifier(Source(published()))
    await refused(tokens, ".".join(encoded(bytes(content)) for content in parts))


async def test_parts_of_two_tokens_are_none_together():
    mine, other = (signed(claims(sub=sub)).split(".") for sub in ("opaque-1", "opaque-2"))
    tokens = verifier(Source(published()))
    await refused(tokens, ".".join([mine[0], other[1], mine[2]]))
    await refused(tokens, ".".join([*mine, mine[2]]))
    await refused(tokens, ".".join(mine[:2]))
