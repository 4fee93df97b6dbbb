"""Approvals, award offices and replays over HTTP."""

from typing import Any

import pytest
from sqlalchemy import text

from marktbund.clock import business_date, now
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.ids import new_id

LIMITS = (
    RouteLimit(route="direct", up_to_net=500),
    RouteLimit(route="request", up_to_net=5000, offers_asked=2, offers_received=1),
)
ASKED = {"supplier_name": "Papier Nord GmbH"}
QUOTED_ON = business_date(now()).isoformat()
RECEIVED = {"supplier_name": "Papier Süd GmbH", "net_total": "700.00", "quoted_on": QUOTED_ON}


@pytest.fixture
async def office(desk) -> dict[str, dict[str, str]]:
    """Accounts of an approver, an award office and an auditor; rules for the desk's member."""
    await desk.market.rules(desk.member_id, *LIMITS)
    return {
        role: await desk.doors.account((role, desk.member_id))
        for role in ("approver", "award_office", "auditor")
    }


async def act(desk, account: dict[str, str], path: str, body: Any = None) -> Any:
    headers = account | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    return await desk.doors.client.post(path, json=body, headers=headers)


async def look(desk, account: dict[str, str], path: str) -> Any:
    headers = account | {"Member": str(desk.member_id)}
    return (await desk.doors.client.get(path, headers=headers)).json()


async def pots(desk) -> str:
    query = text("SELECT coalesce(sum(net), 0)::text FROM limit_day")
    return await desk.uow.connection.scalar(query)


def verdict(kind: str, seen: str, comment: str = "") -> dict[str, str]:
    return {"verdict": kind, "content_sha256": seen, "comment": comment}


async def test_above_the_step_an_order_waits_and_is_placed_when_approved(desk, office):
    order = await desk.ordered((desk.paper, "20"))
    assert (order["status"], order["supplier_order_ids"]) == (
        "submitted",
        order["supplier_order_ids"],
    )
    (waiting,) = await look(desk, office["approver"], "/approvals")
    assert (waiting["order_id"], waiting["net_total"]) == (order["order_id"], "250.00")
    assert waiting["decision"]["approval_reason"] == "Über 100,00 EUR ist eine Genehmigung nötig."
    path = f"/orders/{order['order_id']}/approval"
    answer = await act(
        desk, office["approver"], path, verdict("approve", waiting["content_sha256"])
    )
    assert (answer.status_code, answer.json()["status"]) == (201, "placed")
    assert await desk.doors.announced() == [
        "NeedRecorded",
        "OrderSubmitted",
        "OrderApproved",
        "OrderPlaced",
        "SupplierOrderPlaced",
    ]
    assert await look(desk, office["approver"], "/approvals") == []


async def test_only_what_was_seen_is_approved_and_never_by_the_requester(desk, office):
    order = await desk.ordered((desk.paper, "20"))
    path = f"/orders/{order['order_id']}/approval"
    stale = await act(desk, office["approver"], path, verdict("approve", "0" * 64))
    assert (stale.status_code, stale.json()["code"]) == (409, "content_changed")
    own = await desk.doors.account(("requester", desk.member_id), ("approver", desk.member_id))
    mine = (await act(desk, own, "/orders", desk.basket((desk.paper, "10")))).json()
    seen = (await look(desk, own, f"/orders/{mine['order_id']}"))["content_sha256"]
    refused = await act(desk, own, f"/orders/{mine['order_id']}/approval", verdict("approve", seen))
    assert (refused.status_code, refused.json()["code"]) == (403, "four_eyes")


@pytest.mark.parametrize("kind", ["refuse", "send_back"])
async def test_turned_down_an_order_ends_and_its_room_is_free(desk, office, kind: str):
    order = await desk.ordered((desk.paper, "20"))
    assert await pots(desk) == "250.00"
    seen = await look(desk, office["approver"], f"/orders/{order['order_id']}")
    path = f"/orders/{order['order_id']}/approval"
    silent = await act(desk, office["approver"], path, verdict(kind, seen["content_sha256"]))
    assert silent.status_code == 422
    body = verdict(kind, seen["content_sha256"], "Bestand reicht")
    answer = await act(desk, office["approver"], path, body)
    assert answer.json()["status"] == {"refuse": "refused", "send_back": "sent_back"}[kind]
    assert await pots(desk) == "0.00"
    drafts = [order for order in (await desk.get("/orders")).json() if order["status"] == "draft"]
    assert len(drafts) == (kind == "send_back")


async def test_a_route_that_changed_meanwhile_is_followed_instead_of_placing(desk, office):
    order = await desk.ordered((desk.paper, "20"))
    await desk.market.rules(desk.member_id, RouteLimit(route="direct", up_to_net=200), version=2)
    seen = await look(desk, office["approver"], f"/orders/{order['order_id']}")
    path = f"/orders/{order['order_id']}/approval"
    answer = await act(desk, office["approver"], path, verdict("approve", seen["content_sha256"]))
    assert answer.json()["status"] == "handed_over"
    assert (await desk.doors.announced())[2:] == ["RouteDecided", "OrderHandedOver"]
    assert await pots(desk) == "0.00"


async def test_offers_are_recorded_and_the_order_goes_on(desk, office):
    order = await desk.ordered((desk.paper, "60"))
    assert order["status"] == "awaiting_offers"
    path = f"/orders/{order['order_id']}/offers"
    few = await act(desk, office["award_office"], path, {"offers": [ASKED]})
    assert (few.status_code, few.json()["code"]) == (409, "offers_insufficient")
    twice = await act(desk, office["award_office"], path, {"offers": [RECEIVED, RECEIVED]})
    assert twice.json()["code"] == "offers_insufficient"
    done = await act(desk, office["award_office"], path, {"offers": [ASKED, RECEIVED]})
    assert (done.status_code, done.json()["status"]) == (201, "submitted")
    shown = await look(desk, office["approver"], f"/orders/{order['order_id']}")
    assert [offer["kind"] for offer in shown["offers"]] == ["asked", "received"]
    approved = await act(
        desk,
        office["approver"],
        f"/orders/{order['order_id']}/approval",
        verdict("approve", shown["content_sha256"]),
    )
    assert approved.json()["status"] == "placed"
    assert (await desk.doors.announced())[1:5] == [
        "OrderSubmitted",
        "OffersAwaited",
        "OffersRecorded",
        "RouteDecided",
    ]


async def test_a_release_lets_a_waiting_order_go_on_with_its_reason(desk, office):
    order = await desk.ordered((desk.paper, "60"))
    body = {"code": "fixed_price", "reason": "Preisbindung"}
    path = f"/orders/{order['order_id']}/release"
    released = await act(desk, office["award_office"], path, body)
    assert released.json()["status"] == "submitted"
    shown = await look(desk, office["auditor"], f"/orders/{order['order_id']}")
    assert shown["decision"]["outcome"] == "direct"
    assert "Freigabe der Vergabestelle: Preisbindung" in shown["decision"]["reasons"]


async def test_what_was_handed_over_comes_back_as_an_order_of_its_own(desk, office):
    order = await desk.ordered((desk.paper, "1000"))
    assert (order["status"], await pots(desk)) == ("handed_over", "0")
    path = f"/orders/{order['order_id']}"
    request = await look(desk, office["award_office"], f"{path}/award-request")
    assert request["form"] == "marktbund-vergabeantrag-1"
    assert request["need"]["estimate"]["net"] == "12500.00"
    assert request["order"]["decision"]["outcome"] == "hand_over"
    line = {"article_id": str(desk.paper), "quantity": "1000", "unit_price_net": "11.00"}
    body = {"procedure": "negotiated", "file_reference": "VS-2026-0117", "lines": [line]}
    result = (await act(desk, office["award_office"], f"{path}/award", body)).json()
    assert (result["status"], result["net_total"]) == ("placed", "11000.00")
    assert result["order_kind"] == "award_result"
    assert (await look(desk, office["auditor"], path))["status"] == "awarded"
    again = await act(desk, office["award_office"], f"{path}/award", body)
    assert (again.status_code, again.json()["code"]) == (409, "order_state")
    assert await pots(desk) == "0"
    query = text("""
        SELECT convert_from(payload, 'UTF8')::jsonb ->> 'order_kind' FROM outbox
         WHERE type LIKE '%SupplierOrderPlaced%'
    """)
    assert (await desk.uow.connection.scalars(query)).all() == ["award_result"]


async def test_a_decision_made_again_is_the_same_whatever_was_ordered_since(desk, office):
    await desk.ordered((desk.paper, "5"))
    order = await desk.ordered((desk.paper, "7"))
    await desk.ordered((desk.paper, "6"))
    await desk.market.rules(desk.member_id, RouteLimit(route="direct", up_to_net=10), version=2)
    path = f"/orders/{order['order_id']}/decision-replay"
    replayed = (await act(desk, office["auditor"], path)).json()
    assert (replayed["same"], replayed["differences"], replayed["version"]) == (True, [], 2)
    assert (await desk.doors.announced())[-1] == "DecisionReplayed"


async def test_a_decision_that_says_other_sums_than_the_ledger_is_a_finding(desk, office):
    await desk.ordered((desk.paper, "5"))
    order = await desk.ordered((desk.paper, "7"))
    forged = text("""
        INSERT INTO route_decision (order_id, decision_no, occasion, decided_at, outcome,
                                    content_sha256, body)
        SELECT order_id, 2, 'approval', decided_at, outcome, content_sha256,
               jsonb_set(body, '{inputs,classes,0,before_net}', '"500.00"')
          FROM route_decision WHERE order_id = :order_id
    """)
    await desk.uow.connection.execute(forged, {"order_id": order["order_id"]})
    path = f"/orders/{order['order_id']}/decision-replay"
    replayed = (await act(desk, office["auditor"], path)).json()
    different = ["Summe der CPV-Klasse 3019: 500,00 EUR, neu 62,50 EUR."]
    assert (replayed["same"], replayed["differences"]) == (False, different)


async def test_a_need_is_written_down_used_and_closed(desk, office):
    body = {"title": "Ausstattung", "contract_kind": "supply", "stated_net": "400"}
    need = (await desk.post("/needs", body)).json()
    await desk.ordered((desk.paper, "2"), need_id=need["need_id"])
    (shown,) = (await desk.get("/needs")).json()
    assert (shown["ordered_net"], shown["estimate"]["net"]) == ("25.00", "400")
    closed = await desk.post(f"/needs/{need['need_id']}/closure")
    assert closed.json()["status"] == "closed"
    refused = await desk.post("/orders", desk.basket((desk.paper, "1"), need_id=need["need_id"]))
    assert (refused.status_code, refused.json()["code"]) == (409, "need_closed")


async def test_a_cart_is_checked_and_nothing_is_kept(desk, office):
    before = await desk.standing()
    answer = await desk.post("/route-checks", desk.basket((desk.paper, "1000")))
    assert (answer.status_code, answer.json()["outcome"]) == (200, "hand_over")
    assert answer.json()["rule_set_version"] == 1
    assert await desk.standing() == before
