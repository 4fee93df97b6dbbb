"""The local issuer: what its tokens say, whose key signs them, and its two doors."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from jwt import PyJWK

from marktbund.errors import Unauthenticated
from marktbund.testing.issuer import Issuer, build, load_or_make_key
from marktbund.tokens import JwkSet, TokenVerifier

URL = "http://127.0.0.1/local-issuer"
DOOR = "/local-issuer/protocol/openid-connect"


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer(URL, load_or_make_key(None))


@pytest.fixture
async def http(issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build(issuer))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


def claims_of(token: str, issuer: Issuer) -> dict[str, object]:
    """What a token says, its signature checked by the published key."""
    (key,) = issuer.keys()["keys"]
    return jwt.decode(token, PyJWK(key), algorithms=["EdDSA"], audience="marktbund", issuer=URL)


def test_a_token_says_who_by_whom_for_whom_and_lasts_twelve_hours(issuer: Issuer):
    claims = claims_of(issuer.token("erika"), issuer)
    assert (claims["iss"], claims["aud"], claims["sub"]) == (URL, "marktbund", "erika")
    assert claims["exp"] - claims["iat"] == 43_200
    assert set(claims) == {"iss", "aud", "sub", "iat", "exp"}


def test_a_claim_that_is_named_takes_the_place_of_the_usual_one(issuer: Issuer):
    token = issuer.token("erika", aud=["marktbund", "portal"], acr="2")
    claims = claims_of(token, issuer)
    assert (claims["aud"], claims["acr"]) == (["marktbund", "portal"], "2")
    with pytest.raises(jwt.ExpiredSignatureError):
        claims_of(issuer.token("erika", exp=1), issuer)


def test_only_the_public_half_of_the_key_is_published(issuer: Issuer):
    (key,) = issuer.keys()["keys"]
    assert "d" not in key
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
    assert jwt.get_unverified_header(issuer.token("erika"))["kid"] == key["kid"]


async def test_a_token_of_another_issuer_with_the_same_name_gets_nobody_in(issuer: Issuer):
    async def ours(_: str) -> JwkSet:
        return issuer.keys()

    verifier = TokenVerifier(URL, "marktbund", ours)
    assert await verifier.subject_of(issuer.token("erika")) == "erika"
    impostor = Issuer(URL, load_or_make_key(None))
    other_audience = Issuer(URL, issuer._key, audience="elsewhere")
    for token in (impostor.token("erika"), other_audience.token("erika")):
        with pytest.raises(Unauthenticated):
            await verifier.subject_of(token)


def raw(path: Path | None) -> bytes:
    return load_or_make_key(path).public_key().public_bytes_raw()


def test_a_key_is_made_once_and_is_for_its_owner_only(tmp_path: Path):
    file = tmp_path / "issuer.pem"
    made = raw(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert raw(file) == made
    assert raw(tmp_path / "another.pem") != made
    assert raw(None) != raw(None)


def test_a_key_of_another_kind_is_replaced_by_one_that_signs(tmp_path: Path):
    file = tmp_path / "issuer.pem"
    file.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    made = raw(file)
    assert raw(file) == made


def test_a_torn_key_is_an_error_and_stays_as_it_is(tmp_path: Path):
    file = tmp_path / "issuer.pem"
    file.write_text("-----BEGIN PRIVATE KEY-----\nMC4")
    with pytest.raises(ValueError, match="PEM"):
        load_or_make_key(file)
    assert file.read_text().endswith("MC4")


async def test_the_doors_hand_out_the_keys_and_tokens_they_verify(
    http: httpx.AsyncClient, issuer: Issuer
):
    assert (await http.get(f"{DOOR}/certs")).json() == issuer.keys()
    answer = await http.post(f"{DOOR}/token", data={"client_id": "orders-client"})
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 43_200)
    assert claims_of(body["access_token"], issuer)["sub"] == "orders-client"
    assert (await http.get("/health/ready")).json() == {"status": "ready"}


@pytest.mark.parametrize(
    ("form", "status"),
    [({"client_id": "x" * 200}, 200), ({"client_id": "x" * 201}, 422), ({}, 422)],
    ids=["long", "too long", "nobody"],
)
async def test_who_asks_must_be_named_and_shortly(
    http: httpx.AsyncClient, form: dict[str, str], status: int
):
    assert (await http.post(f"{DOOR}/token", data=form)).status_code == status


async def test_a_page_of_another_host_gets_no_token(http: httpx.AsyncClient):
    """A name that was rebound to the loopback address is still another name."""
    evil = {"host": "evil.example"}
    answer = await http.post(f"{DOOR}/token", data={"client_id": "x"}, headers=evil)
    assert answer.status_code == 421
    assert "access_token" not in answer.text
