"""The doors of members, on real PostgreSQL as the app role."""

import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors

TOWN = {"name": "Musterstadt", "legal_form": "municipality", "official_key": "05999999"}


JSON = {"Content-Type": "application/json"}


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(new_id())}


async def test_office_registers_a_member_and_it_is_announced(doors: Doors):
    office = await doors.account(("office", None))
    answer = await doors.client.post("/members", json=TOWN, headers=office | key())
    assert answer.status_code == 201, answer.text
    assert answer.json()["official_key"] == "05999999"
    assert await doors.announced() == ["MemberRegistered"]


async def test_the_same_key_and_body_gets_the_same_answer_once(doors: Doors):
    headers = await doors.account(("office", None)) | key()
    first = await doors.client.post("/members", json=TOWN, headers=headers)
    again = await doors.client.post("/members", json=TOWN, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert await doors.announced() == ["MemberRegistered"]


async def test_the_same_key_with_another_body_is_refused(doors: Doors):
    headers = await doors.account(("office", None)) | key()
    await doors.client.post("/members", json=TOWN, headers=headers)
    other = await doors.client.post("/members", json=TOWN | {"name": "X"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_known_official_key_is_a_conflict(doors: Doors):
    office = await doors.account(("office", None))
    await doors.client.post("/members", json=TOWN, headers=office | key())
    answer = await doors.client.post("/members", json=TOWN, headers=office | key())
    assert (answer.status_code, answer.json()["code"]) == (409, "member_exists")


@pytest.mark.parametrize("role", ["procurement", "operator"])
async def test_other_roles_cannot_register(doors: Doors, role: str):
    other = await doors.account((role, None))
    answer = await doors.client.post("/members", json=TOWN, headers=other | key())
    assert (answer.status_code, answer.json()["code"]) == (403, "not_authorised")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_a_token_nobody_gets_in(doors: Doors):
    answer = await doors.client.get("/members")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")


async def test_an_account_gets_roles_and_loses_access(doors: Doors):
    office = await doors.account(("office", None))
    member = (await doors.client.post("/members", json=TOWN, headers=office | key())).json()
    body = {"sub": "opaque-1", "grants": [{"role": "requester", "member_id": member["member_id"]}]}
    person = (await doors.client.post("/persons", json=body, headers=office | key())).json()
    own = doors.token("opaque-1")
    assert (await doors.client.get("/me", headers=own)).json()["active"] is True
    gone = await doors.client.post(f"/persons/{person['person_id']}/deactivation", headers=office)
    assert gone.json()["active"] is False
    choice = {"mails": []}
    for answer in (
        await doors.client.get("/me", headers=own),
        await doors.client.get("/me/notices", headers=own),
        await doors.client.put("/me/notices", json=choice, headers=own),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_authorised")
    assert await doors.announced() == ["MemberRegistered", "PersonRegistered", "PersonDeactivated"]


async def test_a_cooperative_role_cannot_hang_on_a_member(doors: Doors):
    office = await doors.account(("office", None))
    body = {"sub": "opaque-2", "grants": [{"role": "office", "member_id": str(new_id())}]}
    answer = await doors.client.post("/persons", json=body, headers=office | key())
    assert (answer.status_code, answer.json()["field"]) == (422, "grants[0].member_id")


async def test_bad_json_is_a_problem_with_a_code(doors: Doors):
    office = await doors.account(("office", None))
    answer = await doors.client.post("/members", content=b"{", headers=office | key() | JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


async def test_a_control_character_is_refused_before_the_database_sees_it(doors: Doors):
    office = await doors.account(("office", None))
    body = TOWN | {"name": "Muster\x00stadt"}
    answer = await doors.client.post("/members", json=body, headers=office | key())
    assert (answer.status_code, answer.json()["field"]) == (422, "name")
