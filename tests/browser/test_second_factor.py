"""Sign-in as in production: a password that is worth its name, an app or a key beside it."""

import re

import httpx
import pytest
from playwright.async_api import Page, expect

from deploy.devstack.front import DEMO_PASSWORD, REALM_PATH, realm_of
from deploy.keycloak import accounts
from deploy.keycloak.accounts import AccountUnknownError
from deploy.keycloak.realm import SECOND_FACTOR, SECURITY_KEY
from marktbund.testing.mail import Folder
from tests.browser.factors import code, plug_in, pull_out
from tests.browser.people import Street
from tests.front import Front
from tests.running import eventually


def administration(front: Front) -> httpx.Client:
    return realm_of(front.platform.deployment, front.platform.places).administration()


def roles(front: Front, sub: str, given: str = "") -> list[str]:
    """The realm's roles of an account; `given`: one more from now on."""
    with administration(front) as admin:
        path = f"/users/{sub}/role-mappings/realm"
        if given:
            admin.post(path, json=[admin.get(f"/roles/{given}").json()]).raise_for_status()
        return [role["name"] for role in admin.get(path).json()]


async def demanded(front: Front, sub: str) -> None:
    """Wait until members has told Keycloak that the account needs a second factor."""

    async def held() -> list[str]:
        return roles(front, sub)

    await eventually(held, lambda names: SECOND_FACTOR in names, 60)


async def with_password(street: Street, sub: str, page: Page | None = None) -> Page:
    """As far as a password leads."""
    page = page or await (await street.context()).new_page()
    await page.goto("/freigaben")
    await page.locator("#username").fill(sub)
    await page.locator("#password").fill(DEMO_PASSWORD)
    await page.locator("#kc-login").click()
    return page


async def is_in(street: Street, page: Page) -> None:
    await expect(page.get_by_role("button", name="Abmelden")).to_be_visible(timeout=60_000)
    assert page.url == f"{street.site}/freigaben"


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Abmelden").click()
    await page.wait_for_url("**/abgemeldet")


async def test_an_approver_enrols_an_app_and_signs_in_with_its_codes(
    production: Front, street: Street
):
    await demanded(production, "careful-a")
    page = await with_password(street, "careful-a")
    form = page.locator("#kc-totp-settings-form")
    await expect(form).to_be_visible()
    assert "marktbund" not in {cookie["name"] for cookie in await page.context.cookies()}
    await page.locator("#mode-manual").click()
    secret = await page.locator("#kc-totp-secret-key").inner_text()
    await page.locator("#totp").fill("000000")
    await page.locator("#saveTOTPBtn").click()
    await expect(page.locator("#input-error-otp-code")).to_be_visible()
    await page.locator("#totp").fill(code(secret))
    await page.locator("#saveTOTPBtn").click()
    await is_in(street, page)
    await sign_out(page)
    await with_password(street, "careful-a", page)
    await page.locator("#otp").fill(code(secret, ahead=7))
    await page.locator("#kc-login").click()
    await expect(page.get_by_text("Ungültiger One-time Code")).to_be_visible()
    assert REALM_PATH in page.url
    await page.locator("#otp").fill(code(secret, ahead=1))
    await page.locator("#kc-login").click()
    await is_in(street, page)
    await manages_own_account(page)


async def manages_own_account(page: Page) -> None:
    """Keycloak's own pages come whole through the gateway."""
    closed: list[str] = []
    page.on("response", lambda got: closed.append(got.url) if got.status >= 400 else None)
    await page.get_by_role("link", name="Anmeldung verwalten").click()
    await page.wait_for_url("**/account/**")
    await page.goto(f"{page.url.partition('/account/')[0]}/account/account-security/signing-in")
    offered = page.get_by_role("button", name=re.compile("Passkey einrichten"))
    await expect(offered).to_be_visible(timeout=30_000)
    assert closed == []


async def test_help_for_whoever_lost_everything_ends_sign_ins_and_mails_the_way_back(
    production: Front, street: Street
):
    state = production.platform.places.of(production.platform.deployment)
    with realm_of(
        production.platform.deployment, production.platform.places
    ).administration() as admin:
        with pytest.raises(AccountUnknownError):
            accounts.reset(admin, "nobody@marktbund.example")
        accounts.unlock(admin, "careful-a")
        accounts.reset(admin, "careful-a@marktbund.example")
        assert admin.get("/users/careful-a/credentials").json() == []
        assert admin.get("/users/careful-a/sessions").json() == []

    async def mailed() -> list[str]:
        return [str(mail["To"]) for mail in Folder(state / "mail").mails()]

    await eventually(mailed, lambda to: "careful-a@marktbund.example" in to)
    page = await with_password(street, "careful-a")
    await expect(page.get_by_text("Ungültiger Benutzername oder Passwort")).to_be_visible()


async def test_an_operator_enrols_a_security_key_and_signs_in_with_it(
    production: Front, street: Street
):
    await demanded(production, "operator-2")
    roles(production, "operator-2", given=SECURITY_KEY)
    page = await (await street.context()).new_page()
    key = await plug_in(page)
    page.on("dialog", lambda dialog: dialog.accept("Schlüssel"))
    await with_password(street, "operator-2", page)
    await page.locator("#registerWebAuthn").click()
    await is_in(street, page)
    await sign_out(page)
    await with_password(street, "operator-2", page)
    await page.locator("#authenticateWebAuthnButton").click()
    await is_in(street, page)
    await sign_out(page)
    await pull_out(key)
    await plug_in(page)
    await with_password(street, "operator-2", page)
    await page.locator("#authenticateWebAuthnButton").click()
    await expect(page.locator("#kc-error-message, .pf-v5-c-alert, #kc-content")).to_be_visible()
    assert REALM_PATH in page.url


async def test_a_short_or_common_password_is_refused_when_it_is_changed(
    production: Front, street: Street
):
    page = await with_password(street, "beginner")
    for refused in ("x", DEMO_PASSWORD, "passwort12345"):
        await set_password(page, refused)
        await expect(page.get_by_text("Ungültiges Passwort")).to_be_visible()
        assert REALM_PATH in page.url
    await set_password(page, "drei Birnen im Korb")
    await page.wait_for_url(f"{street.site}/**")


async def set_password(page: Page, password: str) -> None:
    for field in ("#password-new", "#password-confirm"):
        await page.locator(field).fill(password)
    await page.locator("[type=submit]").click()
