"""Every door refuses strangers, people who only look on, and what is not there, and says which."""

from typing import Any

import pytest

from marktbund.ids import new_id

ID = "0198f0a2-0000-7000-8000-000000000001"
REASON = {"reason": "Drei Mitglieder kaufen dasselbe"}
AWARD = {
    "awarded_on": "2026-02-01",
    "binding": "open",
    "starts_on": "2026-03-01",
    "ends_on": "2030-02-28",
    "entitled": [{"member_id": ID, "entitled_from": "2026-03-01"}],
    "lots": [
        {
            "lot_no": 1,
            "title": "Los 1",
            "supplier_id": ID,
            "positions": [
                {
                    "position_no": 1,
                    "comparable_group": "mfr:a|1",
                    "description": "Papier",
                    "order_unit": "C62",
                    "unit_price_net": "1",
                    "quantity": "1",
                }
            ],
        }
    ],
}
LOOKS = (
    "/demand/heat-map",
    "/demand/heat-map.csv",
    "/demand/pareto",
    "/demand/pareto.csv",
    "/demand/months",
    "/demand/months.csv",
    "/groups/gtin:1/prices",
    "/groups/gtin:1/prices.csv",
    "/proposals",
    "/proposals.csv",
    f"/proposals/{ID}",
    f"/proposals/{ID}/orders",
    f"/proposals/{ID}/orders.csv",
    "/tenders",
    f"/tenders/{ID}",
    f"/tenders/{ID}/moved",
    f"/tenders/{ID}/moved.csv",
    "/corrections",
)
DECISIONS = (
    (f"/proposals/{ID}/decision", REASON | {"decision": "accepted"}, "proposal_unknown"),
    (f"/tenders/{ID}/award", AWARD, "tender_unknown"),
    (f"/tenders/{ID}/cancellation", REASON, "tender_unknown"),
    (f"/corrections/{ID}/withdrawal", REASON, "correction_unknown"),
)
MISSING = (
    (f"/proposals/{ID}", "proposal_unknown"),
    (f"/proposals/{ID}/orders", "proposal_unknown"),
    (f"/proposals/{ID}/orders.csv", "proposal_unknown"),
    (f"/tenders/{ID}", "tender_unknown"),
    (f"/tenders/{ID}/moved", "tender_unknown"),
    (f"/tenders/{ID}/moved.csv", "tender_unknown"),
    ("/groups/gtin:1/prices", "group_without_prices"),
    ("/groups/gtin:1/prices.csv", "group_without_prices"),
)


@pytest.mark.parametrize("path", LOOKS)
async def test_nobody_of_a_member_and_no_stranger_looks_at_what_all_buy(doors, path: str):
    for headers in (
        await doors.account(("procurement", new_id())),
        await doors.account(("auditor", new_id())),
        await doors.account(("operator", None)),
        doors.token("fremd"),
    ):
        refused = await doors.client.get(path, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_authorised")
    assert (await doors.client.get(path)).status_code == 401


@pytest.mark.parametrize(("path", "body", "code"), DECISIONS)
async def test_only_the_award_team_of_the_cooperative_decides(
    doors, path: str, body: dict[str, Any], code: str
):
    for role in (("office", None), ("auditor", None), ("procurement", new_id())):
        headers = await doors.account(role)
        refused = await doors.client.post(path, json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_authorised")
    team = await doors.account(("procurement", None))
    unknown = await doors.client.post(path, json=body, headers=team)
    assert (unknown.status_code, unknown.json()["code"]) == (404, code)
    assert await doors.announced() == []


@pytest.mark.parametrize(("path", "body", "code"), DECISIONS)
async def test_a_decision_without_its_reason_or_result_is_refused_before_it_is_looked_for(
    doors, path: str, body: dict[str, Any], code: str
):
    team = await doors.account(("procurement", None))
    refused = await doors.client.post(path, json={}, headers=team)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    misspelt = await doors.client.post(path, json=body | {"grund": "x"}, headers=team)
    assert (misspelt.status_code, misspelt.json()["field"]) == (422, "grund")


@pytest.mark.parametrize(("path", "code"), MISSING)
async def test_what_is_not_there_is_said_to_whoever_may_look(doors, path: str, code: str):
    for role in ("procurement", "office", "auditor"):
        headers = await doors.account((role, None))
        missing = await doors.client.get(path, headers=headers)
        assert (missing.status_code, missing.json()["code"]) == (404, code)


@pytest.mark.parametrize("path", [f"/proposals/{ID}x", "/tenders/1", "/corrections/1/withdrawal"])
async def test_an_id_that_is_none_is_named(doors, path: str):
    team = await doors.account(("procurement", None))
    ask = doors.client.post if "corrections" in path else doors.client.get
    more = {"json": REASON} if "corrections" in path else {}
    refused = await ask(path, headers=team, **more)
    assert refused.status_code == 422
    assert refused.json()["field"] in {"proposal_id", "tender_id", "correction_id"}


async def test_the_second_reviewer_meets_what_the_first_decided(doors, planning):
    first, second = [await doors.account(("procurement", None)) for _ in range(2)]
    key = {"Idempotency-Key": str(new_id())}
    body = {"source": "gtin:1", "to_group": "gtin:2"} | REASON
    made = await doors.client.post("/corrections", json=body, headers=first | key)
    assert made.status_code == 201, made.text
    other = {"source": "gtin:2", "to_group": "gtin:1"} | REASON
    key = {"Idempotency-Key": str(new_id())}
    circle = await doors.client.post("/corrections", json=other, headers=second | key)
    assert (circle.status_code, circle.json()["code"]) == (409, "correction_circle")
    path = f"/corrections/{made.json()['correction_id']}/withdrawal"
    withdrawn = await doors.client.post(path, json=REASON, headers=second)
    assert (withdrawn.status_code, withdrawn.json()["version"]) == (200, 2)
    again = await doors.client.post(path, json=REASON, headers=first)
    assert (again.status_code, again.json()["code"]) == (409, "correction_withdrawn")
    key = {"Idempotency-Key": str(new_id())}
    free = await doors.client.post("/corrections", json=other, headers=second | key)
    assert free.status_code == 201, free.text
