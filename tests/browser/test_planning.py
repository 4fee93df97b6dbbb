"""The loop of the product in the browser: demand, proposal, tender, award, framework agreement."""

import re
from datetime import date
from typing import get_args

import pytest
from playwright.async_api import Page, expect

from portal.pages.forms.changes import Kind
from tests.browser.axe import violations
from tests.browser.people import Street
from tests.front import Front
from tests.running import eventually


async def test_procurement_sees_demand_as_plots_tables_and_sheets(front: Front, street: Street):
    await front.page_ids()
    page = await street.signed_in("procurement-1")

    async def counted() -> int:
        await page.goto("/planung")
        return await page.locator("svg.plot").count()

    await eventually(counted, lambda plots: plots == 4, 60)
    assert await page.get_by_role("heading", name="Preisspanne").is_visible()
    heads = {"monate": "Monat", "mitglieder": "Mitglied", "pareto": "Rang", "preise": "Lieferant"}
    for sheet, head in heads.items():
        way = page.locator(f"a[href^='/planung/{sheet}.csv']")
        answer = await page.request.get(await way.get_attribute("href") or "")
        assert (await answer.body()).decode("utf-8-sig").startswith(head)
    await page.get_by_label("Ab Monat").fill("Mai")
    await page.get_by_role("button", name="Anzeigen").click()
    await expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#von")


async def accept(page: Page, cpv_class: str) -> None:
    """From the first page to the proposal, its evidence, and the decision; a reason is missed."""
    title = re.compile(f"Kernsortiment {cpv_class}")
    await page.get_by_role("link", name=title).click()
    await page.get_by_role("link", name="18 Bestellpositionen").click()
    assert await page.locator("tbody tr").count() == 18
    await page.get_by_role("link", name=title).click()
    await page.get_by_role("radio", name="annehmen").check()
    await page.get_by_role("button", name="Entscheidung festhalten").click()
    await expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#reason")
    await page.get_by_label("Begründung").fill("Drei Mitglieder kaufen dasselbe")
    await page.get_by_role("button", name="Entscheidung festhalten").click()
    await page.wait_for_url("**/planung/ausschreibungen/*")


async def award(page: Page, supplier: str) -> None:
    """Enter what came out of the procedure, once without prices; wait for the draft."""
    await page.get_by_role("link", name="Zuschlag eintragen").click()
    await page.get_by_label("Letzter Tag").fill(f"{date.today().year + 4}-12-31")  # noqa: DTZ011
    await page.get_by_label("Verbindlichkeit").select_option("open")
    await page.get_by_label("Zuschlag an").select_option(label=supplier)
    await page.get_by_label("Höchstwert netto in Euro").fill("50.000")
    await page.get_by_role("button", name="Zuschlag festhalten").click()
    await expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute(
        "href", "#price-1-1"
    )
    await page.get_by_label("Preis netto").first.fill("11,90")
    await page.get_by_label("Menge", exact=True).first.fill("1.440")
    await page.get_by_role("button", name="Zuschlag festhalten").click()
    await expect(page.get_by_role("heading", name="Zuschlag vom")).to_be_visible()

    async def drafted() -> int:
        await page.reload()
        return await page.get_by_role("link", name=re.compile("^RV-")).count()

    await eventually(drafted, lambda links: links == 1, 60)


async def propose_price(page: Page) -> None:
    """Ask for another price from today on."""
    await page.get_by_role("link", name="Preis ändern").click()
    await page.get_by_label("Neuer Preis netto").fill("12,10")
    await page.get_by_label("Grundlage").fill("Preisgleitklausel Nr. 7")
    await page.get_by_role("button", name="Änderung vorschlagen").click()
    await expect(page.get_by_text("zu genehmigen")).to_be_visible()


@pytest.mark.parametrize(
    ("script", "cpv"), [(True, "18141000"), (False, "22612000")], ids=["script", "no script"]
)
async def test_demand_becomes_an_agreement(front: Front, street: Street, script: bool, cpv: str):
    await front.assortments.proposed(cpv)
    how = {"java_script_enabled": script}
    team = await street.signed_in("procurement-1", **how)
    cpv_class = f"{cpv[:4]}0000"
    await accept(team, cpv_class)
    await award(team, f"Fachhandel {cpv}")
    office = await street.signed_in("office-2", **how)
    await office.get_by_role("link", name=re.compile(f"Kernsortiment {cpv_class}")).click()
    await office.get_by_role("button", name="Rahmenvertrag bestätigen").click()
    await expect(office.get_by_text("in Kraft")).to_be_visible()
    await propose_price(office)
    await office.get_by_role("button", name="Genehmigen").click()
    await expect(office.get_by_role("alert")).to_contain_text("zweite Person")
    other = await street.signed_in("office-1", **how)
    await other.get_by_role("link", name=re.compile(f"Kernsortiment {cpv_class}")).click()
    await other.get_by_role("button", name="Genehmigen").click()
    await expect(other.get_by_role("cell", name="12,10 €")).to_be_visible()
    member = await street.signed_in("requester-c", **how)
    await member.goto("/vereinbarungen")
    await member.get_by_role("link", name=re.compile(f"Kernsortiment {cpv_class}")).click()
    await expect(member.get_by_role("cell", name="12,10 €")).to_be_visible()


async def test_every_form_of_a_change_has_no_violation(front: Front, street: Street):
    agreement_id = (await front.page_ids())["agreement_id"]
    page = await street.signed_in("office-1")
    wrong = []
    for kind in get_args(Kind):
        await page.goto(f"/vereinbarungen/{agreement_id}/aenderung/{kind}")
        wrong += await violations(page)
        await page.get_by_role("button", name="Änderung vorschlagen").click()
        assert await page.get_by_role("alert").is_visible()
        wrong += await violations(page)
    assert wrong == []
