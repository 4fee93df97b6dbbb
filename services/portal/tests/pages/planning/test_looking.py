"""The demand as a page: what is asked for it, who sees it, what waits."""

import re
from uuid import UUID

import pytest

KOELN, PROPOSAL, TENDER = (UUID(int=number) for number in (5, 6, 7))
PLANNING = "/api/tender-planning/v1"


async def test_the_overview_asks_for_sums_never_for_cells(team):
    page = await team.browser.get("/planung?von=03/2026&bis=2026-06&teile=suppliers")
    assert page.status_code == 200
    assert page.text.count('<svg viewBox="') == 4
    assert "Papierkontor" in page.text
    asked = [request.url for request in team.shelf.asked]
    assert len(asked) == 6
    assert {url.path for url in asked} & {
        f"{PLANNING}/demand",
        f"{PLANNING}/strongest/articles",
    } == (set())
    months = {(url.params.get("from"), url.params.get("to")) for url in asked}
    assert ("2026-03-01", "2026-06-01") in months


async def test_a_month_that_is_none_is_named_and_the_page_shown(team):
    page = await team.browser.get("/planung?von=Mai")
    assert page.status_code == 422
    assert 'href="#von"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert "60,00 €" in page.text


async def test_a_group_without_prices_says_so(team):
    page = await team.browser.get("/planung?gruppe=mfr:x|9")
    assert page.status_code == 200
    assert "kein Preis bezahlt" in page.text


async def test_a_sheet_is_the_one_of_the_service_with_the_same_months(team):
    team.shelf.answers["GET", f"{PLANNING}/groups/mfr:a|1/prices.csv"] = (200, "x")
    sheet = await team.browser.get("/planung/preise.csv?gruppe=mfr:a|1&von=2026-03")
    assert (sheet.status_code, sheet.content) == (200, b'"x"')
    assert 'filename="bedarf-preise.csv"' in sheet.headers["content-disposition"]
    assert team.shelf.asked[-1].url.params["from"] == "2026-03-01"


async def test_what_waits_stands_on_the_first_page(team):
    page = await team.browser.get("/")
    assert f'href="/planung/vorschlaege/{PROPOSAL}"' in page.text
    assert f'href="/planung/ausschreibungen/{TENDER}"' in page.text
    assert 'href="/planung/ausschreibungen"' in page.text


async def test_the_menu_marks_the_page_one_is_on_and_no_other(team):
    page = await team.browser.get(f"/planung/vorschlaege/{PROPOSAL}")
    menu = page.text.split('aria-label="Hauptmenü"')[1].split("</nav>")[0]
    marked = re.findall(r'href="([^"]+)" aria-current="page"', menu)
    assert marked == ["/planung/vorschlaege"]


@pytest.mark.parametrize(
    "path", ["/planung", "/planung/vorschlaege", "/planung/ausschreibungen", "/planung/monate.csv"]
)
async def test_an_auditor_of_a_member_does_not_see_the_demand_of_all(visitor, path):
    await visitor.person("auditor-1", ("auditor", KOELN))
    await visitor.sign_in("auditor-1")
    assert (await visitor.browser.get(path)).status_code == 403
    assert visitor.shelf.asked == []
