"""A member's administration makes accounts known for its own people, and for nobody else."""

from typing import Any

import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from services.members.tests.jobs.test_sign_ins import Bureau
from services.members.tests.people import House, settled


@pytest.fixture
async def house(doors: Doors) -> House:
    return await settled(doors)


async def add(house: House, by: dict[str, str], member_id: str, **body: Any) -> Any:
    asked = {"email": f"{new_id()}@stadt.example", "roles": ["requester"], **body}
    return await house.call("POST", f"/members/{member_id}/people", by, asked)


async def test_somebody_new_holds_simple_roles_at_once_and_waits_for_the_others(house: House):
    administration = await house.administration(house.town)
    status, made = await add(house, administration, house.town, roles=["requester", "approver"])
    held = [{"role": "requester", "member_id": house.town}]
    assert (status, made["grants"], await house.held(made["person_id"])) == (201, held, held)
    assert [(waiting["role"], waiting["mine"]) for waiting in made["requests"]] == [
        ("approver", True)
    ]
    request_id = made["requests"][0]["request_id"]
    status, refused = await house.confirm(request_id, administration)
    assert (status, refused["code"]) == (403, "second_person_needed")
    assert (await house.confirm(request_id, await house.administration(house.town)))[0] == 200
    _, people = await house.call("GET", f"/members/{house.town}/people", administration)
    (mine,) = (known for known in people if known["person_id"] == made["person_id"])
    assert mine["roles"] == ["approver", "requester"]


async def test_an_invitation_goes_out_as_for_everybody(doors: Doors):
    house = await settled(doors)
    bureau = Bureau(doors, house.office)
    address = "neu@stadt.example"
    await add(house, await house.administration(house.town), house.town, email=address)
    await bureau.run()
    (wanted,) = (known for known in bureau.directory.heard if known.email == address)
    assert (wanted.made, wanted.active, wanted.invited) == (True, True, False)


async def test_nobody_is_added_at_a_member_one_does_not_look_after(house: House):
    elsewhere = await house.administration(house.other)
    assert (await add(house, elsewhere, house.town))[1]["code"] == "member_unknown"
    requester = await house.register({"role": "requester", "member_id": house.town})
    by = house.doors.token(requester["sub"])
    status, refused = await add(house, by, house.town)
    assert (status, refused["code"]) == (404, "member_unknown")
    assert (await add(house, house.office, house.town))[0] == 201
    status, refused = await add(house, house.office, str(new_id()))
    assert (status, refused["code"]) == (404, "member_unknown")


@pytest.mark.parametrize("role", ["office", "procurement", "board", "operator"])
async def test_roles_of_the_cooperative_are_none_of_a_member(house: House, role: str):
    by = await house.administration(house.town)
    status, refused = await add(house, by, house.town, roles=[role])
    assert (status, refused["code"]) == (422, "role_level_wrong")


async def test_one_address_stays_one_account_and_the_way_on_is_said(house: House):
    by = await house.administration(house.town)
    await add(house, by, house.town, email="Erika@Stadt.example")
    status, refused = await add(house, by, house.town, email="erika@stadt.EXAMPLE")
    assert (status, refused["code"], refused["field"]) == (409, "email_taken", "email")
    assert "weitere Rollen" in refused["way_out"]
    for body in ({"roles": []}, {"email": "a..b@x"}, {"email": ""}, {"roles": ["king"]}):
        assert (await add(house, by, house.town, **body))[0] == 422


async def test_a_repeated_request_makes_one_account(house: House):
    by = await house.administration(house.town) | {"Idempotency-Key": str(new_id())}
    body = {"email": "neu@stadt.example", "roles": ["receiver"]}
    path = f"/members/{house.town}/people"
    first = await house.doors.client.post(path, json=body, headers=by)
    again = await house.doors.client.post(path, json=body, headers=by)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


async def people_of(house: House, member_id: str, by: dict[str, str]) -> dict[str, list[str]]:
    """Account -> its roles at a member, as somebody sees them there."""
    status, people = await house.call("GET", f"/members/{member_id}/people?limit=500", by)
    assert status == 200, people
    return {person["person_id"]: person["roles"] for person in people}


async def refused_colleague(house: House, by: dict[str, str]) -> str:
    """Somebody new whose only role was asked for and refused."""
    _, made = await add(house, by, house.town, roles=["approver"])
    (request,) = made["requests"]
    status, _ = await house.refuse(request["request_id"], house.office, "Bitte erst einarbeiten.")
    assert status == 200
    return str(made["person_id"])


async def test_whose_only_role_was_refused_stays_with_the_administration_that_asked(house: House):
    by = await house.administration(house.town)
    person_id = await refused_colleague(house, by)
    assert (await people_of(house, house.town, by))[person_id] == []
    assert (await people_of(house, house.town, house.office))[person_id] == []
    assert person_id not in await people_of(house, house.other, house.office)


async def test_a_refused_colleague_may_be_given_another_role(house: House):
    by = await house.administration(house.town)
    person_id = await refused_colleague(house, by)
    body = {"person_id": person_id, "role": "requester", "member_id": house.town}
    assert (await house.call("POST", "/grant-requests", by, body))[0] == 201
    assert (await people_of(house, house.town, by))[person_id] == ["requester"]
    body |= {"role": "approver"}
    assert (await house.call("POST", "/grant-requests", by, body))[0] == 201


async def test_a_refused_colleague_is_nobody_to_another_administration(house: House):
    person_id = await refused_colleague(house, await house.administration(house.town))
    by = await house.administration(house.other)
    body = {"person_id": person_id, "role": "requester", "member_id": house.other}
    status, refused = await house.call("POST", "/grant-requests", by, body)
    assert (status, refused["code"]) == (404, "person_unknown")


async def test_people_of_elsewhere_stay_there_whatever_was_refused_here(house: House):
    theirs = {"role": "requester", "member_id": house.other}
    person = await house.register(theirs, {"role": "approver", "member_id": house.town})
    request_id = await house.request(person["person_id"], "approver", house.town)
    assert (await house.refuse(request_id, house.second, "Nicht hier."))[0] == 200
    by = await house.administration(house.town)
    assert person["person_id"] not in await people_of(house, house.town, by)
    body = {"person_id": person["person_id"], "role": "receiver", "member_id": house.town}
    status, refused = await house.call("POST", "/grant-requests", by, body)
    assert (status, refused["code"]) == (404, "person_unknown")


async def test_a_refused_colleague_who_left_is_shown_no_more(house: House):
    by = await house.administration(house.town)
    person_id = await refused_colleague(house, by)
    path = f"/persons/{person_id}/deactivation"
    assert (await house.call("POST", path, house.office))[0] == 200
    assert person_id not in await people_of(house, house.town, by)


async def test_what_still_waits_is_not_refused_and_not_shown(house: House):
    by = await house.administration(house.town)
    _, made = await add(house, by, house.town, roles=["approver"])
    assert made["person_id"] not in await people_of(house, house.town, by)
