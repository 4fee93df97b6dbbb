"""A call to the identity provider: every way to fail is a reason."""

from typing import Any

import httpx
import pytest

from marktbund.ids import new_id
from marktbund.testing.engines.ports import choose_free
from members.domain.sign_ins import SignInOutcome, WantedSignIn
from members.gateways.identities import Administration, Keycloak

IDENTITY = "http://id.example/auth"
TOKEN = {"access_token": "x", "expires_in": 300}


async def test_nobody_there_is_a_reason_and_no_error():
    at = Administration(f"http://127.0.0.1:{choose_free(set())}/auth", "marktbund", "x", "y")
    keycloak = Keycloak(at)
    outcome = await keycloak(
        WantedSignIn(new_id(), "x", made=True, active=True, email="a@b.de", invited=False)
    )
    await keycloak.close()
    assert outcome == SignInOutcome(done=False, reason="ConnectError")


@pytest.mark.parametrize(
    ("url", "token", "users", "reason"),
    [
        ("http://[::1/auth", TOKEN, [], "InvalidURL"),
        (IDENTITY, ["x"], [], "ValidationError"),
        (IDENTITY, TOKEN | {"expires_in": None}, [], "ValidationError"),
        (IDENTITY, TOKEN, [5], "ValidationError"),
        (IDENTITY, TOKEN, {"error": "x"}, "ValidationError"),
    ],
)
async def test_whatever_an_identity_provider_answers_is_a_reason(
    url: str, token: Any, users: Any, reason: str
):
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json=token)
        return httpx.Response(200, json=users)

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    keycloak = Keycloak(Administration(url, "marktbund", "x", "y"), client)
    wanted = WantedSignIn(new_id(), "x", made=True, active=True, email="a@b.de", invited=False)
    outcome = await keycloak(wanted)
    await keycloak.close()
    assert outcome == SignInOutcome(done=False, reason=reason)
