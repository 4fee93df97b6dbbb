"""Planning pages over services in memory: what they ask, what they show, what they refuse."""

import re
from typing import Any
from uuid import UUID

import pytest

KOELN, PROPOSAL, TENDER, AGREEMENT = (UUID(int=number) for number in (5, 6, 7, 8))
SUPPLIER = UUID(int=9)
PLANNING, ORDERS = "/api/tender-planning/v1", "/api/orders/v1"
EVIDENCE = {
    "first_month": "2025-01-01",
    "last_month": "2026-12-01",
    "members": 3,
    "suppliers": 2,
    "months": 6,
    "lines": 72,
    "demand_net": "21924.00",
    "score": "61.5",
}
CRITERIA = [
    {"code": code, "share": "0.5", "points": "12.5", "text": f"Grund {code}."}
    for code in ("members", "regularity", "value", "suppliers", "price_spread")
]
CAUTION = {"code": "crisis", "factor": "0.5", "text": "Ein Anlass."}
PROPOSED: dict[str, Any] = EVIDENCE | {
    "proposal_id": str(PROPOSAL),
    "rank": 1,
    "cpv_class": "30190000",
    "title": "Kernsortiment 30190000: <b>Papier</b>",
    "status": "proposed",
    "groups": 1,
    "months_total": 24,
    "reason": "",
    "returned": "Seit der Ablehnung gewachsen.",
    "decision": {
        "decision": "rejected",
        "reason": "Zu klein",
        "decided_on": "2026-02-01",
        "evidence": EVIDENCE,
    },
    "tender_id": None,
    "assessed_at": "2026-11-26T10:00:00Z",
    "criteria": CRITERIA,
    "cautions": [CAUTION],
    "class_net": "30000.00",
    "core": [
        {
            "comparable_group": "mfr:a|1",
            "name": "Papier",
            "members": 3,
            "months": 6,
            "suppliers": 2,
            "demand_net": "21924.00",
            "prices": None,
        }
    ],
    "by_member": [{"id": str(KOELN), "name": "Stadt Köln", "demand_net": "21924.00"}],
    "by_supplier": [{"id": str(SUPPLIER), "name": "", "demand_net": "21924.00"}],
    "by_month": [{"month": "2026-01-01", "demand_net": "21924.00"}],
}
POSITION = {
    "position_no": 1,
    "comparable_group": "mfr:a|1",
    "description": "Papier",
    "order_unit": "C62",
    "quantity": "60.000",
    "quantity_low": "48.000",
    "quantity_high": "72.000",
}
TENDERED: dict[str, Any] = {
    "tender_id": str(TENDER),
    "proposal_id": str(PROPOSAL),
    "title": "Kernsortiment 30190000: Papier",
    "status": "open",
    "opened_on": "2026-06-01",
    "comparable_groups": ["mfr:a|1"],
    "members": [str(KOELN)],
    "evidence": EVIDENCE,
    "lots": [{"lot_no": 1, "title": "Los 1", "positions": [POSITION]}],
    "award": None,
    "agreement": None,
}
PRICED = {
    "lowest": "2.50",
    "quartile_1": "2.60",
    "median": "2.70",
    "quartile_3": "2.80",
    "highest": "2.90",
    "order_unit": "C62",
    "lines": 4,
    "suppliers": 2,
    "last_month": "2026-05-01",
}


@pytest.fixture
async def team(visitor):
    """Somebody of the procurement team, signed in, with a market to look at."""
    await visitor.person("procurement-1", ("procurement", None))
    await visitor.sign_in("procurement-1")
    cell = {"member_id": str(KOELN), "member_name": "Stadt Köln", "cpv_class": "30190000"}
    heat = {"members": [str(KOELN)], "classes": ["30190000"], "shown_net": "60.00"}
    part = {"rank": 1, "key": "mfr:a|1", "name": "Papier", "demand_net": "60.00"}
    month = {"month": "2026-05-01", "demand_net": "60.00", "free_net": "50.00"}
    answers = {
        "/demand/months": [month | {"called_off_net": "10.00"}],
        "/demand/heat-map": heat
        | {"total_net": "60.00", "cells": [cell | {"demand_net": "60.00"}]},
        "/demand/pareto": [part | {"share": "1.0000", "running_share": "1.0000"}],
        "/groups/mfr:a|1/prices": [
            PRICED | {"supplier_id": None, "supplier_name": ""},
            PRICED | {"supplier_id": str(SUPPLIER), "supplier_name": "Papierkontor"},
        ],
        "/proposals": [PROPOSED],
        f"/proposals/{PROPOSAL}": PROPOSED,
        f"/proposals/{PROPOSAL}/orders": [],
        "/tenders": [TENDERED],
        f"/tenders/{TENDER}": TENDERED,
        f"/tenders/{TENDER}/moved": [],
    }
    for path, answer in answers.items():
        visitor.shelf.answers["GET", PLANNING + path] = (200, answer)
    return visitor


async def test_the_overview_asks_for_sums_never_for_cells(team):
    page = await team.browser.get("/planung?von=03/2026&bis=2026-06&teile=suppliers")
    assert page.status_code == 200
    assert page.text.count('<svg viewBox="') == 4
    assert "Papierkontor" in page.text
    asked = [each.url for each in team.shelf.asked]
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


async def test_a_proposal_says_why_and_what_was_decided(team):
    for path in ("/planung/vorschlaege", f"/planung/vorschlaege/{PROPOSAL}"):
        page = await team.browser.get(path)
        assert page.status_code == 200
        assert "Ein Anlass." in page.text
        assert "Grund price_spread." in page.text
        assert "Zu klein" in page.text
        assert "Seit der Ablehnung gewachsen." in page.text
        assert "<b>Papier" not in page.text


async def test_an_accepted_proposal_leads_to_its_tender(team):
    decision = ("POST", f"{PLANNING}/proposals/{PROPOSAL}/decision")
    team.shelf.answers[decision] = (200, PROPOSED | {"tender_id": str(TENDER)})
    form = {"csrf": await team.csrf(), "decision": "accepted", "reason": "Drei kaufen dasselbe"}
    answer = await team.browser.post(f"/planung/vorschlaege/{PROPOSAL}/entscheidung", data=form)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/planung/ausschreibungen/{TENDER}",
    )


async def test_a_refused_decision_keeps_what_was_typed(team):
    decision = ("POST", f"{PLANNING}/proposals/{PROPOSAL}/decision")
    refusal = {"title": "Eine Angabe ist ungültig", "detail": "Zu kurz.", "field": "reason"}
    team.shelf.answers[decision] = (422, refusal)
    form = {"csrf": await team.csrf(), "decision": "rejected", "reason": "nö"}
    answer = await team.browser.post(f"/planung/vorschlaege/{PROPOSAL}/entscheidung", data=form)
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert 'value="nö"' in answer.text
    assert re.search(r'value="rejected" checked', answer.text)


async def test_evidence_is_paged_by_line(team):
    page = await team.browser.get(f"/planung/vorschlaege/{PROPOSAL}/bestellungen?gruppe=mfr:a|1")
    assert page.status_code == 200
    asked = next(each.url for each in team.shelf.asked if each.url.path.endswith("/orders"))
    assert asked.params["group"] == "mfr:a|1"


async def test_a_result_goes_to_the_service_as_typed(team):
    award = f"{PLANNING}/tenders/{TENDER}/award"
    team.shelf.answers["POST", award] = (200, TENDERED)
    form = {
        "csrf": await team.csrf(),
        "awarded_on": "2026-06-15",
        "starts_on": "2026-07-01",
        "ends_on": "2030-06-30",
        "binding": "open",
        f"member-{KOELN}": "1",
        "supplier-1": str(SUPPLIER),
        "value-1": "50.000",
        "price-1-1": "2,80",
        "quantity-1-1": "240",
    }
    path = f"/planung/ausschreibungen/{TENDER}/zuschlag"
    wrong = await team.browser.post(path, data=form | {"price-1-1": "billig"})
    assert wrong.status_code == 422
    assert 'href="#price-1-1"' in wrong.text
    assert 'value="billig"' in wrong.text
    answer = await team.browser.post(path, data=form)
    assert answer.status_code == 303
    sent = team.shelf.asked[-1]
    assert (sent.method, sent.url.path) == ("POST", award)
    assert b'"ceiling_value_net":"50000"' in sent.content.replace(b": ", b":")


async def test_a_tender_is_cancelled_with_a_reason(team):
    cancellation = f"{PLANNING}/tenders/{TENDER}/cancellation"
    closed = {"title": "Diese Vergabe ist schon abgeschlossen", "code": "tender_closed"}
    team.shelf.answers["POST", cancellation] = (409, closed)
    form = {"csrf": await team.csrf(), "reason": "Kein Angebot"}
    path = f"/planung/ausschreibungen/{TENDER}/aufhebung"
    refused = await team.browser.post(path, data=form)
    assert refused.status_code == 422
    assert "schon abgeschlossen" in refused.text
    team.shelf.answers["POST", cancellation] = (200, TENDERED)
    assert (await team.browser.post(path, data=form)).status_code == 303


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


async def test_the_office_looks_on_and_decides_nothing_here(team):
    await team.person("office-1", ("office", None))
    await team.sign_in("office-1")
    page = await team.browser.get(f"/planung/vorschlaege/{PROPOSAL}")
    assert page.status_code == 200
    assert "/entscheidung" not in page.text
    form = {"csrf": await team.csrf(), "decision": "accepted", "reason": "Drei kaufen dasselbe"}
    path = f"/planung/vorschlaege/{PROPOSAL}/entscheidung"
    assert (await team.browser.post(path, data=form)).status_code == 403
    assert (
        await team.browser.get(f"/planung/ausschreibungen/{TENDER}/zuschlag")
    ).status_code == 403
