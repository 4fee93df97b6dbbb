"""Where people are reached: kept apart, for the office only, forgotten when access ends."""

import pytest
from sqlalchemy import text

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from services.members.tests.people import settled

OFFICE = {"role": "office", "member_id": None}
EXPERT = {"role": "expert"}


async def registered(doors: Doors, office: dict[str, str], **more: str):
    body = {"sub": str(new_id())} | more
    headers = office | {"Idempotency-Key": str(new_id())}
    return await doors.client.post("/persons", json=body, headers=headers)


async def test_an_address_is_kept_changed_and_forgotten(doors: Doors):
    office = await doors.account(("office", None))
    person = (await registered(doors, office, email="erika@stadt.example")).json()["person_id"]
    path = f"/persons/{person}/contact"
    assert (await doors.client.get(path, headers=office)).json()["email"] == "erika@stadt.example"
    changed = await doors.client.put(path, json={"email": "e.m@stadt.example"}, headers=office)
    assert (changed.status_code, changed.json()["email"]) == (200, "e.m@stadt.example")
    await doors.client.post(f"/persons/{person}/deactivation", headers=office)
    assert (await doors.client.get(path, headers=office)).json()["email"] is None
    late = await doors.client.put(path, json={"email": "e.m@stadt.example"}, headers=office)
    assert (late.status_code, late.json()["code"]) == (409, "person_inactive")


async def test_an_address_never_travels(doors: Doors):
    office = await doors.account(("office", None))
    answer = await registered(doors, office, email="erika@stadt.example")
    assert "erika" not in answer.text
    query = text("SELECT convert_from(payload, 'UTF8') FROM outbox")
    payloads = (await doors.database.connection.execute(query)).scalars().all()
    assert len(payloads) == 1
    assert "stadt.example" not in payloads[0]


async def test_an_address_belongs_to_one_account(doors: Doors):
    office = await doors.account(("office", None))
    await registered(doors, office, email="erika@stadt.example")
    again = await registered(doors, office, email="Erika@stadt.example")
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    "email",
    [
        "erika",
        "a@b",
        "a..b@stadt.example",
        ".a@stadt.example",
        "jürgen@stadt.example",
        "a b@stadt.example",
        "a@stadt.example\nBcc: x@y.example",
        "<a>@b.de",
    ],
)
async def test_what_is_no_address_is_refused(doors: Doors, email: str):
    office = await doors.account(("office", None))
    answer = await registered(doors, office, email=email)
    assert (answer.status_code, answer.json()["field"]) == (422, "email")


async def test_nobody_but_the_office_sees_addresses(doors: Doors):
    office = await doors.account(("office", None))
    person = (await registered(doors, office, email="erika@stadt.example")).json()["person_id"]
    for role in ("procurement", "operator"):
        other = await doors.account((role, None))
        answer = await doors.client.get(f"/persons/{person}/contact", headers=other)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_authorised")


async def test_a_domain_with_an_umlaut_is_taken_in_the_form_every_server_knows(doors: Doors):
    office = await doors.account(("office", None))
    person = (await registered(doors, office, email="erika@Köln.example")).json()["person_id"]
    known = (await doors.client.get(f"/persons/{person}/contact", headers=office)).json()
    assert known["email"] == "erika@xn--kln-sna.example"
    again = await registered(doors, office, email="ERIKA@xn--kln-sna.example")
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")


async def test_with_another_address_roles_of_two_wait_again(doors: Doors):
    """Whoever reads an account's mail can sign in as it: one of the office must not become two."""
    house = await settled(doors)
    body = {"email": "erika@stadt.example", "grants": [OFFICE, {**EXPERT, "member_id": house.town}]}
    _, erika = await house.call("POST", "/persons", house.office, body)
    await house.confirm(erika["requests"][0]["request_id"], house.second)
    path = f"/persons/{erika['person_id']}/contact"
    same = {"email": "ERIKA@stadt.example"}
    assert (await house.call("PUT", path, house.office, same))[0] == 200
    assert [g["role"] for g in await house.held(erika["person_id"])] == ["expert", "office"]
    mine = {"email": "attacker@stadt.example"}
    assert (await house.call("PUT", path, house.office, mine))[0] == 200
    assert [g["role"] for g in await house.held(erika["person_id"])] == ["expert"]
    request_id = await house.request(erika["person_id"], "office")
    status, refused = await house.confirm(request_id, house.office)
    assert (status, refused["code"]) == (403, "second_person_needed")
    assert (await house.confirm(request_id, house.second))[0] == 200
    own = await house.call("PUT", path, doors.token(erika["sub"]), same)
    assert (own[0], own[1]["code"]) == (403, "own_roles")
    _, known = await house.call("GET", path, house.office)
    assert known["email"] == "attacker@stadt.example"
