"""A member's orders: listed, taken back, and one that is not the member's."""

from uuid import UUID

import pytest

from services.portal.tests import facts
from services.portal.tests.facts import API, enter, holds, post, sent_body
from services.portal.tests.paging import by_row, read_to_its_end

UNKNOWN = {"code": "order_unknown", "title": "Diese Bestellung gibt es nicht"}
"""What orders says of an order of another member, too."""


async def test_an_order_is_taken_back_with_the_reason_chosen(visitor):
    await enter(visitor, "requester")
    door = f"/orders/{facts.ORDER}/cancellation"
    visitor.shelf.answers["POST", API + door] = (201, facts.receipt())
    answer = await post(
        visitor, f"/bestellungen/{facts.ORDER}/stornierung", reason="delivery_too_late"
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/bestellungen/{facts.ORDER}"
    assert sent_body(visitor, door) == {"reason": "delivery_too_late"}
    holds(visitor, facts.order(status="cancelled", cancellable=False), facts.beside())
    shown = (await visitor.browser.get(answer.headers["location"])).text
    assert "storniert" in shown
    assert "/stornierung" not in shown


@pytest.mark.parametrize("cancellable", [True, False])
async def test_taking_back_is_offered_where_orders_says_that_it_goes(visitor, cancellable: bool):
    await enter(visitor, "requester")
    begun = facts.share(status="acknowledged")
    order = facts.order(status="placed", supplier_orders=[begun], cancellable=cancellable)
    holds(visitor, order, facts.beside())
    page = (await visitor.browser.get(f"/bestellungen/{facts.ORDER}")).text
    assert ("/stornierung" in page) is cancellable


async def test_the_members_orders_are_read_to_the_last(visitor):
    await enter(visitor, "requester")
    rows = [facts.order(order_id=str(UUID(int=number))) for number in range(1, 52)]
    by_row(visitor, f"{API}/orders", rows, "order_id")
    addresses, pages = await read_to_its_end(visitor, "/bestellungen")
    assert addresses == ["/bestellungen", f"/bestellungen?nach={UUID(int=50)}"]
    assert [page.count('href="/bestellungen/') for page in pages] == [50, 1]
    assert "Zu den neuesten" in pages[1]


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("requester", "/bestellungen/{order}"),
        ("approver", "/freigaben/{order}"),
        ("award_office", "/vergabe/{order}"),
        ("award_office", "/vergabe/{order}/antrag"),
    ],
)
async def test_an_order_of_another_member_looks_like_none(visitor, role, path):
    await enter(visitor, role)
    for door in ("", "/circumstances", "/award-request"):
        visitor.shelf.answers["GET", f"{API}/orders/{facts.ORDER}{door}"] = (404, UNKNOWN)
    answer = await visitor.browser.get(path.format(order=facts.ORDER))
    assert answer.status_code == 404
    assert "Diese Bestellung gibt es nicht</h1>" in answer.text
    assert "content-disposition" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/freigaben/{order}", "/vergabe/{order}", "/vergabe/{order}/antrag"]
)
async def test_who_only_orders_decides_nothing(visitor, path):
    await enter(visitor, "requester")
    answer = await visitor.browser.get(path.format(order=facts.ORDER))
    assert answer.status_code == 403
    assert "Diese Seite gehört nicht zu Ihren Aufgaben." in answer.text
    assert visitor.shelf.asked == []
