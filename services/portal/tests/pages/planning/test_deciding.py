"""Proposals and tenders as pages: reasons, evidence, decisions, results, refusals."""

import re
from uuid import UUID

import pytest

from .conftest import PROPOSED

KOELN, PROPOSAL, TENDER, SUPPLIER = (UUID(int=number) for number in (5, 6, 7, 9))
PLANNING = "/api/tender-planning/v1"


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
    form = {**await team.proof(), "decision": "accepted", "reason": "Drei kaufen dasselbe"}
    answer = await team.browser.post(f"/planung/vorschlaege/{PROPOSAL}/entscheidung", data=form)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/planung/ausschreibungen/{TENDER}",
    )


async def test_a_refused_decision_keeps_what_was_typed(team):
    decision = ("POST", f"{PLANNING}/proposals/{PROPOSAL}/decision")
    refusal = {"title": "Eine Angabe ist ungültig", "detail": "Zu kurz.", "field": "reason"}
    team.shelf.answers[decision] = (422, refusal)
    form = {**await team.proof(), "decision": "rejected", "reason": "nö"}
    answer = await team.browser.post(f"/planung/vorschlaege/{PROPOSAL}/entscheidung", data=form)
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert 'value="nö"' in answer.text
    assert re.search(r'value="rejected" checked', answer.text)


async def test_evidence_is_paged_by_line(team):
    page = await team.browser.get(f"/planung/vorschlaege/{PROPOSAL}/bestellungen?gruppe=mfr:a|1")
    assert page.status_code == 200
    asked = next(
        request.url for request in team.shelf.asked if request.url.path.endswith("/orders")
    )
    assert asked.params["group"] == "mfr:a|1"


async def test_a_result_is_of_the_day_it_is_in_business(team):
    path = f"/planung/ausschreibungen/{TENDER}/zuschlag"
    late = {"Business-Time": "2031-05-03T22:30:00+00:00"}
    page = await team.browser.get(path, headers=late)
    assert page.text.count('value="2031-05-04"') == 2


@pytest.mark.parametrize(
    ("field", "at_field"),
    [
        ("lots[0].positions[0].quantity", "quantity-1-1"),
        ("lots[0].positions[0].unit_price_net", "price-1-1"),
        ("lots[0].positions[0].comparable_group", "price-1-1"),
        ("lots[0].positions[0].order_unit", "price-1-1"),
        ("lots[0].ceiling_value_net", "value-1"),
        ("lots[0].ceiling_quantity", "amount-1"),
        ("lots[0].supplier_id", "supplier-1"),
        ("lots[0].positions", "supplier-1"),
        ("entitled[0].entitled_from", "starts_on"),
        ("entitled[0].member_id", "entitled"),
        ("ends_on", "ends_on"),
        ("binding", "binding"),
        ("lots", "lots"),
        ("lots[7].supplier_id", "lots"),
        ("", "lots"),
    ],
)
async def test_a_result_is_refused_where_it_was_typed_and_all_of_it_is_kept(team, field, at_field):
    refusal = {"code": "award_invalid", "title": "So nicht", "field": field}
    team.shelf.answers["POST", f"{PLANNING}/tenders/{TENDER}/award"] = (422, refusal)
    form = {
        **await team.proof(),
        "awarded_on": "2026-06-15",
        "starts_on": "2026-07-01",
        "ends_on": "2030-06-30",
        "binding": "open",
        f"member-{KOELN}": "1",
        "supplier-1": str(SUPPLIER),
        "value-1": "50.000",
        "amount-1": "240",
        "price-1-1": "2,80",
        "quantity-1-1": "240",
    }
    answer = await team.browser.post(f"/planung/ausschreibungen/{TENDER}/zuschlag", data=form)
    assert answer.status_code == 422
    assert f'href="#{at_field}">So nicht.' in answer.text
    assert re.search(
        rf'id="{at_field}-fehler"><span[^>]*></span><span[^>]*>So nicht\.', answer.text
    )
    for typed in ("2026-06-15", "2030-06-30", "50.000", "2,80"):
        assert f'value="{typed}"' in answer.text
    assert answer.text.count('value="240"') == 2
    assert '<option value="open" selected>' in answer.text
    assert f'name="member-{KOELN}" value="1" checked' in answer.text


async def test_a_result_goes_to_the_service_as_typed(team):
    award = f"{PLANNING}/tenders/{TENDER}/award"
    team.shelf.answers["POST", award] = (200, {})
    form = {
        **await team.proof(),
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
    form = {**await team.proof(), "reason": "Kein Angebot"}
    path = f"/planung/ausschreibungen/{TENDER}/aufhebung"
    refused = await team.browser.post(path, data=form)
    assert refused.status_code == 422
    assert "schon abgeschlossen" in refused.text
    team.shelf.answers["POST", cancellation] = (200, {})
    assert (await team.browser.post(path, data=form)).status_code == 303


async def test_the_office_looks_on_and_decides_nothing_here(team):
    await team.person("office-1", ("office", None))
    await team.sign_in("office-1")
    page = await team.browser.get(f"/planung/vorschlaege/{PROPOSAL}")
    assert page.status_code == 200
    assert "/entscheidung" not in page.text
    form = {**await team.proof(), "decision": "accepted", "reason": "Drei kaufen dasselbe"}
    path = f"/planung/vorschlaege/{PROPOSAL}/entscheidung"
    assert (await team.browser.post(path, data=form)).status_code == 403
    assert (
        await team.browser.get(f"/planung/ausschreibungen/{TENDER}/zuschlag")
    ).status_code == 403
