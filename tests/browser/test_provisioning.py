"""A person whom the office registers can sign in at real Keycloak, and is out when access ends."""

import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Page

from deploy.devstack.front import DEMO_PASSWORD, REALM_PATH, front_secrets
from marktbund.ids import new_id
from marktbund.testing.mail import Folder
from members.domain.sign_ins import WantedSignIn
from members.gateways.identities import Administration, Keycloak
from tests.browser.people import Street
from tests.front import Front
from tests.market import OFFICE
from tests.running import eventually


@pytest.fixture(scope="module")
def keycloak_url(front: Front) -> str:
    return f"{front.platform.addresses['keycloak']}/auth"


@pytest.fixture
async def admin(front: Front, keycloak_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Keycloak's administration of the realm."""
    secret = front_secrets(front.platform.deployment, front.platform.places)["admin"]
    form = {"grant_type": "password", "client_id": "admin-cli", "username": "admin"}
    url = f"{keycloak_url}/realms/master/protocol/openid-connect/token"
    async with httpx.AsyncClient(base_url=f"{keycloak_url}/admin/realms/marktbund") as client:
        token = (await client.post(url, data=form | {"password": secret})).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


async def ask(admin: httpx.AsyncClient, path: str) -> Any:
    return (await admin.get(path)).json()


@pytest.fixture
def provisioner(front: Front, keycloak_url: str) -> Administration:
    secret = front_secrets(front.platform.deployment, front.platform.places)["provisioner"]
    return Administration(keycloak_url, "marktbund", "people-provisioner", secret)


async def registered(front: Front, email: str) -> dict[str, Any]:
    """A requester of member a, known to Keycloak, to the portal and to orders."""
    grants = [{"role": "requester", "member_id": front.market.members["a"]}]
    body = {"email": email, "grants": grants}
    answer = await front.platform.call("POST", "members", "/persons", sub=OFFICE, json=body)
    assert answer.status_code == 201, answer.text
    person_id = answer.json()["person_id"]

    async def known() -> dict[str, Any]:
        people = await front.platform.call("GET", "members", "/persons?limit=500", sub=OFFICE)
        person = next(account for account in people.json() if account["person_id"] == person_id)
        query = f"SELECT sub FROM principal WHERE person_id = '{person_id}'"
        heard = [await front.platform.rows(service, query) for service in ("portal", "orders")]
        return {**person, "heard": [row[0] for rows in heard for row in rows]}

    def arrived(person: dict[str, Any]) -> bool:
        return bool(person["sub"] != person_id and person["heard"] == [person["sub"]] * 2)

    return await eventually(known, arrived, 60)


async def first_sign_in(street: Street, email: str) -> Page:
    """By the address; Keycloak asks for a name once, which it alone keeps."""
    page = await (await street.context()).new_page()
    await page.goto("/")
    await page.get_by_role("link", name="Anmelden").click()
    await page.locator("#username").fill(email)
    await page.locator("#password").fill(DEMO_PASSWORD)
    await page.locator("#kc-login").click()
    await page.locator("#firstName").fill("Neues")
    await page.locator("#lastName").fill("Konto")
    await page.locator("[type=submit]").click()
    await page.wait_for_url(f"{street.site}/")
    return page


async def test_a_registered_person_signs_in_and_is_out_once_deactivated(
    front: Front, street: Street, admin: httpx.AsyncClient
):
    email = f"neu-{uuid4().hex[:8]}@stadt-a.example"
    person = await registered(front, email)
    user = f"/users/{person['sub']}"
    account = await ask(admin, user)
    assert (account["id"], account["username"]) == (person["sub"], person["person_id"])
    page = await first_sign_in(street, email)
    assert (await page.goto("/bestellungen")).status == 200
    assert len(await ask(admin, f"{user}/sessions")) == 1
    path = f"/persons/{person['person_id']}/deactivation"
    assert (await front.platform.call("POST", "members", path, sub=OFFICE)).status_code == 200

    async def standing() -> tuple[bool, int]:
        account = await ask(admin, user)
        return account["enabled"], len(await ask(admin, f"{user}/sessions"))

    await eventually(standing, lambda state: state == (False, 0), 60)


async def test_invited_people_set_their_own_password(
    front: Front, street: Street, admin: httpx.AsyncClient, provisioner: Administration
):
    keycloak, email = Keycloak(provisioner), f"gast-{uuid4().hex[:8]}@stadt-a.example"
    wanted = WantedSignIn(new_id(), "x", made=True, active=True, email=email, invited=False)
    outcome = await keycloak(wanted)
    assert (outcome.done, outcome.invited, outcome.reason) == (True, True, "")
    again = await keycloak(wanted)
    assert again.sub == outcome.sub
    await keycloak.close()
    account = await ask(admin, f"/users/{outcome.sub}")
    assert (account["requiredActions"], account["enabled"]) == (["UPDATE_PASSWORD"], True)
    folder = Folder(front.platform.places.of(front.platform.deployment) / "mail")

    async def invitations() -> list[EmailMessage]:
        return [mail for mail in folder.mails() if mail["To"] == email]

    mail = (await eventually(invitations, lambda mails: len(mails) >= 1))[0]
    body = mail.get_body(("plain",))
    link = re.search(r"https?://\S+", body.get_content() if body else "")
    assert link is not None
    assert link[0].startswith(f"{front.site}{REALM_PATH}/")
    page = await (await street.context()).new_page()
    await page.goto(link[0])
    await page.locator("a", has_text=re.compile("hier|klick", re.IGNORECASE)).first.click()
    for field in ("#password-new", "#password-confirm"):
        await page.locator(field).fill("ein eigenes Kennwort 17")
    await page.locator("[type=submit]").click()

    async def set_() -> list[str]:
        return list((await ask(admin, f"/users/{outcome.sub}"))["requiredActions"])

    await eventually(set_, lambda actions: "UPDATE_PASSWORD" not in actions)


async def test_the_provisioner_may_manage_people_and_nothing_else(
    keycloak_url: str, provisioner: Administration
):
    form = {
        "grant_type": "client_credentials",
        "client_id": provisioner.client_id,
        "client_secret": provisioner.secret,
    }
    async with httpx.AsyncClient() as http:
        url = f"{keycloak_url}/realms/marktbund/protocol/openid-connect/token"
        token = (await http.post(url, data=form)).json()["access_token"]
        realm = f"{keycloak_url}/admin/realms/marktbund"
        headers = {"Authorization": f"Bearer {token}"}
        statuses = {
            path: (await http.get(f"{realm}{path}", headers=headers)).status_code
            for path in ("/users", "/clients", "/events", "/identity-provider/instances")
        }
    assert statuses == {
        "/users": 200,
        "/clients": 403,
        "/events": 403,
        "/identity-provider/instances": 403,
    }
