"""What doors refuse: strangers, people whose access ended, bodies that are none, ids of nobody."""

from typing import Any

import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from services.members.tests.people import House, settled

NOBODY = "00000000-0000-7000-8000-000000000000"
READS = [
    "/members",
    "/units",
    "/persons",
    "/rule-set-presets",
    "/members/{town}/rule-set",
    "/persons/{person}/contact",
    "/grant-requests",
    "/members/{town}/people",
    "/me",
    "/me/notices",
]
WRITES: list[tuple[str, str, Any]] = [
    ("POST", "/members", {"name": "Amt", "legal_form": "other", "official_key": "1"}),
    ("POST", "/members/{town}/status", {"status": "suspended"}),
    ("PUT", "/members/{town}/contracting-authority", {"contracting_authority_id": None}),
    ("PUT", "/members/{town}/rule-set", {"preset": "hesse-2021"}),
    ("POST", "/members/{town}/rule-set/withdrawal", None),
    ("POST", "/units", {"member_id": "{town}", "name": "Schule"}),
    ("PUT", "/units/{unit}/awards", {"awards": []}),
    ("POST", "/persons", {"sub": "neu"}),
    ("PUT", "/persons/{person}/grants", {"grants": []}),
    ("PUT", "/persons/{person}/contact", {"email": "neu@stadt.example"}),
    ("POST", "/persons/{person}/deactivation", None),
    ("POST", "/persons/{person}/revocation", {"role": "requester", "member_id": "{town}"}),
    (
        "POST",
        "/grant-requests",
        {"person_id": "{person}", "role": "receiver", "member_id": "{town}"},
    ),
    ("POST", "/grant-requests/{request}/confirmation", {"comment": "ja"}),
    ("POST", "/grant-requests/{request}/refusal", {"comment": "nein"}),
    ("POST", "/members/{town}/people", {"email": "n@stadt.example", "roles": ["receiver"]}),
    ("PUT", "/me/notices", {"unwanted": []}),
]
DOORS = [*(("GET", path, None) for path in READS), *WRITES]
OF_ONESELF = {"/me", "/me/notices"}


class Town(House):
    """A house with a unit, a person, and a role of theirs that waits."""

    names: dict[str, str]

    def named(self, value: Any) -> Any:
        """The value with its names put in."""
        if isinstance(value, dict):
            return {name: self.named(part) for name, part in value.items()}
        return value.format(**self.names) if isinstance(value, str) else value

    async def knock(self, door: tuple[str, str, Any], by: dict[str, str]) -> tuple[int, str]:
        """Status and code of a door's answer."""
        method, path, body = door
        status, answer = await self.call(method, self.named(path), by, self.named(body))
        return status, answer.get("code", "") if isinstance(answer, dict) else ""


@pytest.fixture
async def town(doors: Doors) -> Town:
    house = await settled(doors)
    made = Town(house.doors, house.office, house.second, house.town, house.other)
    _, unit = await made.call(
        "POST", "/units", made.office, {"member_id": made.town, "name": "Bauamt"}
    )
    roles = [{"role": role, "member_id": made.town} for role in ("requester", "approver")]
    person = await made.register(*roles)
    made.names = {
        "town": made.town,
        "unit": unit["unit_id"],
        "person": person["person_id"],
        "request": person["requests"][0]["request_id"],
        "sub": person["sub"],
    }
    return made


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door[0]} {door[1]}")
async def test_without_a_token_no_door_opens(town: Town, door):
    before = await town.doors.announced()
    assert await town.knock(door, {}) == (401, "token_missing")
    assert await town.doors.announced() == before


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door[0]} {door[1]}")
async def test_whose_access_ended_comes_through_no_door(town: Town, door):
    gone = await town.doors.account(("office", None), sub="gone")
    query = "UPDATE principal SET active = false WHERE sub = 'gone'"
    await town.doors.database.connection.exec_driver_sql(query)
    before = await town.doors.announced()
    assert await town.knock(door, gone) == (403, "not_authorised")
    assert await town.doors.announced() == before


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door[0]} {door[1]}")
async def test_who_has_an_account_and_no_role_here_changes_and_sees_nothing(town: Town, door):
    person = await town.register({"role": "requester", "member_id": town.other})
    before = await town.doors.announced()
    status, _ = await town.knock(door, town.doors.token(person["sub"]))
    assert (status == 200) if door[1] in OF_ONESELF else (status in {403, 404})
    assert await town.doors.announced() == before


@pytest.mark.parametrize("door", [door for door in WRITES if door[2]], ids=lambda door: door[1])
async def test_a_field_that_a_door_does_not_know_is_refused_by_its_name(town: Town, door):
    method, path, body = door
    by = town.doors.token(town.names["sub"]) if path == "/me/notices" else town.office
    sent = town.named(body) | {"surprise": 1}
    before = await town.doors.announced()
    status, refused = await town.call(method, town.named(path), by, sent)
    assert (status, refused["field"]) == (422, "surprise")
    assert await town.doors.announced() == before


UNKNOWN = [
    ("POST", "/members/{n}/status", {"status": "suspended"}, "member_unknown"),
    (
        "PUT",
        "/members/{n}/contracting-authority",
        {"contracting_authority_id": None},
        "member_unknown",
    ),
    (
        "PUT",
        "/members/{town}/contracting-authority",
        {"contracting_authority_id": NOBODY},
        "member_unknown",
    ),
    ("PUT", "/members/{n}/rule-set", {"preset": "hesse-2021"}, "member_unknown"),
    ("PUT", "/members/{town}/rule-set", {"preset": "bayern"}, "preset_unknown"),
    ("GET", "/members/{n}/rule-set", None, "rule_set_unknown"),
    ("PUT", "/units/{n}/awards", {"awards": []}, "unit_unknown"),
    ("PUT", "/persons/{n}/grants", {"grants": []}, "person_unknown"),
    ("GET", "/persons/{n}/contact", None, "person_unknown"),
    ("PUT", "/persons/{n}/contact", {"email": "a@stadt.example"}, "person_unknown"),
    ("POST", "/persons/{n}/revocation", {"role": "board"}, "person_unknown"),
    ("POST", "/grant-requests", {"person_id": NOBODY, "role": "board"}, "person_unknown"),
    ("POST", "/grant-requests/{n}/confirmation", {"comment": ""}, "request_unknown"),
    ("POST", "/grant-requests/{n}/refusal", {"comment": "x"}, "request_unknown"),
]


@pytest.mark.parametrize(("method", "path", "body", "code"), UNKNOWN)
async def test_an_id_of_nobody_is_not_there(town: Town, method: str, path: str, body, code: str):
    town.names["n"] = NOBODY
    before = await town.doors.announced()
    assert await town.knock((method, path, body), town.office) == (404, code)
    assert await town.doors.announced() == before


@pytest.mark.parametrize(
    "path", ["/members/x/status", "/persons/1/grants", "/grant-requests/ja/refusal"]
)
async def test_an_id_that_is_none_is_refused_by_its_field(town: Town, path: str):
    method = "PUT" if path.endswith("grants") else "POST"
    body = {"grants": []} if method == "PUT" else {"status": "active"}
    status, refused = await town.call(method, path, town.office, body)
    assert (status, refused["code"]) == (422, "invalid_input")
    assert refused["field"].endswith("_id")


@pytest.mark.parametrize("path", ["/members", "/units", "/persons", "/grant-requests"])
async def test_what_could_be_done_twice_needs_a_key(town: Town, path: str):
    answer = await town.doors.client.post(path, json={}, headers=town.office)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_input"


async def test_a_refused_request_may_be_sent_again_with_the_same_key(town: Town):
    headers = town.office | {"Idempotency-Key": str(new_id())}
    body = {"sub": "neu", "unit_ids": [NOBODY]}
    first = await town.doors.client.post("/persons", json=body, headers=headers)
    assert (first.status_code, first.json()["field"]) == (404, "unit_ids[0]")
    body["unit_ids"] = [town.names["unit"]]
    again = await town.doors.client.post("/persons", json=body, headers=headers)
    assert (again.status_code, again.json()["sub"]) == (201, "neu")


async def test_somebody_whom_nobody_knows_hears_so_about_themselves(town: Town):
    stranger = town.doors.token("stranger")
    for door in (("GET", "/me", None), ("GET", "/me/notices", None)):
        assert await town.knock(door, stranger) == (404, "person_unknown")
    choice = ("PUT", "/me/notices", {"unwanted": ["order_approved"]})
    assert await town.knock(choice, stranger) == (404, "person_unknown")


async def test_one_person_sees_nothing_of_another_in_their_own_page(town: Town):
    other = await town.register({"role": "approver", "member_id": town.town})
    _, mine = await town.call("GET", "/me", town.doors.token(town.names["sub"]))
    assert (mine["person_id"], "email" in mine) == (town.names["person"], False)
    _, theirs = await town.call("GET", "/me", town.doors.token(other["sub"]))
    assert (theirs["person_id"], theirs["grants"]) == (other["person_id"], [])


async def test_a_choice_of_mails_is_ones_own(town: Town):
    other = await town.register({"role": "receiver", "member_id": town.town})
    choice = {"unwanted": ["order_approved", "order_refused", "order_approved"]}
    mine, theirs = town.doors.token(town.names["sub"]), town.doors.token(other["sub"])
    _, chosen = await town.call("PUT", "/me/notices", mine, choice)
    assert chosen["unwanted"] == ["order_approved", "order_refused"]
    assert (await town.call("GET", "/me/notices", theirs))[1]["unwanted"] == []
    _, fewer = await town.call("PUT", "/me/notices", mine, {"unwanted": ["order_refused"]})
    assert fewer["unwanted"] == ["order_refused"]
    assert (await town.call("PUT", "/me/notices", mine, {"unwanted": []}))[1]["unwanted"] == []
