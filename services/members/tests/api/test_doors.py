"""Doors and options of members beside the stories: pages, every word of a list, refusals."""

import json
from typing import Any, get_args

import pytest

from marktbund.contracts.members import LegalForm, MemberStatus, PersonKind, Role
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from members.domain import PRESETS
from services.members.tests.people import Headers, House, settled

OF_COOPERATIVE = ("procurement", "office", "board", "operator")
BY_ONE_PERSON = ("requester", "receiver", "expert", "auditor")


@pytest.fixture
async def house(doors: Doors) -> House:
    return await settled(doors)


async def paged(house: House, path: str, name: str, by: Headers) -> list[list[Any]]:
    """All pages of two, by the last id of the page before."""
    pages: list[list[Any]] = []
    after = ""
    while True:
        status, page = await house.call("GET", f"{path}?limit=2{after}", by)
        assert status == 200, page
        if not page:
            return pages
        pages.append(page)
        after = f"&after={page[-1][name]}"


async def unit(house: House, name: str, **more: Any) -> Any:
    body = {"member_id": house.town, "name": name, **more}
    status, made = await house.call("POST", "/units", house.office, body)
    assert status == 201, made
    return made


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/members", "member_id"),
        ("/units", "unit_id"),
        ("/persons", "person_id"),
        ("/grant-requests", "request_id"),
        ("/members/{town}/people", "person_id"),
    ],
)
async def test_the_pages_of_a_list_are_the_whole_list_once(house: House, path: str, name: str):
    path = path.format(town=house.town)
    body = {"name": "Kreis", "legal_form": "district", "official_key": "05999"}
    await house.call("POST", "/members", house.office, body)
    for number in range(3):
        await unit(house, f"Amt {number}")
        roles = [{"role": role, "member_id": house.town} for role in ("requester", "approver")]
        await house.register(*roles)
    status, whole = await house.call("GET", path, house.office)
    assert (status, len(whole) >= 3) == (200, True)
    assert [row[name] for row in whole] == sorted({row[name] for row in whole})
    pages = await paged(house, path, name, house.office)
    assert [row for page in pages for row in page] == whole
    assert {len(page) for page in pages[:-1]} == {2}
    assert len(pages) == (len(whole) + 1) // 2


@pytest.mark.parametrize("form", get_args(LegalForm))
async def test_a_body_of_every_legal_form_is_entered(house: House, form: str):
    body = {"name": "Körperschaft", "legal_form": form, "official_key": f"K-{form}"}
    status, made = await house.call("POST", "/members", house.office, body)
    assert (status, made["legal_form"], made["status"]) == (201, form, "active")
    _, members = await house.call("GET", "/members?limit=500", house.office)
    assert members[-1] == made
    assert (await house.doors.announced())[-1] == "MemberRegistered"


@pytest.mark.parametrize("status", get_args(MemberStatus))
async def test_a_member_gets_every_status_but_only_once(house: House, status: str):
    path = f"/members/{house.town}/status"
    before = "suspended" if status == "active" else "active"
    _, known = await house.call("POST", path, house.office, {"status": before})
    news = await house.doors.announced()
    answer, changed = await house.call("POST", path, house.office, {"status": status})
    expected = known | {"status": status, "version": known["version"] + 1}
    assert (answer, changed) == (200, expected)
    assert await house.doors.announced() == [*news, "MemberStatusChanged"]
    await house.call("POST", path, house.office, {"status": status})
    _, members = await house.call("GET", "/members?limit=500", house.office)
    assert changed in members
    assert await house.doors.announced() == [*news, "MemberStatusChanged"]


async def test_a_member_that_left_stays_away(house: House):
    path = f"/members/{house.town}/status"
    _, gone = await house.call("POST", path, house.office, {"status": "withdrawn"})
    status, refused = await house.call("POST", path, house.office, {"status": "active"})
    assert (status, refused["code"]) == (409, "member_withdrawn")
    _, members = await house.call("GET", "/members?limit=500", house.office)
    assert gone in members


@pytest.mark.parametrize("kind", get_args(PersonKind))
async def test_an_account_of_every_kind_works_for_units(house: House, kind: str):
    school = await unit(house, "Schule", cost_centre="4711")
    person = await house.register(kind=kind, unit_ids=[school["unit_id"]])
    assert (person["kind"], person["unit_ids"]) == (kind, [school["unit_id"]])
    status, own = await house.call("GET", "/me", house.doors.token(person["sub"]))
    assert (status, own["kind"], own["unit_ids"]) == (200, kind, [school["unit_id"]])
    assert (await house.doors.announced())[-2:] == ["UnitRegistered", "PersonRegistered"]


async def test_a_unit_has_its_cost_centre(house: House):
    made = await unit(house, "Schule", cost_centre=" 4711 ")
    assert (made["cost_centre"], made["member_id"]) == ("4711", house.town)
    assert (await house.call("GET", "/units?limit=500", house.office))[1][-1] == made


@pytest.mark.parametrize("role", get_args(Role))
async def test_every_role_is_given_and_taken(house: House, role: str):
    grant = {"role": role, "member_id": None if role in OF_COOPERATIVE else house.town}
    person = await house.register()
    me = person["person_id"]
    body = {"person_id": me, **grant}
    status, given = await house.call("POST", "/grant-requests", house.office, body)
    assert status == 201, given
    if role in BY_ONE_PERSON:
        assert (given["grants"], given["requests"]) == ([grant], [])
    else:
        assert (given["grants"], await house.held(me)) == ([], [])
        [waiting] = given["requests"]
        assert (waiting["role"], waiting["member_id"]) == (role, grant["member_id"])
        status, _ = await house.confirm(waiting["request_id"], house.second)
        assert status == 200
    assert await house.held(me) == [grant]
    status, taken = await house.call("POST", f"/persons/{me}/revocation", house.office, grant)
    assert (status, taken["grants"], await house.held(me)) == (200, [], [])
    given_by = ["RolesGranted"] if role in BY_ONE_PERSON else ["GrantRequested", "GrantConfirmed"]
    assert (await house.doors.announced())[-len(given_by) - 1 :] == [*given_by, "RolesGranted"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/members", None),
        ("GET", "/units", None),
        ("GET", "/persons", None),
        ("GET", "/rule-set-presets", None),
        ("POST", "/units", {"member_id": "{town}", "name": "Schule"}),
        ("POST", "/members/{town}/status", {"status": "suspended"}),
        ("POST", "/members/{town}/rule-set/withdrawal", None),
        ("POST", "/persons/{person}/deactivation", None),
    ],
)
async def test_who_orders_for_a_member_does_none_of_this(
    house: House, method: str, path: str, body: dict[str, str] | None
):
    person = await house.register({"role": "requester", "member_id": house.town})
    names = {"town": house.town, "person": person["person_id"]}
    sent = body and {name: value.format(**names) for name, value in body.items()}
    before = await house.doors.announced()
    requester = house.doors.token(person["sub"])
    status, refused = await house.call(method, path.format(**names), requester, sent)
    assert (status, refused["code"]) == (403, "not_authorised")
    assert await house.doors.announced() == before


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/units", {"member_id": "{nobody}", "name": "Schule"}, "member_unknown"),
        ("/members/{nobody}/status", {"status": "suspended"}, "member_unknown"),
        ("/members/{town}/rule-set/withdrawal", None, "rule_set_unknown"),
        ("/persons/{nobody}/deactivation", None, "person_unknown"),
        ("/persons", {"sub": "x-1", "unit_ids": ["{nobody}"]}, "unit_unknown"),
    ],
)
async def test_what_nobody_knows_is_not_changed(
    house: House, path: str, body: dict[str, Any] | None, code: str
):
    names = {"town": house.town, "nobody": str(new_id())}
    sent = json.loads(json.dumps(body).replace("{nobody}", names["nobody"]))
    before = await house.doors.announced()
    status, refused = await house.call("POST", path.format(**names), house.office, sent)
    assert (status, refused["code"]) == (404, code)
    assert await house.doors.announced() == before


async def test_the_presets_are_shown_with_their_rules(house: House):
    status, shown = await house.call("GET", "/rule-set-presets", house.office)
    assert status == 200
    seen = {preset["name"]: [rule["source"] for rule in preset["rules"]] for preset in shown}
    assert seen == {name: [rule.source for rule in rules] for name, rules in PRESETS.items()}
