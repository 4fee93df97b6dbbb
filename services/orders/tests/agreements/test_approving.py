"""A call-off that waits for an approver holds its room, and gives it back when it is refused."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from marktbund.contracts.rule_sets import ApprovalStep, RuleSetState
from marktbund.ids import new_id

NOON = "2026-05-04T12:00:00+02:00"


@pytest.fixture
async def waiting(desk, office) -> str:
    """A call-off of 1,200 EUR at a member where an approver looks at more than 1,000."""
    steps = (ApprovalStep(above_net=Decimal(1000)),)
    await desk.market.tell(
        RuleSetState(
            version=1,
            rule_set_id=new_id(),
            member_id=desk.member_id,
            status="active",
            rules=(),
            approval_steps=steps,
        )
    )
    agreement = await office.in_force()
    line = {"lot_no": 1, "position_no": 1, "quantity": "100"}
    body = {"agreement_id": agreement["agreement_id"], "lines": [line]}
    answer = await desk.post("/call-offs", body, Business_Time=NOON)
    assert (answer.status_code, answer.json()["status"]) == (201, "submitted")
    order_id: str = answer.json()["order_id"]
    return order_id


@pytest.fixture
async def decide(desk, waiting: str):
    token = await desk.doors.account(("approver", desk.member_id))
    headers = dict(token) | {"Member": str(desk.member_id)}
    [seen] = (await desk.doors.client.get("/approvals", headers=headers)).json()

    async def decided(verdict: str) -> Any:
        body = {"verdict": verdict, "content_sha256": seen["content_sha256"], "comment": "-"}
        keyed = headers | {"Idempotency-Key": str(new_id()), "Business-Time": NOON}
        path = f"/orders/{waiting}/approval"
        return await desk.doors.client.post(path, json=body, headers=keyed)

    return decided


async def used(desk: Any) -> list[Decimal]:
    query = "SELECT used_value_net FROM agreement_ceiling ORDER BY member_id NULLS FIRST"
    return list((await desk.uow.connection.execute(text(query))).scalars())


async def test_approved_it_is_placed_and_keeps_its_room(desk, waiting: str, decide):
    assert await used(desk) == [1200, 1200]
    answer = await decide("approve")
    assert (answer.status_code, answer.json()["status"]) == (201, "placed"), answer.text
    assert await used(desk) == [1200, 1200]
    [share] = await desk.shares(waiting)
    await desk.market.answer(share, (1, "refused", "0", "0"))
    assert await used(desk) == [0, 0]


async def test_refused_it_gives_its_room_back(desk, decide):
    answer = await decide("refuse")
    assert (answer.status_code, answer.json()["status"]) == (201, "refused"), answer.text
    assert await used(desk) == [0, 0]


async def test_it_is_not_sent_back(desk, decide):
    answer = await decide("send_back")
    assert (answer.status_code, answer.json()["code"]) == (409, "order_state")
    assert await used(desk) == [1200, 1200]


async def test_taken_back_by_its_requester_it_gives_its_room_back(desk, waiting: str):
    assert (await desk.post(f"/orders/{waiting}/cancellation", {})).status_code == 201
    assert await used(desk) == [0, 0]
