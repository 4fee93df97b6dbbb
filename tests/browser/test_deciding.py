"""Deciding in the browser: approve, send back and order again, offers, results; no script too."""

from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from deploy.devstack.front import DEMO_PASSWORD
from tests.browser.axe import violations
from tests.browser.people import Street
from tests.front import Front
from tests.market import OFFICE
from tests.running import eventually

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
RULES = {
    "rules": [
        {
            "contract_kinds": ["supply"],
            "limits": [
                {"route": "direct", "up_to_net": "1000"},
                {"route": "request", "up_to_net": "5000", "offers_asked": 2, "offers_received": 1},
            ],
            "binding": True,
            "source": "Beschaffungssatzung § 4",
            "source_kind": "bylaw",
            "valid_from": "2021-01-01",
        }
    ],
    "approval_steps": [{"above_net": "300"}],
}


@pytest.fixture(scope="module", autouse=True)
async def rules(front: Front) -> AsyncIterator[None]:
    """Member a's rules: above 300 EUR to be approved, above 1,000 offers, above 5,000 an award.

    Withdrawn at the end: the other tests' orders of this member go on as they are.
    """
    path = f"/members/{front.market.members['a']}/rule-set"
    answer = await front.platform.call("PUT", "members", path, sub=OFFICE, json=RULES)
    assert answer.status_code == 200, answer.text

    async def known() -> int:
        query = "SELECT count(*) FROM rule_set WHERE status = 'active'"
        return int((await front.platform.rows("orders", query))[0][0])

    await eventually(known, lambda count: count == 1, 60)
    yield
    answer = await front.platform.call("POST", "members", f"{path}/withdrawal", sub=OFFICE)
    assert answer.status_code == 200, answer.text
    await eventually(known, lambda count: count == 0, 60)


async def put(page: Page, quantity: str) -> None:
    """So many of one article (1.05 EUR) into the cart."""
    await page.goto("/suche?q=Kopierpapier+5")
    hit = page.get_by_role("listitem").filter(
        has=page.get_by_role("link", name="Kopierpapier 5", exact=True)
    )
    await hit.first.get_by_role("textbox").fill(quantity)
    await hit.first.get_by_role("button").click()
    await expect(page.get_by_role("heading", name="Warenkorb")).to_be_visible()


async def send(page: Page) -> str:
    """Send the cart off under a reference of its own; returns the order's id."""
    await page.get_by_label("Eigene Bestellnummer").fill(f"Amt 40/{uuid4().hex[:8]}")
    await page.get_by_role("button", name="Verbindlich bestellen").click()
    await page.wait_for_url("**/bestellungen/**")
    return page.url.split("/bestellungen/")[1].split("?")[0]


async def status(front: Front, order_id: str) -> str:
    requester = front.market.requester("a")
    answer = await front.platform.call("GET", "orders", f"/orders/{order_id}", **requester)
    return str(answer.json()["status"])


async def counted(front: Front) -> Decimal:
    """Net EUR of member a's that counts in any class."""
    query = "SELECT coalesce(sum(net), 0) FROM limit_day"
    return Decimal((await front.platform.rows("orders", query))[0][0])


@SCRIPT
async def test_an_approver_decides_from_a_mails_link_in_two_clicks(
    front: Front, street: Street, script: bool
):
    how = {"java_script_enabled": script}
    requester = await street.signed_in("requester-a", **how)
    await put(requester, "400")
    await expect(requester.get_by_text("wartet die Bestellung auf Genehmigung")).to_be_visible()
    order_id = await send(requester)
    await expect(requester.get_by_text("abgeschickt und wartet auf Genehmigung")).to_be_visible()
    approver = await (await street.context(**how)).new_page()
    await approver.goto(f"/freigaben/{order_id}")
    await approver.locator("#username").fill("approver-a")
    await approver.locator("#password").fill(DEMO_PASSWORD)
    await approver.locator("#kc-login").click()
    await approver.wait_for_url(f"{street.site}/freigaben/{order_id}")
    main = await approver.inner_text("main")
    for fact in ("420,00 €", "1.000,00 €", "Beschaffungssatzung § 4", "Kopierpapier 5"):
        assert fact in main
    if script:
        assert await violations(approver) == []
    await approver.get_by_role("button", name="Genehmigen").click()
    await expect(approver.get_by_text("Ihre Entscheidung ist vermerkt")).to_be_visible()
    assert await status(front, order_id) == "placed"


@SCRIPT
async def test_sent_back_an_order_is_changed_in_the_cart_and_counts_once(
    front: Front, street: Street, script: bool
):
    how = {"java_script_enabled": script}
    requester = await street.signed_in("requester-a", **how)
    before = await counted(front)
    await put(requester, "500")
    order_id = await send(requester)
    approver = await street.signed_in("approver-a", **how)
    await expect(approver.get_by_role("heading", name="Zur Freigabe (")).to_be_visible()
    await approver.goto(f"/freigaben/{order_id}")
    await approver.get_by_role("button", name="Zurückgeben").click()
    await expect(approver.get_by_role("alert")).to_contain_text("Bitte begründen Sie")
    await approver.get_by_label("Anmerkung").fill("Bitte nur 310")
    await approver.get_by_role("button", name="Zurückgeben").click()
    await expect(approver.get_by_text("Ihre Entscheidung ist vermerkt")).to_be_visible()
    assert await counted(front) == before
    await requester.goto(f"/bestellungen/{order_id}")
    await expect(requester.get_by_text("„Bitte nur 310“").first).to_be_visible()
    await requester.get_by_role("button", name="Ändern und neu einreichen").click()
    await expect(requester.get_by_role("heading", name="Warenkorb")).to_be_visible()
    quantity = requester.get_by_label("Menge für Kopierpapier 5")
    assert await quantity.input_value() == "500"
    await quantity.fill("310")
    if script:
        await quantity.blur()
        assert await violations(requester) == []
    else:
        await requester.get_by_role("button", name="Ändern").click()
    await expect(requester.locator("#wertgrenze")).to_contain_text("325,50 €")
    await expect(requester.locator("#summen")).to_contain_text("325,50 €")
    draft_id = await send(requester)
    assert draft_id != order_id
    assert await status(front, order_id) == "sent_back"
    assert await counted(front) == before + Decimal("325.50")
    await approver.goto(f"/freigaben/{draft_id}")
    await approver.get_by_role("button", name="Genehmigen").click()
    await expect(approver.get_by_text("Ihre Entscheidung ist vermerkt")).to_be_visible()
    assert await status(front, draft_id) == "placed"


async def test_the_award_office_obtains_offers_and_records_a_result(front: Front, street: Street):
    requester = await street.signed_in("requester-a")
    await put(requester, "1500")
    asked_id = await send(requester)
    await put(requester, "9000")
    handed_id = await send(requester)
    office = await street.signed_in("award-office-a")
    await expect(office.get_by_role("heading", name="Für die Vergabestelle (2)")).to_be_visible()
    await office.goto(f"/vergabe/{asked_id}")
    assert await violations(office) == []
    await office.get_by_label("Name").nth(0).fill("Papier Nord GmbH")
    await office.get_by_role("button", name="Angebote eintragen").click()
    await expect(office.get_by_role("alert")).to_contain_text("Zu wenige Angebote")
    await office.get_by_label("Name").nth(1).fill("Papier Süd GmbH")
    await office.get_by_label("Angebot netto, gesamt").nth(1).fill("1.480,00")
    await office.get_by_role("button", name="Angebote eintragen").click()
    await expect(office.get_by_role("cell", name="Angebot eingegangen")).to_be_visible()
    assert await status(front, asked_id) == "submitted"
    await office.goto(f"/vergabe/{handed_id}")
    assert await violations(office) == []
    await office.get_by_label("Aktenzeichen der Vergabe").fill("VS-2026-0117")
    await office.get_by_label("Preis netto je Einheit").fill("0,95")
    await office.get_by_role("button", name="Ergebnis verbindlich beauftragen").click()
    await expect(office.get_by_text("Die Bestellung ist verbindlich beauftragt")).to_be_visible()
    assert "8.550,00 €" in await office.inner_text("main")
    assert await status(front, handed_id) == "awarded"
