"""Who stands before the browser: accounts in Keycloak and in members, and how they sign in."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Response

from acceptance.actors.people import person
from deploy.devstack.front import DEMO_PASSWORD, realm_of
from marktbund.testing.calls import record
from tests.market import OFFICE, PEOPLE, SECOND_OFFICE, Market, add_person
from tests.running import Platform, eventually

SUBS = (
    OFFICE,
    SECOND_OFFICE,
    *(f"{role}-{town}" for role in ("requester", "auditor") for town in ("a", "b")),
    "requester-c",
    "auditor-all",
    "procurement-1",
    "stranger",
    *(f"seller-{index}" for index in range(3)),
)
FURTHER: dict[str, tuple[tuple[str, ...], str]] = {
    "approver-a": (("approver",), "a"),
    "award-office-a": (("award_office",), "a"),
    "careful-a": (("approver",), "a"),
    "leaver-a": (("requester",), "a"),
    "member-admin-a": (("member_admin",), "a"),
    "further-a": (("finance", "receiver", "expert"), "a"),
    "operator-1": (("operator",), ""),
    "operator-2": (("operator",), ""),
    "board-1": (("board",), ""),
}


def add_to_keycloak(platform: Platform) -> None:
    """Let everybody sign in."""
    people = [person(sub, "Konto", sub) for sub in (*SUBS, *FURTHER)]
    realm_of(platform.deployment, platform.places).add_people(people)


async def add_to_members(platform: Platform, market: Market) -> None:
    """Give the further people their roles; returns when the portal knows everybody."""
    for sub, (roles, name) in FURTHER.items():
        at = {"member_id": market.members[name]} if name else {}
        await add_person(platform, sub, [{"role": role, **at} for role in roles])
    known = (
        "SELECT (SELECT count(*) FROM principal) + (SELECT count(*) FROM seller"
        " WHERE cardinality(subs) > 0) + (SELECT count(*) FROM member_name)"
    )

    async def heard() -> int:
        return int((await platform.rows("portal", known))[0][0])

    await eventually(heard, lambda count: count == PEOPLE + len(FURTHER) + 3 + 2, 60)


def _recorded(answer: Response) -> None:
    request = answer.request
    if request.resource_type == "document":
        to = answer.headers.get("location", "")
        record(request.method, answer.url, answer.status, to=to)


@dataclass
class Street:
    """The site, and browsers to walk up to it."""

    site: str
    browser: Browser

    async def signed_in(self, sub: str, **how: Any) -> Page:
        """A browser of one's own, signed in through Keycloak."""
        page = await (await self.context(**how)).new_page()
        await self.sign_in(page, sub)
        return page

    async def context(self, **how: Any) -> BrowserContext:
        """A fresh browser profile."""
        settings = {"viewport": {"width": 1200, "height": 900}, "locale": "de-DE", **how}
        made = await self.browser.new_context(base_url=self.site, **settings)
        made.set_default_timeout(60_000)
        made.on("response", _recorded)
        return made

    async def sign_in(self, page: Page, sub: str) -> None:
        """From the start page over Keycloak's form and back."""
        await page.goto("/")
        await page.get_by_role("link", name="Anmelden").click()
        await page.locator("#username").fill(sub)
        await page.locator("#password").fill(DEMO_PASSWORD)
        await page.locator("#kc-login").click()
        await page.wait_for_url(f"{self.site}/")
        assert await page.get_by_role("button", name="Abmelden").is_visible()
