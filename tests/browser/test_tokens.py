"""What may be had of Keycloak in production: no token for a password, none without an end."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import jwt

from deploy.devstack.front import DEMO_PASSWORD, REALM_PATH, front_secrets
from tests.browser.people import Street
from tests.front import Front

VERIFIER = "v" * 43
OPENID = f"{REALM_PATH}/protocol/openid-connect"


async def test_no_client_gets_tokens_for_a_password(production: Front):
    secret = front_secrets(production.platform.deployment, production.platform.places)
    clients = {"admin-cli": "", "demo-loader": secret["loader"], "portal": secret["portal"]}
    form = {"grant_type": "password", "username": "operator-1", "password": DEMO_PASSWORD}
    answers = {
        client: await token(production, form | {"client_id": client, "client_secret": known})
        for client, known in clients.items()
    }
    assert {client: answer.is_success for client, answer in answers.items()} == dict.fromkeys(
        clients, False
    )
    assert all("access_token" not in answer.text for answer in answers.values())


async def token(front: Front, form: dict[str, str]) -> httpx.Response:
    return await front.platform.http.post(f"{front.site}{OPENID}/token", data=form)


def way_in(front: Front, scope: str) -> str:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    asked = {
        "client_id": "portal",
        "response_type": "code",
        "redirect_uri": f"{front.site}/anmeldung/rueckkehr",
        "scope": scope,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    return f"{front.site}{OPENID}/auth?{urlencode(asked)}"


async def test_a_token_without_an_end_is_not_to_be_had(production: Front):
    answer = await production.platform.http.get(way_in(production, "openid offline_access"))
    assert answer.status_code == 302
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["error"] == ["invalid_scope"]


async def tokens(front: Front, street: Street, sub: str) -> dict[str, Any]:
    """What the portal gets for an account; its page does not spend a code it did not ask for."""
    page = await (await street.context()).new_page()
    await page.goto(way_in(front, "openid"))
    await page.locator("#username").fill(sub)
    await page.locator("#password").fill(DEMO_PASSWORD)
    await page.locator("#kc-login").click()
    await page.wait_for_url("**/anmeldung/rueckkehr?**")
    form = as_portal(front) | {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(page.url).query)["code"][0],
        "redirect_uri": f"{front.site}/anmeldung/rueckkehr",
        "code_verifier": VERIFIER,
    }
    return dict((await token(front, form)).json())


def as_portal(front: Front) -> dict[str, str]:
    secret = front_secrets(front.platform.deployment, front.platform.places)["portal"]
    return {"client_id": "portal", "client_secret": secret}


async def test_a_refresh_token_is_good_once_and_services_learn_no_name(
    production: Front, street: Street
):
    given = await tokens(production, street, "requester-b")
    claims = jwt.decode(given["access_token"], options={"verify_signature": False})
    assert claims["aud"] == "marktbund"
    personal = {"name", "given_name", "family_name", "email", "preferred_username"}
    personal |= {"realm_access", "resource_access"}
    assert personal & claims.keys() == set()
    identity = jwt.decode(given["id_token"], options={"verify_signature": False})
    assert identity["name"] == "Konto requester-b"
    url = f"{production.site}{REALM_PATH}/account/"
    headers = {"Authorization": f"Bearer {given['access_token']}", "Accept": "application/json"}
    assert (await production.platform.http.get(url, headers=headers)).status_code in {401, 403}
    form = as_portal(production) | {
        "grant_type": "refresh_token",
        "refresh_token": given["refresh_token"],
    }
    assert (await token(production, form)).status_code == 200
    again = await token(production, form)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
