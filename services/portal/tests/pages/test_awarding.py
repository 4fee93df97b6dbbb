"""An award office's pages: offers obtained, releases, results of procedures."""

from uuid import UUID

from services.portal.tests import facts
from services.portal.tests.facts import API, enter, holds, post, sent_body
from services.portal.tests.paging import by_row, read_to_its_end


async def test_the_award_office_records_offers_and_nothing_typed_is_lost(visitor):
    await enter(visitor, "award_office")
    request = facts.decision(outcome="request", offers_asked=2, offers_received=1)
    waiting = facts.order(status="awaiting_offers", decision=request)
    holds(visitor, waiting, facts.beside())
    door = f"/orders/{facts.ORDER}/offers"
    visitor.shelf.answers["POST", API + door] = (201, {})
    path = f"/vergabe/{facts.ORDER}/angebote"
    wrong = await post(visitor, path, **{"offer-name-1": "Papier Nord", "offer-net-1": "viel"})
    assert wrong.status_code == 422
    assert ('value="Papier Nord"' in wrong.text, 'value="viel"' in wrong.text) == (True, True)
    fields = {"offer-name-1": "Papier Nord", "offer-name-2": "Papier Süd"}
    done = await post(visitor, path, **fields, **{"offer-net-2": "1.234,50"})
    assert done.headers["location"] == f"/vergabe/{facts.ORDER}"
    assert sent_body(visitor, door)["offers"] == [
        {"supplier_name": "Papier Nord"},
        {"supplier_name": "Papier Süd", "net_total": "1234.50"},
    ]


async def test_the_award_office_releases_with_a_reason(visitor):
    await enter(visitor, "award_office")
    holds(visitor, facts.order(status="awaiting_offers"), facts.beside())
    door = f"/orders/{facts.ORDER}/release"
    visitor.shelf.answers["POST", API + door] = (201, {})
    path = f"/vergabe/{facts.ORDER}/freigabe"
    assert (await post(visitor, path, code="urgency", reason="")).status_code == 422
    assert (await post(visitor, path, code="urgency", reason="Hochwasser")).status_code == 303
    assert sent_body(visitor, door) == {"code": "urgency", "reason": "Hochwasser"}


async def test_the_award_office_takes_the_request_along_and_records_the_result(visitor):
    await enter(visitor, "award_office")
    holds(visitor, facts.order(status="handed_over"), facts.beside())
    visitor.shelf.answers["GET", f"{API}/orders/{facts.ORDER}/award-request"] = (200, {"form": "x"})
    sheet = await visitor.browser.get(f"/vergabe/{facts.ORDER}/antrag")
    assert "vergabeantrag" in sheet.headers["content-disposition"]
    door = f"/orders/{facts.ORDER}/award"
    visitor.shelf.answers["POST", API + door] = (201, facts.receipt(order_id=facts.DRAFT))
    fields = {"procedure": "negotiated", "file_reference": "VS-1"}
    fields |= {"award-quantity-1": "1000", "award-price-1": "11,25"}
    done = await post(visitor, f"/vergabe/{facts.ORDER}/ergebnis", **fields)
    assert done.headers["location"] == f"/bestellungen/{facts.DRAFT}?neu=1"
    line = {"article_id": facts.ARTICLE, "quantity": "1000", "unit_price_net": "11.25"}
    assert sent_body(visitor, door)["lines"] == [line]


async def test_what_waits_for_the_award_office_is_read_to_the_last(visitor):
    await enter(visitor, "award_office")
    rows = [facts.order(order_id=str(UUID(int=number))) for number in range(1, 52)]
    by_row(visitor, f"{API}/orders", rows, "order_id")
    waiting = {"awaiting_offers": 50, "handed_over": 1}
    visitor.shelf.answers["GET", f"{API}/waiting"] = (200, waiting)
    addresses, pages = await read_to_its_end(visitor, "/vergabe")
    assert addresses == ["/vergabe", f"/vergabe?nach={UUID(int=50)}"]
    assert [page.count('href="/vergabe/') for page in pages] == [50, 1]
    statuses = {tuple(r.url.params.get_list("status")) for r in listed(visitor)}
    assert statuses == {("awaiting_offers", "handed_over")}


def listed(visitor):
    return [request for request in visitor.shelf.asked if request.url.path == f"{API}/orders"]


async def test_a_result_that_is_refused_stays_here_and_the_page_says_how_to_go_on(visitor):
    await enter(visitor, "award_office")
    order = facts.order(status="handed_over")
    second = order["lines"][0] | {"line_no": 2, "name": "Ordner"}
    holds(visitor, order | {"lines": [order["lines"][0], second]}, facts.beside())
    refusal = {"code": "article_withdrawn", "title": "Den Artikel gibt es nicht mehr"}
    refusal |= {"field": "lines[0].article_id"}
    visitor.shelf.answers["POST", f"{API}/orders/{facts.ORDER}/award"] = (409, refusal)
    typed = {"file_reference": "VS-1", "award-quantity-1": "2", "award-quantity-2": "3"}
    answer = await post(visitor, f"/vergabe/{facts.ORDER}/ergebnis", **typed)
    assert answer.status_code == 422
    for sentence in (
        "Beauftragt wurde nichts; die Vergabe bleibt bei Ihnen",
        "die Menge 0 ein",
        "klären Sie das mit der Geschäftsstelle",
        f'<a class="kern-link" href="/bestellungen/{facts.ORDER}">die Bestellung</a>',
        'value="VS-1"',
        'href="#award-quantity-1">Den Artikel gibt es nicht mehr.',
    ):
        assert sentence in answer.text, sentence
    wrong = await post(visitor, f"/vergabe/{facts.ORDER}/ergebnis", file_reference="VS-1")
    assert "die Vergabe bleibt bei Ihnen" not in wrong.text
