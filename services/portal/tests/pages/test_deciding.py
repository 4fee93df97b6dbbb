"""Deciding on orders: an approver's page, the cart's hints, the way back of an order sent back."""

from uuid import UUID

import pytest

from services.portal.tests import facts
from services.portal.tests.carting import fill, order
from services.portal.tests.facts import API, KOELN, enter, holds, post, sent_body
from services.portal.tests.paging import by_row, read_to_its_end


async def test_one_page_holds_all_facts_to_decide_on(visitor):
    await enter(visitor, "approver")
    page = await visitor.browser.get(f"/freigaben/{facts.ORDER}")
    for fact in (
        "Schulamt",
        "Liefertermin",
        "Schulanfang",
        "Bürowelt: 250,00 € netto",
        "20 Packung",
        "12,50 €",
        "1 Position<",
        "Direktauftrag",
        "4.000,00 €",
        "12 Monate zurück",
        "5.000,00 €",
        "ja, das ist vorgeschrieben",
        "Satzung § 4, Satzung",
        "Vergaberegeln Stand 3, Auswertung 1",
        "Über 100,00 EUR ist eine Genehmigung nötig.",
        facts.SEEN,
    ):
        assert fact in page.text, fact


async def test_one_click_approves_what_was_seen(visitor):
    await enter(visitor, "approver")
    door = f"/orders/{facts.ORDER}/approval"
    visitor.shelf.answers["POST", API + door] = (201, {"status": "placed"})
    fields = {"verdict": "approve", "content_sha256": facts.SEEN, "comment": ""}
    answer = await post(visitor, f"/freigaben/{facts.ORDER}/entscheidung", **fields)
    assert answer.headers["location"] == f"/freigaben/{facts.ORDER}?entschieden=1"
    assert sent_body(visitor, door) == fields


@pytest.mark.parametrize("verdict", ["refuse", "send_back"])
async def test_turning_down_needs_a_reason_and_keeps_it_on_one_line(visitor, verdict: str):
    await enter(visitor, "approver")
    door = f"/orders/{facts.ORDER}/approval"
    fields = {"verdict": verdict, "content_sha256": facts.SEEN}
    silent = await post(visitor, f"/freigaben/{facts.ORDER}/entscheidung", **fields, comment=" ")
    assert silent.status_code == 422
    assert 'href="#comment"' in silent.text
    visitor.shelf.answers["POST", API + door] = (201, {})
    comment = "Bitte nur\r\ndie Hälfte"
    answer = await post(
        visitor, f"/freigaben/{facts.ORDER}/entscheidung", **fields, comment=comment
    )
    assert answer.status_code == 303
    assert sent_body(visitor, door)["comment"] == "Bitte nur die Hälfte"


async def test_a_refusal_keeps_the_comment_and_shows_what_is_now(visitor):
    await enter(visitor, "approver")
    refusal = {"code": "content_changed", "title": "Die Bestellung hat sich geändert"}
    visitor.shelf.answers["POST", f"{API}/orders/{facts.ORDER}/approval"] = (409, refusal)
    fields = {"verdict": "approve", "content_sha256": "0" * 64, "comment": "Eilt"}
    answer = await post(visitor, f"/freigaben/{facts.ORDER}/entscheidung", **fields)
    assert answer.status_code == 422
    assert "Die Bestellung hat sich geändert." in answer.text
    assert ">Eilt</textarea>" in answer.text
    assert facts.SEEN in answer.text


async def test_the_own_order_has_no_buttons_and_a_call_off_cannot_go_back(visitor):
    await enter(visitor, "approver")
    call_off = facts.order(order_kind="call_off")
    holds(visitor, call_off, facts.beside())
    page = (await visitor.browser.get(f"/freigaben/{facts.ORDER}")).text
    assert ('value="approve"' in page, 'value="send_back"' in page) == (True, False)
    own = str(UUID(int=sum(b"person-1")))
    holds(visitor, facts.order(), facts.beside(requester_id=own))
    page = (await visitor.browser.get(f"/freigaben/{facts.ORDER}")).text
    assert "Das ist Ihre eigene Bestellung" in page
    assert 'value="approve"' not in page


async def test_the_link_in_a_mail_leads_there_after_signing_in(visitor):
    await visitor.person("person-1", ("approver", KOELN))
    holds(visitor, facts.order(), facts.beside())
    sent = await visitor.browser.get(f"/freigaben/{facts.ORDER}")
    way_in = await visitor.browser.get(sent.headers["location"])
    back = visitor.issuer.authorize(way_in.headers["location"], "person-1")
    answer = await visitor.browser.get("/anmeldung/rueckkehr", params=back)
    assert answer.headers["location"] == f"/freigaben/{facts.ORDER}"


async def test_start_pages_count_what_waits(visitor):
    await enter(visitor, "approver", "award_office", "requester")
    waiting = {"submitted": 1, "awaiting_offers": 2, "handed_over": 3, "draft": 1}
    visitor.shelf.answers["GET", f"{API}/waiting"] = (200, waiting)
    visitor.shelf.answers["GET", f"{API}/approvals"] = (200, [facts.waiting_approval()])
    visitor.shelf.answers["GET", f"{API}/orders"] = (200, [facts.order()])
    page = (await visitor.browser.get("/")).text
    for title in (
        "Zur Freigabe (1)",
        "Für die Vergabestelle (5)",
        "Zurückgegeben oder Entwurf (1)",
    ):
        assert f">{title}</h2>" in page
    assert f'href="/freigaben/{facts.ORDER}"' in page
    assert f'href="/vergabe/{facts.ORDER}"' in page
    assert "1 Bestellung wartet auf" in (await visitor.browser.get("/freigaben")).text
    assert "3 Bestellungen sind zur" in (await visitor.browser.get("/vergabe")).text


async def test_the_cart_says_what_an_order_would_go_through(visitor):
    await enter(visitor, "requester")
    hint = {"agreement_id": facts.DRAFT, "number": "RV-7", "binding": "open", "entitled": True}
    agreement = {**hint, "exhausted": False, "comparable_group": "gtin:1"}
    beside = facts.decision(
        outcome="refused", refusal="reason_missing", inputs={"agreements": [agreement]}
    )
    await fill(visitor)
    visitor.shelf.answers["POST", f"{API}/route-checks"] = (200, beside)
    page = (await visitor.browser.get("/warenkorb")).text
    assert "So lässt sich das nicht bestellen." in page
    assert "Nr. RV-7</a>: Abruf möglich" in page
    assert "4.000,00 € netto" in page
    visitor.shelf.answers["POST", f"{API}/orders"] = (201, facts.receipt())
    await order(visitor, reason_beside_agreement="Liefertermin")
    assert sent_body(visitor, "/orders")["reason_beside_agreement"] == "Liefertermin"


async def test_a_cart_is_shown_while_orders_is_away(visitor):
    await enter(visitor, "requester")
    await fill(visitor)
    visitor.shelf.answers["POST", f"{API}/route-checks"] = (503, {})
    page = await visitor.browser.get("/warenkorb")
    assert (page.status_code, "gerade nicht möglich" in page.text) == (200, True)


async def test_an_order_sent_back_goes_on_from_the_cart_as_its_draft(visitor):
    await enter(visitor, "requester")
    returned = facts.order(status="sent_back")
    holds(visitor, returned, facts.beside(verdicts=[facts.verdict()]))
    wanted = facts.wanted()
    draft = facts.beside(returned=facts.verdict(), wanted=[wanted])
    holds(
        visitor, facts.order(order_id=facts.DRAFT, status="draft", decision=None, lines=[]), draft
    )
    visitor.shelf.answers["POST", f"{API}/route-checks"] = (200, facts.decision())
    shown = (await visitor.browser.get(f"/bestellungen/{facts.ORDER}")).text
    assert "„Bitte nur die Hälfte“" in shown
    assert f'action="/bestellungen/{facts.DRAFT}/uebernahme"' in shown
    await fill(visitor)
    taken = await post(visitor, f"/bestellungen/{facts.DRAFT}/uebernahme")
    assert taken.headers["location"] == "/warenkorb"
    cart = (await visitor.browser.get("/warenkorb")).text
    assert ("„Bitte nur die Hälfte“" in cart, 'value="20"' in cart) == (True, True)
    assert f'name="draft_id" value="{facts.DRAFT}"' in cart
    door = f"/orders/{facts.DRAFT}/submission"
    visitor.shelf.answers["POST", API + door] = (201, facts.receipt(order_id=facts.DRAFT))
    await order(visitor, reference="Amt 40/18")
    assert sent_body(visitor, door)["reference"] == "Amt 40/18"
    await fill(visitor)
    assert "draft_id" not in (await visitor.browser.get("/warenkorb")).text


async def test_a_draft_that_is_gone_is_not_taken_over(visitor):
    await enter(visitor, "requester")
    answer = await post(visitor, f"/bestellungen/{facts.ORDER}/uebernahme")
    assert answer.status_code == 409
    assert "schon abgeschickt oder verworfen" in answer.text


async def test_a_draft_of_several_sources_is_not_torn_apart_but_sent_off_as_it_is(visitor):
    await enter(visitor, "requester")
    wanted = facts.wanted()
    words = wanted | {"free_text": facts.quoted(description="Catering")}
    beside = facts.beside(wanted=[wanted, words])
    holds(visitor, facts.order(status="draft", decision=None, lines=[]), beside)
    answer = await post(visitor, f"/bestellungen/{facts.ORDER}/uebernahme")
    assert answer.status_code == 409
    assert "Positionen aus mehreren Quellen" in answer.text
    shown = (await visitor.browser.get(f"/bestellungen/{facts.ORDER}")).text
    assert "Unverändert einreichen" in shown
    visitor.shelf.answers["POST", f"{API}/orders/{facts.ORDER}/submission"] = (201, {})
    sent = await post(visitor, f"/bestellungen/{facts.ORDER}/einreichung")
    assert sent.headers["location"] == f"/bestellungen/{facts.ORDER}?neu=1"


async def test_approvals_are_read_to_the_last(visitor):
    await enter(visitor, "approver")
    rows = [facts.waiting_approval(order_id=str(UUID(int=number))) for number in range(1, 52)]
    by_row(visitor, f"{API}/approvals", rows, "order_id")
    visitor.shelf.answers["GET", f"{API}/waiting"] = (200, {"submitted": 51})
    addresses, pages = await read_to_its_end(visitor, "/freigaben")
    assert addresses == ["/freigaben", f"/freigaben?nach={UUID(int=50)}"]
    assert [page.count('href="/freigaben/') for page in pages] == [50, 1]
    assert "51 Bestellungen warten auf Genehmigung." in pages[1]
