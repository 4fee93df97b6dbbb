"""Roles with four eyes: whoever asks does not confirm, and nobody gives themselves a role."""

from typing import Any

import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from services.members.tests.people import House, settled

COOPERATIVE = ["office", "procurement", "board", "operator", "auditor"]
AT_MEMBER = ["approver", "award_office", "finance", "member_admin"]
SINGLE = ["requester", "receiver", "expert", "auditor"]


@pytest.fixture
async def house(doors: Doors) -> House:
    return await settled(doors)


def grant(role: str, member_id: str | None = None) -> dict[str, Any]:
    return {"role": role, "member_id": member_id}


@pytest.mark.parametrize("role", COOPERATIVE)
async def test_a_role_of_the_cooperative_waits_for_a_second_person(house: House, role: str):
    person = await house.register(grant(role))
    assert (person["grants"], await house.held(person["person_id"])) == ([], [])
    request_id = person["requests"][0]["request_id"]
    status, refused = await house.confirm(request_id, house.office)
    assert (status, refused["code"]) == (403, "second_person_needed")
    assert await house.held(person["person_id"]) == []
    status, confirmed = await house.confirm(request_id, house.second, "Beschluss vom 1. März")
    assert (status, confirmed["grants"]) == (200, [grant(role)])
    assert await house.held(person["person_id"]) == [grant(role)]
    announced = ["PersonRegistered", "GrantRequested", "GrantConfirmed"]
    assert (await house.doors.announced())[-3:] == announced


@pytest.mark.parametrize("role", AT_MEMBER)
async def test_so_does_a_role_that_moves_money_at_a_member(house: House, role: str):
    person = await house.register(grant(role, house.town))
    assert await house.held(person["person_id"]) == []
    administration = await house.administration(house.town)
    status, _ = await house.confirm(person["requests"][0]["request_id"], administration)
    assert (status, await house.held(person["person_id"])) == (200, [grant(role, house.town)])


@pytest.mark.parametrize("role", SINGLE)
async def test_other_roles_at_a_member_need_nobody_else(house: House, role: str):
    person = await house.register(grant(role, house.town))
    assert (person["requests"], person["grants"]) == ([], [grant(role, house.town)])


async def test_one_person_cannot_become_two(house: House):
    """The second account of one person of the office never holds a role by the first alone."""
    second = await house.register(grant("office"))
    mine = house.doors.token(second["sub"])
    request_id = second["requests"][0]["request_id"]
    status, _ = await house.confirm(request_id, mine)
    assert (status, await house.held(second["person_id"])) == (404, [])
    status, _ = await house.call("GET", "/grant-requests", mine)
    assert status == 403


async def test_one_address_is_one_person_and_no_address_is_nobody_for_such_a_role(house: House):
    await house.register(email="Erika@Stadt.example")
    body = {"sub": "x-1", "grants": [grant("office")], "email": "erika@stadt.EXAMPLE"}
    status, refused = await house.call("POST", "/persons", house.office, body)
    assert (status, refused["code"]) == (409, "email_taken")
    status, refused = await house.call("POST", "/persons", house.office, {**body, "email": None})
    assert (status, refused["code"], refused["field"]) == (422, "address_needed", "email")
    person = await house.register(email="")
    asked = {"person_id": person["person_id"], **grant("approver", house.town)}
    status, refused = await house.call("POST", "/grant-requests", house.office, asked)
    assert (status, refused["code"]) == (422, "address_needed")
    assert (await house.call("GET", "/grant-requests", house.office))[1] == []


async def test_nobody_changes_their_own_roles(house: House):
    person = await house.register(grant("office"))
    await house.confirm(person["requests"][0]["request_id"], house.second)
    mine, me = house.doors.token(person["sub"]), person["person_id"]
    answers = (
        await house.call("PUT", f"/persons/{me}/grants", mine, {"grants": [grant("board")]}),
        await house.call("PUT", f"/persons/{me}/grants", mine, {"grants": []}),
        await house.call("POST", "/grant-requests", mine, {"person_id": me, **grant("board")}),
        await house.call("POST", f"/persons/{me}/revocation", mine, grant("office")),
    )
    assert [(status, body["code"]) for status, body in answers] == [(403, "own_roles")] * 4
    await house.call(
        "POST", "/grant-requests", house.office, {"person_id": me, **grant("procurement")}
    )
    status, refused = await house.confirm(await house.request(me, "procurement"), mine)
    assert (status, refused["code"]) == (403, "own_roles")
    assert await house.held(me) == [grant("office")]


async def test_one_person_takes_a_role_away_at_once(house: House):
    person = await house.register(grant("approver", house.town))
    await house.confirm(person["requests"][0]["request_id"], house.second)
    path = f"/persons/{person['person_id']}/revocation"
    revoked = grant("approver", house.town)
    status, after = await house.call("POST", path, house.office, revoked)
    assert (status, after["grants"]) == (200, [])
    assert await house.held(person["person_id"]) == []
    assert (await house.doors.announced())[-1] == "RolesGranted"
    before = len(await house.doors.announced())
    assert (await house.call("POST", path, house.office, revoked))[0] == 200
    assert len(await house.doors.announced()) == before


async def test_what_is_refused_is_not_held_and_may_be_asked_anew(house: House):
    person = await house.register(grant("approver", house.town))
    request_id = person["requests"][0]["request_id"]
    status, silent = await house.refuse(request_id, house.second, " \u200b ")
    assert (status, silent["code"], silent["field"]) == (422, "comment_missing", "comment")
    assert (await house.refuse(request_id, house.second, "Nicht mehr im Haus"))[0] == 200
    for decide in (
        await house.confirm(request_id, house.second),
        await house.refuse(request_id, house.second, "Noch einmal"),
    ):
        assert (decide[0], decide[1]["code"]) == (409, "request_decided")
    assert await house.held(person["person_id"]) == []
    asked = {"person_id": person["person_id"], **grant("approver", house.town)}
    for _ in range(2):
        status, after = await house.call("POST", "/grant-requests", house.office, asked)
        assert (status, len(after["requests"])) == (201, 1)


async def test_a_members_administration_gives_roles_at_its_member_only(house: House):
    administration = await house.administration(house.town)
    person = await house.register(grant("requester", house.town))
    foreign = await house.register(grant("requester", house.other))

    async def ask(by: dict[str, str], who: Any, *what: Any) -> tuple[int, str]:
        body = {"person_id": who["person_id"], **grant(*what)}
        status, answer = await house.call("POST", "/grant-requests", by, body)
        return status, answer.get("code", "")

    assert await ask(administration, person, "receiver", house.town) == (201, "")
    assert await ask(administration, person, "approver", house.town) == (201, "")
    assert await ask(administration, person, "office") == (403, "not_authorised")
    assert await ask(administration, person, "auditor") == (403, "not_authorised")
    assert await ask(administration, person, "receiver", house.other) == (403, "not_authorised")
    assert await ask(administration, foreign, "receiver", house.town) == (404, "person_unknown")
    assert await ask(await house.administration(house.other), person, "receiver", house.town) == (
        403,
        "not_authorised",
    )
    assert await house.held(foreign["person_id"]) == [grant("requester", house.other)]
    held = [grant("requester", house.town), grant("receiver", house.town)]
    assert await house.held(person["person_id"]) == held
    request_id = await house.request(person["person_id"], "approver", house.town)
    assert (await house.confirm(request_id, administration))[0] == 403
    assert (await house.confirm(request_id, await house.administration(house.other)))[0] == 404
    assert (await house.confirm(request_id, await house.administration(house.town)))[0] == 200


async def test_a_members_administration_sees_its_member_and_nothing_else(house: House):
    administration = await house.administration(house.town)
    mine = await house.register(grant("approver", house.town), grant("requester", house.other))
    await house.register(grant("approver", house.other))
    await house.register(grant("board"))
    _, seen = await house.call("GET", "/grant-requests", administration)
    assert [(r["person_id"], r["role"], r["mine"]) for r in seen] == [
        (mine["person_id"], "approver", False)
    ]
    assert (seen[0]["member_name"], seen[0]["requested_by_email"]) == ("Stadt 0", None)
    _, all_of_them = await house.call("GET", "/grant-requests", house.office)
    assert [(r["role"], r["mine"]) for r in all_of_them] == [
        ("approver", True),
        ("approver", True),
        ("board", True),
    ]
    _, people = await house.call("GET", f"/members/{house.other}/people", house.office)
    assert [(p["person_id"], p["roles"]) for p in people] == [(mine["person_id"], ["requester"])]
    status, hidden = await house.call("GET", f"/members/{house.other}/people", administration)
    assert (status, hidden["code"]) == (404, "member_unknown")
    requester = house.doors.token(mine["sub"])
    assert (await house.call("GET", "/grant-requests", requester))[0] == 403


async def test_a_new_setting_ends_what_waits_and_so_does_the_end_of_an_account(house: House):
    person = await house.register(grant("approver", house.town))
    path = f"/persons/{person['person_id']}"
    wanted = {"grants": [grant("finance", house.town), grant("requester", house.town)]}
    _, after = await house.call("PUT", f"{path}/grants", house.office, wanted)
    assert [r["role"] for r in after["requests"]] == ["finance"]
    assert after["grants"] == [grant("requester", house.town)]
    await house.call("POST", f"{path}/deactivation", house.office)
    assert (await house.call("GET", "/grant-requests", house.office))[1] == []
    assert (await house.doors.announced())[-6:] == [
        "GrantRequested",
        "RolesGranted",
        "GrantRefused",
        "GrantRequested",
        "PersonDeactivated",
        "GrantRefused",
    ]
    rows = await house.doors.database.connection.exec_driver_sql(
        "SELECT version FROM person JOIN outbox ON aggregateid = person_id::text"
    )
    assert {row.version for row in rows} == {7}


async def test_what_is_confirmed_or_taken_is_told_where_people_sign_in(house: House):
    query = "SELECT wanted FROM sign_in WHERE person_id = '{}'"

    async def changes(person_id: str) -> list[int]:
        rows = await house.doors.database.connection.exec_driver_sql(query.format(person_id))
        return list(rows.scalars())

    person = await house.register(grant("approver", house.town), grant("expert", house.town))
    assert await changes(person["person_id"]) == []
    await house.confirm(person["requests"][0]["request_id"], house.second)
    assert await changes(person["person_id"]) == [1]
    path = f"/persons/{person['person_id']}/revocation"
    await house.call("POST", path, house.office, grant("expert", house.town))
    assert await changes(person["person_id"]) == [1]
    await house.call("POST", path, house.office, grant("approver", house.town))
    assert await changes(person["person_id"]) == [2]


async def test_a_role_at_a_member_that_there_is_not_is_refused(house: House):
    body = {"sub": "x-2", "grants": [grant("requester", str(new_id()))]}
    status, refused = await house.call("POST", "/persons", house.office, body)
    assert (status, refused["code"]) == (404, "member_unknown")
    assert refused["field"] == "grants[0].member_id"


async def test_every_account_of_the_office_hears_of_roles_of_the_cooperative(house: House):
    query = "SELECT kind, count(*) AS mails FROM mail GROUP BY kind ORDER BY kind"

    async def mails() -> dict[str, int]:
        rows = await house.doors.database.connection.exec_driver_sql(query)
        return {row.kind: row.mails for row in rows}

    person = await house.register(grant("approver", house.town))
    await house.confirm(person["requests"][0]["request_id"], house.second)
    assert await mails() == {}
    person = await house.register(grant("procurement"), grant("board"))
    assert await mails() == {"role_requested": 2}
    await house.confirm(person["requests"][0]["request_id"], house.second)
    assert await mails() == {"role_granted": 2, "role_requested": 2}
