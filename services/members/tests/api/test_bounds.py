"""Days and texts that the office sets: within bounds, in order, and never blank."""

from typing import Any

import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from services.members.tests.people import House, settled

RULE: dict[str, Any] = {
    "contract_kinds": ["supply"],
    "binding": True,
    "source": "Satzung",
    "source_kind": "bylaw",
    "valid_from": "2026-01-01",
}
AWARD = {"cpv_prefix": "3916", "evidence": "Beschluss 14", "valid_to": "2027-12-31"}


@pytest.fixture
async def house(doors: Doors) -> House:
    return await settled(doors)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"valid_from": 1767225600}, "mandates[0].valid_from"),
        ({"valid_from": "1767225600"}, "mandates[0].valid_from"),
        ({"valid_from": "0001-01-01"}, "mandates[0].valid_from"),
        ({"valid_from": "2026-01-01", "valid_to": "9999-12-31"}, "mandates[0].valid_to"),
        ({"valid_from": "2026-01-02", "valid_to": "2026-01-01"}, "mandates[0].valid_to"),
        ({"valid_from": "2026-01-01", "until": "2026-02-01"}, "mandates[0].until"),
    ],
)
async def test_a_mandate_holds_on_days_there_are(house: House, days: dict[str, Any], field: str):
    person = await house.register()
    path = f"/persons/{person['person_id']}/grants"
    mandate = {"acting_member_id": house.town, "member_id": house.other, **days}
    body = {"grants": [], "mandates": [mandate]}
    before = await house.doors.announced()
    status, refused = await house.call("PUT", path, house.office, body)
    assert (status, refused["field"]) == (422, field)
    assert await house.doors.announced() == before


async def test_a_mandate_of_one_day_is_taken_and_none_for_oneself(house: House):
    person = await house.register()
    path = f"/persons/{person['person_id']}/grants"
    mandate = {"acting_member_id": house.town, "member_id": house.other}
    mandate |= {"valid_from": "2026-01-01", "valid_to": "2026-01-01"}
    body = {"grants": [], "mandates": [mandate]}
    status, answer = await house.call("PUT", path, house.office, body)
    assert (status, answer["mandates"]) == (200, [mandate])
    body = {"grants": [], "mandates": [mandate | {"member_id": house.town}]}
    status, refused = await house.call("PUT", path, house.office, body)
    assert (status, refused["code"]) == (422, "mandate_for_itself")


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"source": " \u200b "}, "rules[0].source"),
        ({"source": "x" * 201}, "rules[0].source"),
        ({"valid_from": "0001-01-01"}, "rules[0].valid_from"),
        ({"valid_to": 1767225600}, "rules[0].valid_to"),
        ({"valid_to": "2025-12-31"}, "rules[0].valid_to"),
        ({"advice": [{"above_net": "1", "text": "x" * 501}]}, "rules[0].advice[0].text"),
        ({"limits": [{"route": "direct", "up_to_net": "1"}] * 11}, "rules[0].limits"),
    ],
)
async def test_a_rule_names_its_source_and_its_days(
    house: House, differs: dict[str, Any], field: str
):
    path = f"/members/{house.town}/rule-set"
    status, refused = await house.call("PUT", path, house.office, {"rules": [RULE | differs]})
    assert (status, refused["field"]) == (422, field)
    assert (await house.call("GET", path, house.office))[0] == 404
    status, adopted = await house.call("PUT", path, house.office, {"rules": [RULE]})
    assert (status, adopted["rules"][0]["source"]) == (200, "Satzung")


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"evidence": "   "}, "awards[0].evidence"),
        ({"evidence": "x" * 501}, "awards[0].evidence"),
        ({"valid_to": "2200-01-01"}, "awards[0].valid_to"),
    ],
)
async def test_what_a_unit_awards_itself_stands_on_evidence(
    house: House, differs: dict[str, Any], field: str
):
    body = {"member_id": house.town, "name": "Schule"}
    _, unit = await house.call("POST", "/units", house.office, body)
    path = f"/units/{unit['unit_id']}/awards"
    status, refused = await house.call("PUT", path, house.office, {"awards": [AWARD | differs]})
    assert (status, refused["field"]) == (422, field)
    status, taken = await house.call("PUT", path, house.office, {"awards": [AWARD]})
    assert (status, taken["awards"]) == (200, [AWARD])


@pytest.mark.parametrize("name", [" \u200b ", "Stadt\u2066Amt", "Stadt\nBcc: x@y.example"])
async def test_a_name_is_one_visible_line(house: House, name: str):
    body = {"name": name, "legal_form": "municipality", "official_key": str(new_id())}
    status, refused = await house.call("POST", "/members", house.office, body)
    assert (status, refused["field"]) == (422, "name")
