"""Pages of framework agreements: what members see, what the office decides."""

from typing import Any
from uuid import UUID

import pytest

from portal.domain import keys
from services.portal.tests.paging import by_row, read_to_its_end

KOELN, AGREEMENT, SUPPLIER = UUID(int=5), UUID(int=8), UUID(int=9)
AGREEMENTS = "/api/orders/v1/agreements"
ONE = f"{AGREEMENTS}/{AGREEMENT}"
LOT = {
    "lot_no": 1,
    "title": "Papier",
    "supplier_id": str(SUPPLIER),
    "positions": [
        {
            "position_no": 1,
            "comparable_group": "mfr:a|1",
            "article_id": None,
            "description": "Papier A4",
            "order_unit": "XPK",
            "unit_price_net": "2.8000",
        }
    ],
    "ceilings": [{"member_id": None, "value_net": "50000.00", "quantity": None}],
}
EXHAUSTED = {
    "lot_no": 1,
    "member_id": None,
    "limit_value_net": "50000.00",
    "used_value_net": "12500.00",
    "limit_quantity": None,
    "used_quantity": "0",
}
CHANGE = {
    "change_no": 1,
    "effective_on": "2026-08-01",
    "basis": "Preisgleitklausel Nr. 7",
    "content": {"kind": "price", "lot_no": 1, "position_no": 1, "unit_price_net": "2.9500"},
    "proposed_by": str(UUID(int=1)),
    "approved_by": None,
    "applied": False,
}
AGREED: dict[str, Any] = {
    "agreement_id": str(AGREEMENT),
    "tender_id": None,
    "number": "RV-2026-1",
    "title": "Papier <i>2026</i>",
    "binding": "exclusive",
    "status": "in_force",
    "starts_on": "2026-07-01",
    "ends_on": "2030-06-30",
    "version": 1,
    "drafted_by": str(UUID(int=2)),
    "exhaustion": [EXHAUSTED],
    "later_members": "",
    "entitled": [{"member_id": str(KOELN), "entitled_from": "2026-07-01", "entitled_to": None}],
    "lots": [LOT],
    "changes": [CHANGE],
}
AGREED["entitled"][0]["basis"] = ""


@pytest.fixture
async def office(visitor):
    """Somebody of the office, signed in; one agreement with a change that waits."""
    await visitor.person("office-1", ("office", None))
    await visitor.sign_in("office-1")
    visitor.shelf.answers["GET", AGREEMENTS] = (200, [AGREED])
    visitor.shelf.answers["GET", ONE] = (200, AGREED)
    return visitor


@pytest.fixture
async def requester(visitor):
    await visitor.person("person-1", ("requester", KOELN))
    await visitor.sign_in("person-1")
    own = AGREED | {"entitled_from": "2026-07-01", "entitled_to": None}
    for name in ("entitled", "changes", "later_members"):
        del own[name]
    visitor.shelf.answers["GET", "/api/orders/v1/member-agreements"] = (200, [own])
    return visitor


async def test_an_agreement_shows_how_far_it_is_taken_and_what_waits(office):
    listed = await office.browser.get("/vereinbarungen")
    assert "25,0 %" in listed.text
    page = await office.browser.get(f"/vereinbarungen/{AGREEMENT}")
    assert page.status_code == 200
    assert "Los 1, Position 1: 2,95 € netto." in page.text
    assert "zu genehmigen" in page.text
    assert "<i>2026" not in page.text
    assert "12.500,00 €" in page.text


async def test_what_waits_stands_on_the_first_page(office):
    page = await office.browser.get("/")
    assert "eine Änderung ist zu genehmigen" in page.text
    assert office.shelf.asked[-1].url.params["undecided"] == "true"


@pytest.mark.parametrize(
    ("form", "step"),
    [
        ("bestaetigung", "confirmation"),
        ("ende", "end"),
        ("aenderungen/1/genehmigung", "changes/1/approval"),
    ],
)
async def test_the_office_decides_and_reads_why_not(office, form, step):
    proof, path = {**await office.proof()}, f"/vereinbarungen/{AGREEMENT}/{form}"
    refusal = {"title": "Das muss eine zweite Person entscheiden", "code": "four_eyes"}
    office.shelf.answers["POST", f"{ONE}/{step}"] = (409, refusal)
    refused = await office.browser.post(path, data=proof)
    assert refused.status_code == 422
    assert "zweite Person" in refused.text
    office.shelf.answers["POST", f"{ONE}/{step}"] = (200, AGREED)
    assert (await office.browser.post(path, data=proof)).status_code == 303


@pytest.mark.parametrize("kind", ["mitglied", "preis", "obergrenze", "laufzeit", "nachfolger"])
async def test_a_change_has_a_form_that_loses_nothing(office, kind):
    path = f"/vereinbarungen/{AGREEMENT}/aenderung/{kind}"
    assert (await office.browser.get(path)).status_code == 200
    form = {**await office.proof(), "basis": "Klausel 7", "effective_on": "morgen"}
    wrong = await office.browser.post(path, data=form)
    assert wrong.status_code == 422
    assert 'href="#effective_on"' in wrong.text
    assert 'value="Klausel 7"' in wrong.text


@pytest.mark.parametrize(
    ("kind", "field", "at_field"),
    [
        ("preis", "content.position_no", "position"),
        ("preis", "content.unit_price_net", "unit_price_net"),
        ("nachfolger", "content.article_id", "article"),
        ("obergrenze", "content.ceiling", "value_net"),
        ("obergrenze", "content.lot_no", "lot_no"),
        ("laufzeit", "effective_on", "effective_on"),
        ("laufzeit", "", "content"),
    ],
)
async def test_a_change_is_refused_where_it_was_typed(office, kind, field, at_field):
    refusal = {"code": "position_unknown", "title": "So nicht", "field": field}
    office.shelf.answers["POST", f"{ONE}/changes"] = (422, refusal)
    form = {**await office.proof(), "basis": "Klausel 7", "effective_on": "2026-08-01"}
    form |= {"position": "1/1", "unit_price_net": "2,95", "lot_no": "1", "value_net": "5"}
    form |= {"article": str(UUID(int=7)), "ends_on": "2030-01-01"}
    if kind != "obergrenze":
        del form["lot_no"], form["value_net"]
    page = await office.browser.post(f"/vereinbarungen/{AGREEMENT}/aenderung/{kind}", data=form)
    assert page.status_code == 422
    assert f'href="#{at_field}">So nicht.' in page.text


async def test_a_change_starts_on_the_day_it_is_in_business(office):
    path = f"/vereinbarungen/{AGREEMENT}/aenderung/mitglied"
    late = {"Business-Time": "2031-05-03T22:30:00+00:00"}
    page = await office.browser.get(path, headers=late)
    assert page.text.count('value="2031-05-04"') == 2
    asked = office.shelf.asked[-1].headers["business-time"]
    assert asked == "2031-05-03T22:30:00+00:00"


async def test_a_proposed_change_goes_to_the_service_once(office):
    office.shelf.answers["POST", f"{ONE}/changes"] = (201, CHANGE)
    form = {**await office.proof(), "basis": "Klausel 7", "effective_on": "2026-08-01"}
    form |= {"position": "1/1", "unit_price_net": "2,95"}
    path = f"/vereinbarungen/{AGREEMENT}/aenderung/preis"
    assert (await office.browser.post(path, data=form)).status_code == 303
    sent = office.shelf.asked[-1]
    assert sent.headers["idempotency-key"] == keys.at_door(
        "k" * 36, f"/agreements/{AGREEMENT}/changes"
    )
    assert b'"unit_price_net":"2.95"' in sent.content.replace(b": ", b":")


async def test_a_member_sees_what_it_may_call_off_from(requester):
    listed = await requester.browser.get("/vereinbarungen")
    assert "RV-2026-1" in listed.text
    page = await requester.browser.get(f"/vereinbarungen/{AGREEMENT}")
    assert page.status_code == 200
    assert "Papier A4" in page.text
    assert "/ende" not in page.text
    asked = {request.url.path for request in requester.shelf.asked}
    assert asked == {"/api/orders/v1/member-agreements"}


async def test_a_member_does_not_see_or_change_others(requester):
    other = UUID(int=77)
    assert (await requester.browser.get(f"/vereinbarungen/{other}")).status_code == 404
    proof = {**await requester.proof()}
    path = f"/vereinbarungen/{AGREEMENT}/ende"
    assert (await requester.browser.post(path, data=proof)).status_code == 403
    form = f"/vereinbarungen/{AGREEMENT}/aenderung/preis"
    assert (await requester.browser.get(form)).status_code == 403


async def test_agreements_are_read_to_the_last(office):
    rows = [AGREED | {"agreement_id": str(UUID(int=number))} for number in range(1, 52)]
    by_row(office, AGREEMENTS, rows, "agreement_id")
    addresses, pages = await read_to_its_end(office, "/vereinbarungen")
    assert addresses == ["/vereinbarungen", f"/vereinbarungen?nach={UUID(int=50)}"]
    assert [page.count('href="/vereinbarungen/') for page in pages] == [50, 1]


async def test_who_neither_buys_nor_oversees_sees_no_agreements(visitor):
    await visitor.person("finance-1", ("finance", KOELN))
    await visitor.sign_in("finance-1")
    answer = await visitor.browser.get("/vereinbarungen")
    assert answer.status_code == 403
    assert "Diese Seite gehört nicht zu Ihren Aufgaben." in answer.text
    assert visitor.shelf.asked == []
