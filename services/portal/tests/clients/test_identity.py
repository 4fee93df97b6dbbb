"""What the portal makes of an issuer's answers: vouched for, not vouched for, or no answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from marktbund import clock
from marktbund.testing.issuer import Issuer as Signer
from marktbund.testing.issuer import load_or_make_key
from portal.clients.identity import Client, Identity, NotIdentified
from portal.clients.services import Unavailable
from portal.domain.sessions import Tokens

URL = "https://id.example.org/realms/marktbund"
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
OLD = Tokens("access", "refresh", "identity", NOW)
LOGOUT = {"http://schemas.openid.net/event/backchannel-logout": {}}
KEY = load_or_make_key(None)
SIGNER = Signer(URL, KEY, "portal")


class Issuer:
    """Answers every token request the same; asked: paths and forms."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.asked: list[httpx.Request] = []
        transport = httpx.MockTransport(self)
        self.identity = Identity(URL, Client("portal", "secret"), "https://p", transport)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path.endswith("/certs"):
            return httpx.Response(200, json=SIGNER.keys())
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def granted(**different) -> Issuer:
    token = SIGNER.token("person-1", nonce="nonce-1", sid="sign-in-1")
    usual = {"access_token": "a", "refresh_token": "r", "id_token": token, "expires_in": 300}
    return Issuer(httpx.Response(200, json=usual | different))


CALLS: dict[str, Callable[[Identity], object]] = {
    "redeem": lambda i: i.redeem("code", "verifier", "nonce-1", NOW),
    "renew": lambda i: i.renew(OLD, NOW),
    "end": lambda i: i.end("refresh"),
    "end_everywhere": lambda i: i.end_everywhere("access"),
}
AWAY = (
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("nobody there"),
    httpx.ReadTimeout("slow"),
    httpx.RemoteProtocolError("half an answer"),
    *(httpx.Response(status) for status in (301, 302, 404, 405, 429, 500, 502, 503, 504)),
)


@pytest.mark.parametrize("answer", AWAY, ids=repr)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_what_is_no_judgement_of_the_issuer_ends_nothing(call, answer):
    with pytest.raises(Unavailable):
        await call(Issuer(answer).identity)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_an_issuer_that_refuses_does_not_vouch(call, status: int):
    with pytest.raises(NotIdentified):
        await call(Issuer(httpx.Response(status, json={"error": "invalid_grant"})).identity)


async def test_a_code_becomes_claims_and_tokens():
    issuer = granted()
    claims, tokens = await issuer.identity.redeem("code-1", "verifier-1", "nonce-1", NOW)
    assert (claims.sub, claims.sid) == ("person-1", "sign-in-1")
    assert (tokens.access, tokens.refresh) == ("a", "r")
    assert tokens.until == NOW + timedelta(minutes=5)
    form = parse_qs(issuer.asked[0].content.decode())
    assert form == {
        "grant_type": ["authorization_code"],
        "code": ["code-1"],
        "redirect_uri": ["https://p/anmeldung/rueckkehr"],
        "code_verifier": ["verifier-1"],
        "client_id": ["portal"],
        "client_secret": ["secret"],
    }


def signed(signer: Signer = SIGNER, **claims) -> str:
    return signer.token("person-1", **({"nonce": "nonce-1"} | claims))


STRANGE = {
    "none": "",
    "no token": "a.b.c",
    "another nonce": signed(nonce="nonce-2"),
    "no nonce": SIGNER.token("person-1"),
    "another client": signed(aud="other"),
    "another issuer": signed(iss="https://evil.example.org"),
    "ended": signed(exp=1),
    "another's key": signed(Signer(URL, load_or_make_key(None), "portal")),
    "events that are none": signed(events="x"),
}


@pytest.mark.parametrize("token", STRANGE.values(), ids=STRANGE)
async def test_a_code_with_a_strange_identity_token_opens_nothing(token: str):
    with pytest.raises(NotIdentified):
        await granted(id_token=token).identity.redeem("c", "v", "nonce-1", NOW)


async def test_renewed_tokens_keep_the_identity_token_where_no_new_one_comes():
    kept = await granted(id_token="").identity.renew(OLD, NOW)
    assert kept == Tokens("a", "r", "identity", NOW + timedelta(minutes=5))
    assert (await granted(id_token="new").identity.renew(OLD, NOW)).identity == "new"


async def test_signing_out_everywhere_uses_a_token_for_that_alone():
    issuer = granted(access_token="for the account")
    await issuer.identity.end_everywhere("of the session")
    exchange, ending = issuer.asked
    assert parse_qs(exchange.content.decode())["subject_token"] == ["of the session"]
    assert (ending.method, ending.url.path) == ("DELETE", "/realms/marktbund/account/sessions")
    assert ending.headers["authorization"] == "Bearer for the account"


async def test_a_logout_message_names_sign_in_account_and_its_number():
    signed_message = signed(sid="sign-in-1", jti="7", events=LOGOUT)
    with pytest.raises(NotIdentified):
        await granted().identity.logged_out(signed_message, clock.now())
    signed_message = SIGNER.token("person-1", sid="sign-in-1", jti="7", events=LOGOUT)
    message = await granted().identity.logged_out(signed_message, clock.now())
    assert (message.sign_in, message.sub, message.jti) == ("sign-in-1", "person-1", "7")


@pytest.mark.parametrize(
    "claims", [{"events": LOGOUT}, {"jti": "7"}, {"jti": "7", "events": {"other": {}}}], ids=str
)
async def test_a_message_that_is_no_logout_ends_nothing(claims: dict):
    with pytest.raises(NotIdentified):
        await granted().identity.logged_out(SIGNER.token("person-1", **claims), clock.now())


def test_the_way_in_shows_the_challenge_and_never_the_verifier():
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    way = granted().identity.way_in("state-1", "nonce-1", verifier)
    asked = parse_qs(urlsplit(way).query)
    assert asked["code_challenge"] == ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"]
    assert verifier not in way
