"""Lists of proposals and tenders by where they stand, page by page; sheets; what is none."""

from typing import Any
from uuid import UUID

import pytest

from marktbund.contracts.words import PROPOSAL as PROPOSAL_STATES
from marktbund.contracts.words import TENDER as TENDER_STATES
from services.portal.tests.paging import by_count, by_row, read_to_its_end

from .conftest import KOELN, PLANNING, PROPOSAL, PROPOSED, TENDER, TENDERED

MARKED = '" aria-current="true"'
UNKNOWN_PROPOSAL = {"code": "proposal_unknown", "title": "Diesen Vorschlag gibt es nicht"}
UNKNOWN_TENDER = {"code": "tender_unknown", "title": "Diese Vergabe gibt es nicht"}
HERE = f"/planung/vorschlaege/{PROPOSAL}"
THERE = f"/planung/ausschreibungen/{TENDER}"


def bought(number: int) -> dict[str, Any]:
    ids = ("supplier_order_id", "order_id", "member_id", "supplier_id", "article_id")
    net = ("accepted_net", "refused_net", "cancelled_net", "reduced_net", "open_net")
    return {
        **dict.fromkeys(ids, str(UUID(int=number))),
        **dict.fromkeys(net, "0.00"),
        "line_no": 1,
        "cpv": "30197643",
        "comparable_group": "mfr:a|1",
        "line": f"{UUID(int=number)}/1",
        "name": f"Papier {number}",
        "member_name": "Stadt Köln",
        "supplier_name": "Papierkontor",
        "month": "2026-05-01",
        "quantity": "2",
        "order_unit": "C62",
        "unit_price_net": "2.70",
        "ordered_net": "5.40",
        "outcome": "accepted",
    }


@pytest.mark.parametrize("status", PROPOSAL_STATES)
async def test_proposals_are_listed_by_where_they_stand(team, status):
    page = await team.browser.get(f"/planung/vorschlaege?stand={status}")
    assert f"?stand={status}{MARKED}>{PROPOSAL_STATES[status]}<" in page.text
    assert page.text.count(MARKED) == 1
    assert team.shelf.asked[-1].url.params["status"] == status


@pytest.mark.parametrize("status", ["", *TENDER_STATES])
async def test_tenders_are_listed_by_where_they_stand_or_all(team, status):
    page = await team.browser.get(f"/planung/ausschreibungen?stand={status}")
    assert f">{TENDER_STATES.get(status, 'alle')}<" in page.text.split(MARKED, 1)[1][:40]
    assert page.text.count(MARKED) == 1
    assert team.shelf.asked[-1].url.params.get("status", "") == status


@pytest.mark.parametrize("page", ["/planung/vorschlaege", "/planung/ausschreibungen"])
@pytest.mark.parametrize("question", ["stand=neu", "ab=-1"])
async def test_a_list_that_cannot_be_is_no_page(team, page, question):
    answer = await team.browser.get(f"{page}?{question}")
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in answer.text
    assert team.shelf.asked == []


async def test_proposals_are_read_to_the_last_in_the_same_state(team):
    rows = [PROPOSED | {"rank": number} for number in range(1, 22)]
    by_count(team, f"{PLANNING}/proposals", rows)
    addresses, pages = await read_to_its_end(team, "/planung/vorschlaege?stand=rejected")
    assert addresses[1:] == ["/planung/vorschlaege?stand=rejected&ab=20"]
    assert [page.count('id="vorschlag-') for page in pages] == [20, 1]
    assert 'id="vorschlag-21"' in pages[1]
    assert {request.url.params["status"] for request in team.shelf.asked} == {"rejected"}


async def test_tenders_are_read_to_the_last_in_the_same_state(team):
    rows = [TENDERED | {"tender_id": str(UUID(int=number))} for number in range(1, 52)]
    by_count(team, f"{PLANNING}/tenders", rows)
    addresses, pages = await read_to_its_end(team, "/planung/ausschreibungen?stand=open")
    assert addresses[1:] == ["/planung/ausschreibungen?stand=open&ab=50"]
    shown = [page.count('href="/planung/ausschreibungen/') for page in pages]
    assert shown == [50, 1]
    assert {request.url.params["status"] for request in team.shelf.asked} == {"open"}


async def test_orders_behind_a_proposal_are_read_to_the_last_of_their_group(team):
    by_row(
        team, f"{PLANNING}/proposals/{PROPOSAL}/orders", [bought(n) for n in range(1, 102)], "line"
    )
    addresses, pages = await read_to_its_end(team, f"{HERE}/bestellungen?gruppe=mfr:a%7C1")
    assert addresses[1] == f"{HERE}/bestellungen?gruppe=mfr%3Aa%7C1&nach={UUID(int=100)}/1"
    assert ("Papier 101" in pages[1], "Papier 100" in pages[1]) == (True, False)
    asked = [
        request.url.params for request in team.shelf.asked if request.url.path.endswith("/orders")
    ]
    assert {params["group"] for params in asked} == {"mfr:a|1"}


@pytest.mark.parametrize(
    ("page", "door", "name"),
    [
        (f"{HERE}/bestellungen.csv", f"/proposals/{PROPOSAL}/orders.csv", "bestellpositionen"),
        (f"{THERE}/verlagerung.csv", f"/tenders/{TENDER}/moved.csv", "bedarf-seit-vergabe"),
        ("/planung/vorschlaege.csv", "/proposals.csv", "bedarf-vorschlaege"),
    ],
)
async def test_a_sheet_is_handed_on_whole(team, page, door, name):
    team.shelf.answers["GET", PLANNING + door] = (200, "x")
    sheet = await team.browser.get(page)
    assert (sheet.status_code, sheet.content) == (200, b'"x"')
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert f'filename="{name}.csv"' in sheet.headers["content-disposition"]


async def test_a_sheet_of_one_group_asks_for_that_group(team):
    door = f"{PLANNING}/proposals/{PROPOSAL}/orders.csv"
    team.shelf.answers["GET", door] = (200, "x")
    sheet = await team.browser.get(f"{HERE}/bestellungen.csv?gruppe=mfr:a%7C1")
    assert sheet.status_code == 200
    assert dict(team.shelf.asked[-1].url.params) == {"group": "mfr:a|1"}


async def test_a_sheet_of_parts_asks_for_them_until_the_month_given(team):
    team.shelf.answers["GET", f"{PLANNING}/demand/pareto.csv"] = (200, "x")
    sheet = await team.browser.get("/planung/pareto.csv?teile=suppliers&bis=06/2026")
    assert sheet.status_code == 200
    question = {"of": "suppliers", "to": "2026-06-01", "limit": "500"}
    assert dict(team.shelf.asked[-1].url.params) == question


@pytest.mark.parametrize(
    ("page", "refusal"),
    [
        (HERE, UNKNOWN_PROPOSAL),
        (f"{HERE}/bestellungen", UNKNOWN_PROPOSAL),
        (f"{HERE}/bestellungen.csv", UNKNOWN_PROPOSAL),
        (THERE, UNKNOWN_TENDER),
        (f"{THERE}/verlagerung.csv", UNKNOWN_TENDER),
    ],
)
async def test_a_proposal_or_tender_that_is_none_is_said(team, page, refusal):
    for path in (f"/proposals/{PROPOSAL}", f"/tenders/{TENDER}"):
        for door in ("", "/orders", "/orders.csv", "/moved", "/moved.csv"):
            team.shelf.answers["GET", PLANNING + path + door] = (404, refusal)
    answer = await team.browser.get(page)
    assert answer.status_code == 404
    assert f"{refusal['title']}</h1>" in answer.text
    assert "content-disposition" not in answer.headers


@pytest.mark.parametrize("page", [f"{HERE}/bestellungen.csv", f"{THERE}/verlagerung.csv"])
async def test_a_sheet_of_all_members_is_not_for_an_auditor_of_a_member(visitor, page):
    await visitor.person("auditor-1", ("auditor", KOELN))
    await visitor.sign_in("auditor-1")
    answer = await visitor.browser.get(page)
    assert answer.status_code == 403
    assert "Diese Seite gehört nicht zu Ihren Aufgaben." in answer.text
    assert visitor.shelf.asked == []
