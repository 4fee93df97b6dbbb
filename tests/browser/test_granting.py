"""A role of two: asked for by one account of the office, confirmed by another on a phone."""

from typing import Any

import pytest

from tests.browser.axe import violations
from tests.browser.people import Street
from tests.front import Front
from tests.market import OFFICE


@pytest.mark.parametrize("width", [1280, 390])
async def test_the_second_of_the_office_confirms_what_the_first_asked_for(
    front: Front, street: Street, width: int
):
    member = front.market.members["a"]
    grants = [{"role": "approver", "member_id": member}]
    body: dict[str, Any] = {"sub": f"new-{width}", "grants": grants}
    body["email"] = f"neu-{width}@stadt-a.example"
    platform = front.platform
    made = await platform.call("POST", "members", "/persons", sub=OFFICE, json=body)
    assert (made.status_code, made.json()["grants"]) == (201, [])
    first = await street.signed_in(OFFICE)
    await first.goto("/rollen")
    assert await first.get_by_role("button", name="Bestätigen").count() == 0
    page = await street.signed_in("office-2", viewport={"width": width, "height": 844})
    await page.goto("/rollen")
    assert await violations(page) == []
    assert await page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert await page.get_by_text(body["email"]).is_visible()
    await page.get_by_label("Anmerkung").fill("Bestellung zur Genehmigerin liegt vor")
    await page.get_by_role("button", name="Bestätigen").click()
    await page.get_by_text("Kein Antrag wartet.").wait_for()
    people = f"/members/{member}/people"
    held = (await platform.call("GET", "members", people, sub=OFFICE)).json()
    mine = next(holder for holder in held if holder["person_id"] == made.json()["person_id"])
    assert mine["roles"] == ["approver"]


@pytest.mark.parametrize("width", [1280, 390])
async def test_an_administration_adds_somebody_by_keyboard(
    front: Front, street: Street, width: int
):
    page = await street.signed_in("member-admin-a", viewport={"width": width, "height": 844})
    await page.goto("/")
    await page.get_by_role("link", name="Personen und Rollen").click()
    await page.get_by_role("link", name="Person hinzufügen").click()
    assert await violations(page) == []
    assert await page.evaluate("document.scrollingElement.scrollWidth") <= width
    address = f"kollegin-{width}@stadt-a.example"
    await page.get_by_label("E-Mail-Adresse").focus()
    await page.keyboard.type(address)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.get_by_text("Das Konto ist angelegt").wait_for()
    people = f"/members/{front.market.members['a']}/people"
    held = (await front.platform.call("GET", "members", people, sub=OFFICE)).json()
    assert [known["roles"] for known in held if known["email"] == address] == [["requester"]]
