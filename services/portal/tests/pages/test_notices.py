"""The page where people choose their mails: what is ticked comes, what is not does not."""

import json
from typing import get_args
from uuid import UUID

import pytest

from marktbund.contracts.notices import OrderNotice
from marktbund.contracts.words import NOTICE

KOELN = UUID(int=5)
PAGE, DOOR = "/benachrichtigungen", "/api/members/v1/me/notices"


@pytest.fixture
async def requester(visitor):
    await visitor.person("erika", ("requester", KOELN))
    await visitor.sign_in("erika")
    visitor.shelf.answers["GET", DOOR] = (
        200,
        {"email": "erika@stadt.example", "unwanted": ["supplier_late"]},
    )
    return visitor


def test_every_kind_that_orders_announces_can_be_chosen():
    assert list(NOTICE) == list(get_args(OrderNotice))


async def test_what_comes_is_ticked(requester):
    page = (await requester.browser.get(PAGE)).text
    assert "erika@stadt.example" in page
    assert 'id="supplier_late" name="supplier_late" value="1">' in page
    assert page.count(" checked>") == len(NOTICE) - 1
    assert f'href="{PAGE}"' in page


async def test_what_is_not_ticked_is_told_to_members(requester):
    requester.shelf.answers["PUT", DOOR] = (200, {"email": None, "unwanted": []})
    form = {"csrf": await requester.csrf(), "order_refused": "1", "approval_waiting": "1"}
    answer = await requester.browser.post(PAGE, data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?gespeichert=1")
    (sent,) = (request for request in requester.shelf.asked if request.method == "PUT")
    wanted = {"order_refused", "approval_waiting"}
    assert json.loads(sent.read()) == {"unwanted": [k for k in NOTICE if k not in wanted]}
    saved = await requester.browser.get(f"{PAGE}?gespeichert=1")
    assert "Ihre Auswahl ist gespeichert." in saved.text


async def test_a_refusal_is_said_on_the_page(requester):
    problem = {"code": "person_inactive", "title": "Dieses Konto ist gesperrt"}
    requester.shelf.answers["PUT", DOOR] = (409, problem)
    answer = await requester.browser.post(PAGE, data={"csrf": await requester.csrf()})
    assert answer.status_code == 422
    assert "Dieses Konto ist gesperrt." in answer.text


async def test_without_an_address_the_page_says_who_enters_one(visitor):
    await visitor.person("operator", ("operator", None))
    await visitor.sign_in("operator")
    visitor.shelf.answers["GET", DOOR] = (200, {"email": None, "unwanted": []})
    assert "keine Adresse hinterlegt" in (await visitor.browser.get(PAGE)).text


async def test_who_has_no_role_has_nothing_to_choose(visitor):
    await visitor.person("nobody-yet")
    await visitor.sign_in("nobody-yet")
    answer = await visitor.browser.get(PAGE)
    assert answer.status_code == 403
    assert "Diese Seite gehört nicht zu Ihren Aufgaben." in answer.text
    assert visitor.shelf.asked == []
