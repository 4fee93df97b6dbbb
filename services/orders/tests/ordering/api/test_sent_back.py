"""An order sent back: its comment, the draft it goes on as, and sending that off changed."""

from typing import Any

import pytest
from sqlalchemy import text

from marktbund.contracts.members import UnitState
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.ids import new_id


@pytest.fixture
async def approver(desk) -> dict[str, str]:
    """An approver's account; every order above 100 EUR waits for one, above 500 for offers."""
    await desk.market.rules(
        desk.member_id,
        RouteLimit(route="direct", up_to_net=500),
        RouteLimit(route="request", up_to_net=5000, offers_asked=2, offers_received=1),
    )
    return await desk.doors.account(("approver", desk.member_id))


async def decide(desk, approver, order_id: str, verdict: str, seen: str | None = None) -> Any:
    headers = approver | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    if seen is None:
        shown = await desk.doors.client.get(f"/orders/{order_id}", headers=headers)
        seen = shown.json()["content_sha256"]
    body = {"verdict": verdict, "content_sha256": seen, "comment": "Bitte nur die Hälfte"}
    return await desk.doors.client.post(f"/orders/{order_id}/approval", json=body, headers=headers)


async def sent_back(desk, approver, **more: Any) -> tuple[str, str]:
    """An order over 250 EUR sent back, and the draft it goes on as."""
    order = await desk.ordered((desk.paper, "20"), **more)
    assert (await decide(desk, approver, order["order_id"], "send_back")).status_code == 201
    known = await desk.get(f"/orders/{order['order_id']}/circumstances")
    (verdict,) = known.json()["verdicts"]
    assert (verdict["verdict"], verdict["comment"]) == ("send_back", "Bitte nur die Hälfte")
    return order["order_id"], verdict["draft_order_id"]


async def counted(desk) -> str:
    query = text("SELECT coalesce(sum(net), 0)::text FROM limit_day")
    kind: str = await desk.uow.connection.scalar(query)
    return kind


async def test_the_draft_shows_why_it_came_back_and_what_it_holds(desk, approver):
    order_id, draft_id = await sent_back(desk, approver)
    shown = (await desk.get(f"/orders/{draft_id}/circumstances")).json()
    assert (shown["returned"]["order_id"], shown["verdicts"]) == (order_id, [])
    assert [(line["name"], float(line["quantity"])) for line in shown["wanted"]] == [("Papier", 20)]
    drafts = (await desk.get("/orders?status=draft")).json()
    assert [draft["order_id"] for draft in drafts] == [draft_id]
    assert (await desk.get("/waiting")).json() == {
        "submitted": 0,
        "awaiting_offers": 0,
        "handed_over": 0,
        "draft": 1,
    }


async def test_a_draft_is_sent_off_with_other_lines_and_counts_once(desk, approver):
    order_id, draft_id = await sent_back(desk, approver)
    assert await counted(desk) == "0.00"
    cart = desk.basket((desk.paper, "10"), reference="Amt 40/2")
    answer = await desk.post(f"/orders/{draft_id}/submission", cart)
    assert (answer.status_code, answer.json()["order_id"]) == (201, draft_id)
    assert (answer.json()["status"], answer.json()["net_total"]) == ("submitted", "125.00")
    shown = (await desk.get(f"/orders/{draft_id}")).json()
    assert [float(line["quantity"]) for line in shown["lines"]] == [10]
    assert shown["reference"] == "Amt 40/2"
    assert await counted(desk) == "125.00"
    before = (await desk.get(f"/orders/{order_id}")).json()
    assert (before["status"], before["net_total"]) == ("sent_back", "250.00")
    assert (await desk.get("/waiting")).json()["draft"] == 0


async def test_what_was_approved_of_the_version_before_is_void(desk, approver):
    order_id, draft_id = await sent_back(desk, approver)
    before = (await desk.get(f"/orders/{order_id}")).json()["content_sha256"]
    late = await decide(desk, approver, order_id, "approve", before)
    assert (late.status_code, late.json()["code"]) == (409, "order_state")
    await desk.post(f"/orders/{draft_id}/submission", desk.basket((desk.paper, "20")))
    stale = await decide(desk, approver, draft_id, "approve", before)
    assert (stale.status_code, stale.json()["code"]) == (409, "content_changed")
    assert (await decide(desk, approver, draft_id, "approve")).json()["status"] == "placed"


async def test_a_cart_is_no_way_into_an_order_sent_off(desk, approver):
    order = await desk.ordered((desk.paper, "20"))
    path = f"/orders/{order['order_id']}/submission"
    refused = await desk.post(path, desk.basket((desk.paper, "1")))
    assert (refused.status_code, refused.json()["code"]) == (409, "order_state")
    shown = (await desk.get(f"/orders/{order['order_id']}")).json()
    assert shown["net_total"] == "250.00"


async def test_a_release_is_void_once_the_draft_is_another(desk, approver):
    draft = (await desk.post("/orders", desk.basket((desk.paper, "60"), draft=True))).json()
    office = await desk.doors.account(("award_office", desk.member_id))
    headers = office | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    path = f"/orders/{draft['order_id']}"
    body = {"code": "urgency", "reason": "Hochwasser"}
    done = await desk.doors.client.post(f"{path}/release", json=body, headers=headers)
    assert done.status_code == 201
    sent = await desk.post(f"{path}/submission", desk.basket((desk.paper, "100")))
    assert sent.json()["status"] == "awaiting_offers"


@pytest.mark.parametrize("changed", [True, False], ids=["changed", "as it was"])
async def test_whoever_sends_a_draft_off_cannot_approve_it(desk, approver, changed: bool):
    _, draft_id = await sent_back(desk, approver)
    both = await desk.doors.account(("requester", desk.member_id), ("approver", desk.member_id))
    headers = both | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    path = f"/orders/{draft_id}/submission"
    cart = desk.basket((desk.paper, "30")) if changed else None
    sent = await desk.doors.client.post(path, json=cart, headers=headers)
    assert sent.json()["status"] == "submitted"
    own = await decide(desk, both, draft_id, "approve")
    assert (own.status_code, own.json()["code"]) == (403, "four_eyes")


async def test_an_order_tells_its_unit_need_and_reasons(desk, approver):
    unit = UnitState(version=1, unit_id=new_id(), member_id=desk.member_id, name="Amt 40")
    await desk.market.tell(unit)
    order = await desk.ordered(
        (desk.paper, "20"),
        unit_id=str(unit.unit_id),
        need={"title": "Schulanfang"},
        reason_without_offers="Eilt",
    )
    shown = (await desk.get(f"/orders/{order['order_id']}/circumstances")).json()
    assert (shown["unit_name"], shown["need"]["title"]) == ("Amt 40", "Schulanfang")
    assert shown["terms"]["reason_without_offers"] == "Eilt"
    assert shown["window_months"] == 12


async def test_a_stranger_learns_nothing(desk, approver):
    order = await desk.ordered((desk.paper, "20"))
    other = await desk.market.member(name="Nachbarstadt")
    token = await desk.doors.account(("requester", other))
    headers = token | {"Member": str(other)}
    path = f"/orders/{order['order_id']}/circumstances"
    assert (await desk.doors.client.get(path, headers=headers)).status_code == 404
    waiting = (await desk.doors.client.get("/waiting", headers=headers)).json()
    assert set(waiting.values()) == {0}


async def test_what_a_cart_does_not_name_stays_as_the_draft_has_it(desk, approver):
    need = {"title": "Schulanfang"}
    _, draft_id = await sent_back(desk, approver, need=need, reference="Amt 40/1", purpose="Schule")
    cart = desk.basket((desk.paper, "10"), reason_without_offers="Eilt")
    await desk.post(f"/orders/{draft_id}/submission", cart)
    shown = (await desk.get(f"/orders/{draft_id}")).json()
    assert (shown["reference"], shown["purpose"]) == ("Amt 40/1", "Schule")
    shown = (await desk.get(f"/orders/{draft_id}/circumstances")).json()
    assert shown["need"]["title"] == "Schulanfang"
    assert shown["terms"]["reason_without_offers"] == "Eilt"
