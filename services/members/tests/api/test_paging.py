"""Every list of members says where its next page begins, and never that one follows the last."""

import httpx
import pytest

from marktbund.contracts.http import NextLink
from marktbund.testing.fixtures import Doors
from services.members.tests.people import House, settled

ROWS = 5


@pytest.fixture
async def house(doors: Doors) -> House:
    return await settled(doors)


async def page(house: House, path: str, **question: str | int) -> httpx.Response:
    answer = await house.doors.client.get(path, params=question, headers=house.office)
    assert answer.status_code == 200, answer.text
    return answer


async def walked(house: House, path: str, key: str, limit: int) -> list[list[str]]:
    """The ids of a list, page by page, as its links lead."""
    pages: list[list[str]] = []
    link: NextLink | None = None
    while not pages or link is not None:
        after = {"after": link.after} if link is not None else {}
        answer = await page(house, path, limit=limit, **after)
        link = NextLink.parse(answer.headers.get("Link"))
        pages.append([row[key] for row in answer.json()])
    return pages


async def members(house: House) -> tuple[str, str]:
    for number in range(ROWS - 2):  # two are there already
        body = {
            "name": f"Stadt {number}",
            "legal_form": "municipality",
            "official_key": f"9{number}",
        }
        assert (await house.call("POST", "/members", house.office, body))[0] == 201
    return "/members", "member_id"


async def units(house: House) -> tuple[str, str]:
    for number in range(ROWS):
        body = {"member_id": house.town, "name": f"Amt {number}"}
        assert (await house.call("POST", "/units", house.office, body))[0] == 201
    return "/units", "unit_id"


async def accounts(house: House) -> tuple[str, str]:
    for _ in range(ROWS):
        await house.register({"role": "requester", "member_id": house.town})
    return "/persons", "person_id"


async def holders(house: House) -> tuple[str, str]:
    await accounts(house)
    await house.register({"role": "requester", "member_id": house.other})
    return f"/members/{house.town}/people", "person_id"


async def requests(house: House) -> tuple[str, str]:
    for _ in range(ROWS):
        await house.register({"role": "approver", "member_id": house.town})
    return "/grant-requests", "request_id"


@pytest.mark.parametrize("filled", [members, units, accounts, holders, requests])
async def test_a_list_is_walked_whole_by_its_links(house: House, filled):
    path, key = await filled(house)
    whole = [row[key] for row in (await page(house, path, limit=500)).json()]
    assert len(set(whole)) == ROWS
    assert await walked(house, path, key, 2) == [whole[:2], whole[2:4], whole[4:]]


@pytest.mark.parametrize("filled", [members, units, accounts, holders, requests])
async def test_a_list_as_long_as_its_page_has_no_next(house: House, filled):
    path, key = await filled(house)
    assert "Link" not in (await page(house, path, limit=ROWS)).headers
    shorter = await page(house, path, limit=ROWS - 1)
    last = shorter.json()[-1][key]
    assert shorter.headers["Link"] == f'<?after={last}&limit={ROWS - 1}>; rel="next"'


@pytest.mark.parametrize("limit", [0, 501, -1, "viele"])
async def test_a_page_has_one_to_five_hundred_rows(house: House, limit: int | str):
    for path in ("/members", "/units", "/persons", f"/members/{house.town}/people"):
        status, refused = await house.call("GET", f"{path}?limit={limit}", house.office)
        assert (status, refused["field"]) == (422, "limit")


async def test_a_page_after_an_id_that_is_none_is_refused(house: House):
    status, refused = await house.call("GET", "/persons?after=3", house.office)
    assert (status, refused["field"]) == (422, "after")
