"""Signing in in two tabs, and messages of the issuer: each lands where it belongs, once."""

from datetime import timedelta
from uuid import UUID

import pytest

from marktbund import clock

KOELN = UUID(int=5)
BACK = "/anmeldung/rueckkehr"
LOGOUT = "/anmeldung/abmeldenachricht"


@pytest.fixture
async def requester(visitor):
    await visitor.person("person-1", ("requester", KOELN))
    visitor.shelf.answers["GET", "/api/orders/v1/orders"] = (200, [])
    return visitor


async def begin(visitor, target: str) -> dict[str, str]:
    """A tab on its way to the issuer; what it will bring back."""
    sent = await visitor.browser.get("/anmeldung", params={"ziel": target})
    return visitor.issuer.authorize(sent.headers["location"], "person-1")


async def test_both_tabs_land_on_their_page_in_any_order(requester):
    older, newer = await begin(requester, "/bestellungen"), await begin(requester, "/freigaben")
    first = await requester.browser.get(BACK, params=older)
    assert (first.status_code, first.headers["location"]) == (303, "/bestellungen")
    second = await requester.browser.get(BACK, params=newer)
    assert (second.status_code, second.headers["location"]) == (303, "/freigaben")
    assert await requester.sessions() == 1
    assert (await requester.browser.get("/bestellungen")).status_code == 200


async def test_a_tab_left_open_while_another_signed_in_lands_on_its_page(requester):
    older, newer = await begin(requester, "/bestellungen"), await begin(requester, "/freigaben")
    await requester.browser.get(BACK, params=newer)
    stale = {"state": older["state"], "error": "temporarily_unavailable"}
    answer = await requester.browser.get(
        BACK, params=stale | {"error_description": "authentication_expired"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/bestellungen")
    assert await requester.sessions() == 1


async def test_a_page_of_the_issuer_that_expired_begins_anew_with_its_target(requester):
    older = await begin(requester, "/bestellungen")
    stale = {"state": older["state"], "error_description": "authentication_expired"}
    answer = await requester.browser.get(BACK, params=stale)
    assert answer.headers["location"] == "/anmeldung?ziel=%2Fbestellungen"


async def test_who_cancels_at_the_issuer_can_go_on_from_the_page(requester):
    older = await begin(requester, "/bestellungen")
    refused = {"state": older["state"], "error": "access_denied"}
    answer = await requester.browser.get(BACK, params=refused)
    assert answer.status_code == 400
    assert 'href="/anmeldung?ziel=%2Fbestellungen"' in answer.text
    assert await requester.sessions() == 0


async def test_the_way_back_a_second_time_leads_whoever_is_signed_in_to_the_start(requester):
    back = await begin(requester, "/bestellungen")
    await requester.browser.get(BACK, params=back)
    again = await requester.browser.get(BACK, params=back)
    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert await requester.sessions() == 1


async def test_an_issuer_that_is_away_while_signing_in_is_said_and_the_page_kept(requester):
    back = await begin(requester, "/bestellungen")
    requester.issuer.down = True
    answer = await requester.browser.get(BACK, params=back)
    assert answer.status_code == 503
    assert 'href="/anmeldung?ziel=%2Fbestellungen"' in answer.text


def message(visitor, jti: str, **claims: object) -> dict[str, str]:
    event = {"http://schemas.openid.net/event/backchannel-logout": {}}
    signed = visitor.issuer.signer.token(
        "person-1", sid="sign-in-1", jti=jti, events=event, **claims
    )
    return {"logout_token": signed}


async def test_a_message_of_the_issuer_counts_once(requester):
    form = message(requester, "once")
    await requester.sign_in("person-1")
    assert (await requester.browser.post(LOGOUT, data=form)).status_code == 200
    await requester.sign_in("person-1")
    assert (await requester.browser.post(LOGOUT, data=form)).status_code == 400
    assert await requester.sessions() == 1


async def test_an_old_message_of_the_issuer_ends_nothing(requester):
    await requester.sign_in("person-1")
    signed = clock.now() - timedelta(minutes=2, seconds=5)
    form = message(requester, "old", iat=int(signed.timestamp()))
    assert (await requester.browser.post(LOGOUT, data=form)).status_code == 400
    assert await requester.sessions() == 1
