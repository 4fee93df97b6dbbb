"""Whatever is refused stands beside its field, and what was typed is kept."""

import httpx
import pytest

from services.portal.tests import facts, quoting
from services.portal.tests.carting import form_of
from services.portal.tests.facts import API, enter, holds, post
from services.portal.tests.quoting import DOOR, asked
from services.portal.tests.selling import INCOMING, SHARE, seller

OFFER = {"offer-name-2": "Nord", "offer-net-2": "5"}
RELEASE = {"code": "other", "reason": "x"}
AWARD = {"file_reference": "VS-1", "award-quantity-1": "2"}


@pytest.mark.parametrize(
    ("field", "at_field"),
    [
        ("lines[0].quantity", "quantity-3"),
        ("lines[0].unit_price_net", "price-3"),
        ("lines[0].promised_date", "date-3"),
        ("", "lines"),
    ],
)
async def test_a_suppliers_answer_is_refused_at_its_line(visitor, field: str, at_field: str):
    await seller(visitor, "open")
    refusal = {"code": "day_in_the_past", "title": "So nicht", "field": field, "way_out": "Anders."}
    visitor.shelf.answers["POST", f"{INCOMING}/responses"] = (422, refusal)
    typed = {"decision-3": "changed", "quantity-3": "18", "price-3": "12,75"}
    path = f"/auftraege/{SHARE}/antwort"
    answer = await post(visitor, path, **typed)
    assert answer.status_code == 422
    assert f'href="#{at_field}">So nicht. Anders.' in answer.text
    kept = form_of(answer.text, path)
    assert (kept["quantity-3"], kept["price-3"]) == ("18", "12,75")


async def test_a_despatch_is_refused_at_its_line(visitor):
    await seller(visitor, "accepted")
    refusal = {"code": "too_much", "title": "Zu viel", "field": "lines[0].quantity"}
    visitor.shelf.answers["POST", f"{INCOMING}/despatches"] = (422, refusal)
    path = f"/auftraege/{SHARE}/versand"
    answer = await post(visitor, path, **{"sent-3": "25", "despatched_on": "2026-12-01"})
    assert 'href="#sent-3">Zu viel.' in answer.text
    assert form_of(answer.text, path)["sent-3"] == "25"


@pytest.mark.parametrize(
    ("form", "door", "typed", "field", "at_field"),
    [
        ("angebote", "offers", OFFER, "offers[0].quoted_on", "offer-on-2"),
        ("angebote", "offers", OFFER, "offers[0].net_total", "offer-net-2"),
        ("freigabe", "release", RELEASE, "code", "code"),
        ("freigabe", "release", RELEASE, "", "reason"),
        ("ergebnis", "award", AWARD, "lines[0].quantity", "award-quantity-1"),
        ("ergebnis", "award", AWARD, "procedure", "procedure"),
    ],
)
async def test_an_award_office_reads_it_at_the_field(visitor, form, door, typed, field, at_field):
    await enter(visitor, "award_office")
    status = "handed_over" if form == "ergebnis" else "awaiting_offers"
    holds(visitor, facts.order(status=status), facts.beside())
    refusal = {"code": "refused", "title": "So nicht", "field": field}
    visitor.shelf.answers["POST", f"{API}/orders/{facts.ORDER}/{door}"] = (422, refusal)
    path = f"/vergabe/{facts.ORDER}/{form}"
    answer = await post(visitor, path, **typed)
    assert answer.status_code == 422
    assert f'href="#{at_field}">So nicht.' in answer.text
    assert f'id="{at_field}"' in answer.text
    kept = form_of(answer.text, path)
    texts = {name: text for name, text in typed.items() if name not in {"code", "reason"}}
    assert texts.items() <= kept.items()


async def test_a_draft_that_cannot_be_sent_off_says_why_on_its_page(visitor):
    await enter(visitor, "requester")
    draft = facts.order(status="draft", decision=None, lines=[])
    holds(visitor, draft, facts.beside(wanted=[facts.wanted()]))
    refusal = {"code": "article_withdrawn", "title": "Nicht mehr im Sortiment"}
    visitor.shelf.answers["POST", f"{API}/orders/{facts.ORDER}/submission"] = (409, refusal)
    answer = await post(visitor, f"/bestellungen/{facts.ORDER}/einreichung")
    assert answer.status_code == 422
    assert 'href="#entwurf">Nicht mehr im Sortiment.' in answer.text
    assert f'action="/bestellungen/{facts.ORDER}/uebernahme"' in answer.text


async def test_a_cancellation_that_is_refused_keeps_the_reason_chosen(visitor):
    await enter(visitor, "requester")
    holds(visitor, facts.order(), facts.beside())
    refusal = {"code": "nothing_to_cancel", "title": "Schon beantwortet"}
    visitor.shelf.answers["POST", f"{API}/orders/{facts.ORDER}/cancellation"] = (409, refusal)
    path = f"/bestellungen/{facts.ORDER}/stornierung"
    answer = await post(visitor, path, reason="delivery_too_late")
    assert 'href="#reason">Schon beantwortet.' in answer.text
    assert '<option value="delivery_too_late" selected>' in answer.text


@pytest.fixture
async def requester(visitor):
    return await quoting.enter(visitor)


async def test_an_order_in_words_goes_out_once_through_a_slow_answer(requester):
    requester.shelf.failing["POST", f"{DOOR}/orders"] = httpx.ReadTimeout("slow")
    slow = await quoting.send(requester)
    assert slow.status_code == 503
    again = form_of(slow.text, "/freitext")
    assert (again["key"], again["document_sha256"]) == ("k" * 36, quoting.SHA256)
    notice = (await requester.browser.get("/freitext")).text
    assert "Noch nicht bekannt, ob Ihre Bestellung angekommen ist" in notice
    requester.shelf.failing.clear()
    done = await requester.browser.post("/freitext", data=again)
    assert done.headers["location"] == f"/bestellungen/{quoting.ORDER}?neu=1"
    first, second = asked(requester, "/orders")
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.content == second.content
    twice = await requester.browser.post("/freitext", data=again)
    assert twice.headers["location"] == f"/bestellungen/{quoting.ORDER}?neu=1"
    assert len(asked(requester, "/orders")) == 2


async def test_another_order_in_words_waits_for_the_one_before(requester):
    requester.shelf.failing["POST", f"{DOOR}/orders"] = httpx.ReadTimeout("slow")
    await quoting.send(requester)
    requester.shelf.failing.clear()
    arrived = {"carried_out": True, "answer": facts.receipt(order_id=str(quoting.ORDER))}
    requester.shelf.answers["POST", f"{DOOR}/keys/{'k' * 36}/settlement"] = (200, arrived)
    answer = await quoting.send(requester, key="n" * 36, description="Dichtung")
    assert answer.status_code == 200
    assert "Ihre frühere Bestellung war angekommen" in answer.text
    assert 'value="Dichtung"' in answer.text
    assert len(asked(requester, "/orders")) == 1
    done = await quoting.send(requester, key="n" * 36, description="Dichtung")
    assert done.status_code == 303


async def test_the_key_of_a_form_in_words_stays_through_what_is_refused(requester):
    page = await quoting.send(requester, quantity="viele")
    assert form_of(page.text, "/freitext")["key"] == "k" * 36
