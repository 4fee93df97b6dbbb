"""What is refused before a door or behind it is answered with a page, and changes nothing."""

from uuid import UUID

import pytest


@pytest.mark.parametrize(
    "address",
    [
        "/anmeldung/rueckkehr?code=%00&state=%00",
        "/planung?gruppe=%00",
        "/bestellungen/%00",
        "/suche?q=%FF",
    ],
)
async def test_an_address_that_is_no_text_gets_a_page(visitor, address):
    await visitor.browser.get("/anmeldung")
    answer = await visitor.browser.get(address)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Die Anfrage enthält Zeichen, die kein Text sind" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert await visitor.sessions() == 0


async def test_a_machine_gets_a_problem(visitor):
    answer = await visitor.browser.get("/api/portal/v1/x%00")
    assert (answer.status_code, answer.json()["code"]) == (422, "request_unreadable")


async def test_a_service_that_is_asked_too_often_gives_a_page_with_the_time_to_wait(visitor):
    await visitor.person("person-1", ("requester", UUID(int=5)))
    await visitor.sign_in("person-1")
    refused = {"title": "Zu viele Anfragen", "way_out": "Später.", "retry_after": 12}
    visitor.shelf.answers["GET", "/api/orders/v1/orders"] = (429, refused)
    answer = await visitor.browser.get("/bestellungen")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "12")
    assert "Zu viele Anfragen" in answer.text
