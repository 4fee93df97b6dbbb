"""Who comes in, who is out, and what the gateway keeps inside; with real Keycloak."""

import json
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest
from playwright.async_api import Page

from acceptance.actors.people import person
from deploy.devstack.front import DEMO_PASSWORD, REALM_PATH, front_secrets, realm_of
from deploy.keycloak import accounts
from tests.browser.people import Street
from tests.front import Front
from tests.market import OFFICE
from tests.running import eventually

MOST_FAILURES = int(json.loads(Path("deploy/keycloak/realm.json").read_text())["failureFactor"])


async def test_who_is_deactivated_is_out_within_a_minute(front: Front, street: Street):
    page = await street.signed_in("leaver-a")
    assert (await page.goto("/bestellungen")).status == 200
    people = (await front.platform.call("GET", "members", "/persons", sub=OFFICE)).json()
    leaver = next(person for person in people if person["sub"] == "leaver-a")
    path = f"/persons/{leaver['person_id']}/deactivation"
    assert (await front.platform.call("POST", "members", path, sub=OFFICE)).status_code == 200

    async def out() -> bool:
        # Keycloak may end the session before the portal itself hears of it.
        return (await page.goto("/bestellungen")).status == 403 or REALM_PATH in page.url

    await eventually(out, bool, 60)


async def test_signing_out_everywhere_ends_every_browser(street: Street):
    here, there = await street.signed_in("approver-a"), await street.signed_in("approver-a")
    await here.goto("/hilfe")
    await here.get_by_role("button", name="Auf allen Geräten abmelden").click()
    await here.wait_for_url("**/abgemeldet")
    for page in (here, there):
        await page.goto("/bestellungen")
        assert REALM_PATH in page.url
        assert await page.locator("#password").is_visible()


async def test_signing_out_ends_the_sign_in_at_keycloak_too(street: Street):
    page = await street.signed_in("approver-a")
    await page.get_by_role("button", name="Abmelden").click()
    await page.wait_for_url("**/abgemeldet")
    await page.goto("/bestellungen")
    assert await page.locator("#password").is_visible()


async def test_wrong_passwords_lock_an_account_and_keycloak_keeps_that(
    front: Front, street: Street
):
    realm = realm_of(front.platform.deployment, front.platform.places)
    realm.add_people([person("guessed-a", "Erika", "Geraten")])
    page = await (await street.context()).new_page()
    await page.goto("/anmeldung")
    for number in range(MOST_FAILURES):
        await try_password(page, f"geraten-{number}")
    await try_password(page, DEMO_PASSWORD)
    assert REALM_PATH in page.url
    with realm.administration() as admin:
        locked = admin.get("/attack-detection/brute-force/users/guessed-a").json()
        assert (locked["disabled"], locked["numFailures"]) == (True, MOST_FAILURES)
        asked = {"user": "guessed-a", "type": "LOGIN_ERROR", "max": "100"}
        errors = Counter(event["error"] for event in admin.get("/events", params=asked).json())
        assert errors["invalid_user_credentials"] >= MOST_FAILURES - 1
        assert errors["user_temporarily_disabled"] >= 1
        accounts.unlock(admin, "guessed-a")
        steps = admin.get("/admin-events", params={"operationTypes": "DELETE"}).json()
        assert any("guessed-a" in step["resourcePath"] for step in steps)
    await try_password(page, DEMO_PASSWORD)
    await page.wait_for_url(lambda url: REALM_PATH not in url)


async def try_password(page: Page, password: str) -> None:
    """Answer Keycloak's form."""
    if await page.locator("#username").is_visible():
        await page.locator("#username").fill("guessed-a")
    await page.locator("#password").fill(password)
    await page.locator("#kc-login").click()
    await page.wait_for_load_state()


async def test_a_session_cookie_is_closed_to_scripts_and_other_sites(street: Street):
    page = await street.signed_in("requester-a")
    kept = {cookie["name"]: cookie for cookie in await page.context.cookies()}
    assert kept["marktbund"]["httpOnly"]
    assert kept["marktbund"]["sameSite"] == "Lax"
    assert "marktbund=" not in await page.evaluate("document.cookie")


async def test_a_form_on_another_site_cannot_act_here(street: Street):
    page = await street.signed_in("requester-a")
    form = (
        f"<form method=post action='{street.site}/abmeldung'><button>x</button></form>"
        "<script>document.forms[0].submit()</script>"
    )
    other = await page.context.new_page()
    await other.route(
        "http://other.localhost/**",
        lambda route: route.fulfill(body=form, content_type="text/html"),
    )
    await other.goto("http://other.localhost/")
    await other.wait_for_load_state("networkidle")
    assert (await page.goto("/bestellungen")).status == 200
    assert page.url.endswith("/bestellungen")


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/health/ready",
        "/auth/admin/master/console/",
        "/auth/realms/master",
        "/auth/metrics",
        "/anmeldung/abmeldenachricht",
        "/anmeldung/%61bmeldenachricht",
        "/anmeldung/zulassung",
        f"{REALM_PATH}",
        f"{REALM_PATH}/clients-registrations/default",
        f"{REALM_PATH}/protocol/saml",
        f"{REALM_PATH}/protocol/openid-connect/token/introspect",
        f"{REALM_PATH}/protocol/openid-connect/revoke",
        f"{REALM_PATH}/protocol/openid-connect/userinfo",
        f"{REALM_PATH}/protocol/openid-connect/auth/device",
        f"{REALM_PATH}/protocol/openid-connect/ext/par/request",
        f"{REALM_PATH}/.well-known/uma2-configuration",
        "/api/orders/metrics",
    ],
)
async def test_what_is_inside_stays_inside(front: Front, path: str):
    assert (await front.platform.http.get(f"{front.site}{path}")).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/.well-known/openid-configuration", 200),
        ("/protocol/openid-connect/certs", 200),
        ("/protocol/openid-connect/auth", 400),
        ("/protocol/openid-connect/token", 405),
        ("/protocol/openid-connect/logout", 200),
        ("/login-actions/authenticate", 400),
        ("/account/", 200),
        ("/broker/house/endpoint", 404),
    ],
)
async def test_what_sign_in_needs_is_passed_to_keycloak(front: Front, path: str, status: int):
    answer = await front.platform.http.get(f"{front.site}{REALM_PATH}{path}")
    assert answer.status_code == status
    # Where the gateway itself says no, its own page comes.
    assert "Diese Seite ist gerade nicht verfügbar" not in answer.text


async def test_the_gateway_writes_down_who_asked_for_what_and_no_secret(front: Front):
    url = f"{front.site}/hilfe?code=geheim-{uuid4()}"
    answer = await front.platform.http.get(url, headers={"Authorization": "Bearer geheim"})
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    logs = front.platform.places.of(front.platform.deployment) / "logs"
    file = logs / "access.log"

    async def written() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        return [line for line in lines if line["request"]["uri"] == "/hilfe"]

    entry = (await eventually(written, bool))[-1]
    assert (entry["request"]["method"], entry["status"]) == ("GET", answer.status_code)
    assert entry["request"]["remote_ip"] == "127.0.0.1"
    assert "geheim" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


async def test_the_gateway_bounds_what_is_sent(front: Front):
    url = f"{front.site}/api/members/v1/members"
    answer = await front.platform.http.post(url, content=b"x" * 1_100_000)
    assert answer.status_code in {401, 413}
    headers = (await front.platform.http.get(f"{front.site}/")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


async def test_a_machine_signs_in_with_its_own_secret(front: Front):
    secret = front_secrets(front.platform.deployment, front.platform.places)["machine"]
    form = {
        "grant_type": "client_credentials",
        "client_id": "demo-machine",
        "client_secret": secret,
    }
    url = f"{front.site}{REALM_PATH}/protocol/openid-connect/token"
    token = (await front.platform.http.post(url, data=form)).json()["access_token"]
    sub = jwt.decode(token, options={"verify_signature": False})["sub"]
    path = f"/suppliers/{front.market.suppliers[2]}/credentials"
    subs = {"subs": ["seller-2", sub]}
    put = await front.platform.call("PUT", "supplier-gateway", path, sub=OFFICE, json=subs)
    assert put.status_code == 200
    answer = await front.platform.http.get(
        f"{front.site}/api/supplier-gateway/v1/deliveries",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200
