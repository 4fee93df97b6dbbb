"""Every page the router knows, in its role: no violation, nothing cut off at 320 pixels."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from playwright.async_api import Page

from portal import pages
from tests.browser.axe import violations
from tests.browser.pages import NO_PAGES, ROLES
from tests.browser.people import Street
from tests.browser.plain import identifiers, identifiers_in
from tests.front import Front

WIDE = {"width": 1200, "height": 900}
NARROW = {"width": 320, "height": 640}


def shown() -> Iterator[str]:
    for router in pages.routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in route.methods:
                yield route.path


def test_every_page_of_the_router_is_looked_at():
    assert set(shown()) == set(ROLES) | NO_PAGES


async def faults(page: Page, path: str) -> list[str]:
    answer = await page.goto(path)
    assert answer is not None
    if answer.status != 200:
        return [f"{path}: {answer.status}"]
    wrong = [f"{path}: {violation}" for violation in await violations(page)]
    await page.set_viewport_size(NARROW)
    width = await page.evaluate("document.scrollingElement.scrollWidth")
    await page.set_viewport_size(WIDE)
    wrong += [f"{path}: {name}" for name in await identifiers(page)]
    return wrong + ([f"{path}: {width} pixels wide"] if width > NARROW["width"] else [])


@pytest.mark.parametrize("sub", sorted({sub for subs in ROLES.values() for sub in subs}))
async def test_pages_of_a_role_have_no_violation(front: Front, street: Street, sub: str):
    ids = await front.page_ids()
    page = await (await street.context()).new_page() if not sub else await street.signed_in(sub)
    wrong = []
    for path, subs in ROLES.items():
        if sub in subs:
            wrong += await faults(page, path.format(**ids))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Stand: awaiting_offers", ["awaiting_offers"]),
        ("Nr. 01A219CB-82bd-7660-a2ee-b4e9a1ae4931.", ["01A219CB-82bd-7660-a2ee-b4e9a1ae4931"]),
        ("Bestellnummer A1AE-4931, 2026-12-01, RV-2026-1, www.marktbund.example", []),
    ],
)
def test_what_only_programs_read_is_seen(text: str, named: list[str]):
    assert identifiers_in(text) == named


async def test_a_form_that_was_refused_names_its_field(front: Front, street: Street):
    page = await street.signed_in("seller-0")
    await page.goto(f"/auftraege/{(await front.ids())['supplier_order_id']}")
    await page.get_by_role("radio", name="ändern").first.check()
    await page.get_by_label("Geänderte Menge").first.fill("viel")
    await page.get_by_role("button", name="Antwort senden").click()
    alert = page.get_by_role("alert")
    await alert.get_by_role("link").first.click()
    focused = "document.activeElement.getAttribute('aria-invalid')"
    assert await page.evaluate(focused) == "true"
    assert await violations(page) == []
