"""A supplier's list of orders: what waits for a word, or all; one that is not theirs."""

from typing import Any
from uuid import UUID

from services.portal.tests import facts
from services.portal.tests.paging import by_row, read_to_its_end
from services.portal.tests.selling import INCOMING, SHARE, incoming, seller

DOOR = "/api/supplier-gateway/v1/supplier-orders"


def waiting(number: int) -> dict[str, Any]:
    return incoming(supplier_order_id=str(UUID(int=number)), net_total=f"{number}.00")


async def test_orders_without_an_answer_are_read_to_the_last(visitor):
    await seller(visitor, "open")
    by_row(visitor, DOOR, [waiting(number) for number in range(1, 52)], "supplier_order_id")
    addresses, pages = await read_to_its_end(visitor, "/auftraege")
    assert addresses == ["/auftraege", f"/auftraege?nach={UUID(int=50)}"]
    assert ("Aufträge ohne Antwort" in pages[1], "51,00 €" in pages[1]) == (True, True)
    assert {request.url.params["open"] for request in visitor.shelf.asked} == {"true"}


async def test_all_orders_stay_all_on_the_next_page(visitor):
    await seller(visitor, "open")
    by_row(visitor, DOOR, [waiting(number) for number in range(1, 52)], "supplier_order_id")
    addresses, pages = await read_to_its_end(visitor, "/auftraege?alle=1")
    assert addresses[1] == f"/auftraege?alle=1&nach={UUID(int=50)}"
    assert ("Alle Aufträge" in pages[1], "51,00 €" in pages[1]) == (True, True)
    assert {request.url.params["open"] for request in visitor.shelf.asked} == {"false"}


async def test_an_order_of_another_supplier_looks_like_none(visitor):
    await seller(visitor, "open")
    title = "Diese Lieferantenbestellung gibt es nicht"
    visitor.shelf.answers["GET", INCOMING] = (
        404,
        {"code": "supplier_order_unknown", "title": title},
    )
    answer = await visitor.browser.get(f"/auftraege/{SHARE}")
    assert answer.status_code == 404
    assert f"{title}</h1>" in answer.text


async def test_a_buyer_does_not_open_a_suppliers_order(visitor):
    await facts.enter(visitor, "requester", "approver", "award_office")
    answer = await visitor.browser.get(f"/auftraege/{SHARE}")
    assert answer.status_code == 403
    assert "Diese Seite gehört nicht zu Ihren Aufgaben." in answer.text
    assert visitor.shelf.asked == []
