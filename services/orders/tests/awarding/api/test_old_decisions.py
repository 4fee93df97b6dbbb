"""Decisions made by an earlier evaluator are made again as they were made."""

from typing import Any

from sqlalchemy import text

from marktbund.contracts.rule_sets import AwardRule, RouteLimit, RuleSetState
from marktbund.ids import new_id

# What evaluator 1 kept: the sum of the longest window alone.
_AS_BEFORE = text("""
    INSERT INTO route_decision (order_id, decision_no, occasion, decided_at, outcome,
                                content_sha256, body)
    SELECT order_id, 2, 'approval', decided_at, outcome, content_sha256,
           jsonb_set(jsonb_set(body, '{evaluator}', '1'), '{inputs,classes}', (
               SELECT jsonb_agg(one - 'windows')
                 FROM jsonb_array_elements(body->'inputs'->'classes') AS one))
      FROM route_decision WHERE order_id = :order_id
""")


def rule(limit: int, months: int) -> AwardRule:
    return AwardRule(
        contract_kinds=("supply",),
        limits=(RouteLimit(route="direct", up_to_net=limit),),
        window_months=months,
        binding=True,
        source="Satzung",
        source_kind="bylaw",
        valid_from="2021-01-01",
    )


async def replayed(desk, order_id: str) -> dict[str, Any]:
    token = await desk.doors.account(("auditor", desk.member_id))
    headers = token | {"Member": str(desk.member_id)}
    path = f"/orders/{order_id}/decision-replay"
    replayed: dict[str, Any] = (await desk.doors.client.post(path, headers=headers)).json()
    return replayed


async def test_a_decision_of_the_longest_window_alone_is_no_finding(desk):
    state = RuleSetState(
        version=1,
        rule_set_id=new_id(),
        member_id=desk.member_id,
        status="active",
        rules=(rule(1000, 3), rule(5000, 12)),
    )
    await desk.market.tell(state)
    await desk.ordered((desk.paper, "5"))
    order = await desk.ordered((desk.paper, "7"))
    fresh = await replayed(desk, order["order_id"])
    assert (fresh["same"], fresh["differences"], fresh["evaluator"]) == (True, [], 2)
    shown = (await desk.get(f"/orders/{order['order_id']}")).json()["decision"]["inputs"]
    windows = [
        (window["months"], window["before_net"]) for window in shown["classes"][0]["windows"]
    ]
    assert windows == [(12, "62.50"), (3, "62.50")]
    await desk.uow.connection.execute(_AS_BEFORE, {"order_id": order["order_id"]})
    old = await replayed(desk, order["order_id"])
    assert (old["same"], old["differences"], old["evaluator"]) == (True, [], 1)
