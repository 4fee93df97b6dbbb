"""Whole paths through real pages, real Keycloak and all services; with script and without."""

import json
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from marktbund import clock
from marktbund.testing.documents import pdf
from tests.browser.people import Street
from tests.front import Front
from tests.running import eventually


async def order(page: Page, article: str, reference: str) -> str:
    """Search, cart, order; returns the order's id."""
    await page.get_by_role("searchbox").fill(article)
    await page.get_by_role("button", name="Suchen").click()
    hit = page.get_by_role("listitem").filter(
        has=page.get_by_role("link", name=article, exact=True)
    )
    await hit.first.get_by_role("textbox").fill("3")
    await hit.first.get_by_role("button").click()
    await expect(page.get_by_role("heading", name="Warenkorb")).to_be_visible()
    await page.get_by_label("Eigene Bestellnummer").fill(reference)
    await page.get_by_role("button", name="Verbindlich bestellen").click()
    await expect(page.get_by_text("Die Bestellung ist verbindlich beauftragt")).to_be_visible()
    return page.url.split("/bestellungen/")[1].split("?")[0]


def today() -> date:
    """The business day: goods are not sent off tomorrow."""
    return clock.business_date(clock.now())


def promised() -> date:
    """When suppliers promise to deliver."""
    return today() + timedelta(days=30)


async def answer(page: Page) -> None:
    """Open the newest order without an answer, accept its lines, send the goods off."""

    async def waiting() -> int:
        await page.goto("/auftraege")
        return await page.locator("tbody a").count()

    await eventually(waiting, lambda count: count > 0, 60)
    await page.locator("tbody a").last.click()
    for line in await page.get_by_label("Liefertag").all():
        await line.fill(promised().isoformat())
    await page.get_by_role("button", name="Antwort senden").click()
    await expect(page.get_by_role("heading", name="Ware abgeschickt")).to_be_visible()
    await page.get_by_label("Versandtag").fill(today().isoformat())
    await page.get_by_role("button", name="Versand melden").click()
    await expect(page.get_by_role("heading", name="Ware abgeschickt")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_an_order_is_placed_answered_and_shown(front: Front, street: Street, script: bool):
    how = {"java_script_enabled": script}
    requester = await street.signed_in("requester-a", **how)
    reference = f"Amt 10/{uuid4().hex[:8]}"
    order_id = await order(requester, "Kopierpapier 5", reference)
    seller = await street.signed_in("seller-0", **how)
    await answer(seller)

    async def shown() -> str:
        await requester.goto(f"/bestellungen/{order_id}")
        return await requester.inner_text("main")

    def arrived(text: str) -> bool:
        return "hat Ware abgeschickt" in text and "unterwegs" in text

    text = await eventually(shown, arrived, 60)
    assert "zugesagt" in text
    assert f"{promised():%d.%m.%Y}" in text
    assert reference in text


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_what_stands_in_no_catalogue_is_ordered_on_a_quote(
    front: Front, street: Street, script: bool
):
    how = {"java_script_enabled": script}
    requester = await street.signed_in("requester-a", **how)
    reference, quote = f"Amt 52/{uuid4().hex[:8]}", pdf(f"Angebot {uuid4()}")
    await describe(requester, reference, quote)
    await requester.get_by_role("button", name="Verbindlich bestellen").click()
    missing = requester.get_by_role("link", name="Bitte geben Sie die Postleitzahl an.")
    await expect(missing).to_be_visible()
    await requester.get_by_label("Postleitzahl").fill("53879")
    await requester.get_by_role("button", name="Verbindlich bestellen").click()
    await expect(requester.get_by_role("heading", name=reference)).to_be_visible()
    shown = await requester.inner_text("main")
    for words in (
        "Umwälzpumpe",
        "Dichtungssatz",
        "Kostenstelle 57310",
        "Am Bauhof 1",
        "Mo-Do 7-15",
        "Ersatz",
    ):
        assert words in shown
    link = requester.get_by_role("link", name=re.compile("Angebot vom 01.03.2026 zu Umw"))
    document = await requester.request.get(front.site + str(await link.get_attribute("href")))
    assert await document.body() == quote
    seller = await street.signed_in("seller-2", **how)
    await answer(seller)
    sellers_page = await seller.inner_text("main")
    assert "laut Ihrem Angebot vom 01.03.2026" in sellers_page
    assert "Annahmezeiten" in sellers_page
    assert "57310" not in sellers_page
    await requester.goto("/freitext")
    await expect(requester.get_by_label("Straße und Hausnummer")).to_have_value("Am Bauhof 1")


async def describe(page: Page, reference: str, quote: bytes) -> None:
    """Fill in the form of a free-text order, all but the postcode."""
    await page.goto("/freitext")
    await page.get_by_label("Lieferant", exact=True).select_option(label="Lieferant 2 GmbH")
    closed = page.locator("main details:not([open]) > summary")
    while await closed.count():
        await closed.first.click()
    file = {"name": "angebot.pdf", "mimeType": "application/pdf", "buffer": quote}
    await page.get_by_label("Angebot als PDF").set_input_files(file)
    await page.get_by_label("Einheit", exact=True).select_option(label="Stück")
    typed = {
        "Angebot vom": "2026-03-01",
        "Beschreibung": "Umwälzpumpe 20 m³/h",
        "CPV-Nummer": "42122000",
        "Menge": "2",
        "Preis je Einheit": "450,00",
        "Eigene Bestellnummer": reference,
        "Kostenstelle": "57310",
        "Bezeichnung": "Bauhof",
        "Straße und Hausnummer": "Am Bauhof 1",
        "Postleitzahl": "",  # offered from the last order
        "Ort": "Euskirchen",
        "Annahmezeiten": "Mo-Do 7-15 Uhr",
        "Begründung": "Ersatz im Freibad",
    }
    await fill(page.get_by_role("main"), typed)
    await page.get_by_role("button", name="Weitere Position").click()
    second = page.get_by_role("group", name="Position 2")
    await second.get_by_label("Einheit", exact=True).select_option(label="Stück")
    typed = {
        "Beschreibung": "Dichtungssatz DN 40",
        "CPV-Nummer": "44420000",
        "Menge": "4",
        "Preis je Einheit": "1,50",
    }
    await fill(second, typed)


async def fill(part: Locator, typed: dict[str, str]) -> None:
    """Type into the fields with these labels."""
    for label, text in typed.items():
        await part.get_by_label(label, exact=label == "Ort").fill(text)


async def test_an_auditor_reads_the_file_sees_the_seal_and_takes_it_along(
    front: Front, street: Street
):
    order_id = await front.an_order()
    auditor = await street.signed_in("auditor-a")

    async def sealed() -> str:
        await auditor.goto(f"/akten/{order_id}")
        return await auditor.inner_text("main")

    await eventually(sealed, lambda text: "Akte unverändert" in text, 60)
    await auditor.get_by_text("Kette hinter dieser Akte").click()
    await expect(auditor.get_by_role("cell", name="OrderPlaced", exact=True)).to_be_visible()
    async with auditor.expect_download() as started:
        await auditor.get_by_role("link", name="Export zum Nachprüfen").click()
    content = json.loads((await (await started.value).path()).read_text())
    assert len(content["records"]) > 0


async def test_an_operator_sees_every_service(street: Street):
    page = await street.signed_in("operator-1")
    await page.goto("/betrieb")
    services = page.get_by_role("table", name="Dienste", exact=True)
    assert await services.get_by_role("rowheader").count() == 7
    assert await services.get_by_text("bereit", exact=True).count() == 7


async def tab_to(page: Page, role: str, name: str) -> None:
    """Press the tab key until the focus is there, as somebody without a mouse would."""
    wanted = page.get_by_role(role, name=re.compile(name)).first  # type: ignore[arg-type]
    for _ in range(150):
        if await wanted.evaluate("each => each === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by keyboard")


async def test_an_order_can_be_placed_with_the_keyboard_alone(street: Street):
    page = await street.signed_in("requester-b")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    await tab_to(page, "searchbox", "Was brauchen Sie")
    await page.keyboard.type("Warnweste 3")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/suche?**")
    await tab_to(page, "button", "In den Warenkorb.*Warnweste 3$")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/warenkorb")
    await tab_to(page, "button", "Verbindlich bestellen")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/bestellungen/**")
    assert await page.get_by_text("Die Bestellung ist verbindlich beauftragt").is_visible()
