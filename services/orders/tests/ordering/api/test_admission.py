"""POST /orders looks account and key up with its facts, and refuses as every other door does."""

from typing import Any

import pytest
from sqlalchemy import text

from marktbund.ids import new_id
from marktbund.quotas import Quotas

ANYBODY = "nobody-knows"
WRONG: tuple[dict[str, Any], ...] = (
    {},
    {"token": ANYBODY},
    {"role": "approver"},
    {"Member": "no-uuid"},
    {"Member": str(new_id())},
    {"Member": "x" * 37},
    {"On-Behalf-Of": "no-uuid"},
    {"On-Behalf-Of": str(new_id())},
    {"Idempotency-Key": "short"},
    {"Business-Time": "yesterday"},
    {"token": ANYBODY, "Business-Time": "yesterday"},
    {"role": "approver", "Business-Time": "yesterday"},
    {"token": ANYBODY, "Member": "x" * 37},
    {"role": "approver", "Idempotency-Key": "short"},
    {"Member": str(new_id()), "Idempotency-Key": "short"},
    {"Member": "no-uuid", "On-Behalf-Of": str(new_id())},
)
BODIES = ({}, {"lines": []}, {"lines": 1, "agreement_id": 1})


@pytest.mark.parametrize("body", BODIES, ids=["empty", "no lines", "no list"])
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: " ".join(wrong) or "nothing")
async def test_what_is_wrong_is_refused_in_the_order_of_every_door(desk, wrong, body):
    headers = dict(wrong)
    if "token" in headers:
        desk.token = desk.doors.token(headers.pop("token"))
    if "role" in headers:
        desk.token = await desk.doors.account((headers.pop("role"), desk.member_id))
    shown = []
    for path in ("/orders", "/call-offs"):
        sent = desk.headers() | headers
        answer = await desk.doors.client.post(path, json=body, headers=sent)
        problem = answer.json()
        field = problem.get("field", "") if problem["code"] != "invalid_input" else ""
        shown.append((answer.status_code, problem["code"], field))
    assert shown[0] == shown[1]
    assert shown[0][0] >= 400


async def test_a_body_that_is_no_json_is_refused_before_anybody_is_known(desk):
    for path in ("/orders", "/call-offs"):
        sent = desk.headers() | desk.doors.token(ANYBODY) | {"Content-Type": "application/json"}
        answer = await desk.doors.client.post(path, content=b"{", headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("body", [None, {}], ids=["good", "refused"])
async def test_a_request_counts_once_in_the_quota(desk, body):
    before = desk.doors.app.state.quotas
    desk.doors.app.state.quotas = Quotas({"writes": 2}, now=lambda: 0.0)
    try:
        sent = [desk.basket() if body is None else body] * 3
        codes = [(await desk.post("/orders", body)).status_code for body in sent]
    finally:
        desk.doors.app.state.quotas = before
    assert codes == [201 if body is None else 422] * 2 + [429]


async def test_a_stranger_does_not_hear_what_a_key_was_answered(desk):
    key = str(new_id())
    assert (await desk.post("/orders", desk.basket(), Idempotency_Key=key)).status_code == 201
    query = text("UPDATE principal SET active = false, version = version + 1")
    await desk.uow.connection.execute(query)
    again = await desk.post("/orders", desk.basket(), Idempotency_Key=key)
    assert (again.status_code, again.json()["code"]) == (403, "not_authorised")
