"""Lists in pages, every word of the enumerations at doors, and refusals that change nothing."""

import json
from decimal import Decimal
from typing import Any, get_args

import pytest
from sqlalchemy import text

from marktbund.contracts.orders import CancelReason
from marktbund.contracts.routes import NeedKind
from marktbund.contracts.rule_sets import ContractKind, RouteLimit
from marktbund.ids import new_id
from orders.ordering.commands.deciding import RecordAward, ReleaseOrder

LIMITS = (
    RouteLimit(route="direct", up_to_net=500),
    RouteLimit(route="request", up_to_net=5000, offers_asked=2, offers_received=1),
)
RELEASES = get_args(ReleaseOrder.model_fields["code"].annotation)
PROCEDURES = get_args(RecordAward.model_fields["procedure"].annotation)
ESTIMATES = {
    "one_off": ("stated", 400),
    "recurring": ("twelve_months", 360),
    "open_ended": ("forty_eight_months", 1440),
}
NEED = {"title": "Ausstattung", "contract_kind": "supply"}


async def headers_of(desk, role: str) -> dict[str, str]:
    account = await desk.doors.account((role, desk.member_id))
    return account | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}


async def act(desk, role: str, path: str, body: Any) -> Any:
    headers = await headers_of(desk, role)
    return await desk.doors.client.post(path, json=body, headers=headers)


async def news(desk, kind: str) -> list[dict[str, Any]]:
    query = text("SELECT payload FROM outbox WHERE type LIKE '%.' || :kind || '.%' ORDER BY seq")
    rows = await desk.uow.connection.execute(query, {"kind": kind})
    return [json.loads(row.payload) for row in rows]


async def pages(desk, headers: dict[str, str], path: str, name: str) -> list[list[str]]:
    """A list's ids in pages of two, until one is not full."""
    pages: list[list[str]] = []
    after = ""
    while not pages or len(pages[-1]) == 2:
        rows = await desk.doors.client.get(f"{path}?limit=2{after}", headers=headers)
        assert rows.status_code == 200, rows.text
        pages.append([row[name] for row in rows.json()])
        after = f"&after={pages[-1][-1]}" if pages[-1] else ""
    return pages


async def test_approvals_come_in_pages_the_oldest_first(desk):
    await desk.market.rules(desk.member_id, RouteLimit(route="direct", up_to_net=5000))
    made = [(await desk.ordered((desk.paper, "20")))["order_id"] for _ in range(3)]
    await desk.ordered((desk.paper, "1"))
    approver = await headers_of(desk, "approver")
    assert await pages(desk, approver, "/approvals", "order_id") == [made[:2], made[2:]]


async def test_needs_come_in_pages_the_newest_first(desk):
    made = [(await desk.post("/needs", NEED)).json()["need_id"] for _ in range(3)][::-1]
    assert await pages(desk, desk.headers(), "/needs", "need_id") == [made[:2], made[2:]]


@pytest.mark.parametrize("kind", get_args(ContractKind))
async def test_a_need_is_of_any_kind_of_contract(desk, kind: str):
    made = await desk.post("/needs", NEED | {"contract_kind": kind})
    assert (made.status_code, made.json()["contract_kind"]) == (201, kind)
    [shown] = (await desk.get("/needs")).json()
    assert shown == made.json()
    assert shown["ordered_net"] == "0.00"
    [recorded] = await news(desk, "NeedRecorded")
    assert recorded["contract_kind"] == kind


@pytest.mark.parametrize("kind", get_args(NeedKind))
async def test_a_need_is_estimated_by_its_kind(desk, kind: str):
    stated = {"stated_net": "400"} if kind == "one_off" else {}
    made = await desk.post("/needs", NEED | stated | {"kind": kind, "monthly_net": "30.00"})
    assert made.status_code == 201, made.text
    estimate = made.json()["estimate"]
    assert (estimate["method"], Decimal(estimate["net"])) == ESTIMATES[kind]
    assert estimate["need_kind"] == kind


@pytest.mark.parametrize("reason", get_args(CancelReason))
async def test_an_order_is_taken_back_for_any_reason(desk, reason: str):
    order_id = (await desk.ordered((desk.paper, "1")))["order_id"]
    gone = await desk.post(f"/orders/{order_id}/cancellation", {"reason": reason})
    assert (gone.status_code, gone.json()["status"]) == (201, "cancelled")
    for kind in ("OrderCancelled", "SupplierOrderCancelled"):
        assert [event["reason"] for event in await news(desk, kind)] == [reason]


@pytest.mark.parametrize("code", RELEASES)
async def test_an_order_is_released_for_any_reason(desk, code: str):
    await desk.market.rules(desk.member_id, *LIMITS)
    order_id = (await desk.ordered((desk.paper, "60")))["order_id"]
    body = {"code": code, "reason": "siehe Vermerk"}
    done = await act(desk, "award_office", f"/orders/{order_id}/release", body)
    assert (done.status_code, done.json()["status"]) == (201, "submitted")
    shown = (await desk.get(f"/orders/{order_id}")).json()
    [released] = await news(desk, "OrderReleased")
    assert shown["decision"]["inputs"]["release"] == released["release"]
    assert (released["release"]["code"], released["release"]["reason"]) == (code, "siehe Vermerk")


@pytest.mark.parametrize("procedure", PROCEDURES)
async def test_any_procedure_ends_with_an_award(desk, procedure: str):
    await desk.market.rules(desk.member_id, *LIMITS)
    order_id = (await desk.ordered((desk.paper, "1000")))["order_id"]
    body = {"procedure": procedure, "file_reference": "VS-2026-0117"}
    made = await act(desk, "award_office", f"/orders/{order_id}/award", body)
    assert (made.status_code, made.json()["status"]) == (201, "placed")
    assert (await desk.get(f"/orders/{order_id}")).json()["status"] == "awarded"
    [awarded] = await news(desk, "OrderAwarded")
    expected = {"handed_over_order_id": order_id, "file_reference": "VS-2026-0117"}
    assert awarded["basis"] == expected | {"procedure": procedure}
    assert awarded["result_order_id"] == made.json()["order_id"]


async def test_a_placed_order_has_no_award_request_and_takes_no_release(desk):
    order_id = (await desk.ordered((desk.paper, "1")))["order_id"]
    body = {"code": "urgency", "reason": "Hochwasser"}
    asked = await desk.get(f"/orders/{order_id}/award-request")
    assert (asked.status_code, asked.json()["code"]) == (409, "not_handed_over")
    unknown = await desk.get(f"/orders/{new_id()}/award-request")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "order_unknown")
    office = await headers_of(desk, "award_office")
    path = f"/orders/{order_id}/release"
    before = await desk.standing()
    released = await desk.doors.client.post(path, json=body, headers=office)
    assert (released.status_code, released.json()["code"]) == (409, "order_state")
    assert await desk.standing() == before


@pytest.mark.parametrize("kind", ["recurring", "open_ended"])
async def test_a_need_nobody_estimated_is_not_written_down(desk, kind: str):
    before = await desk.standing()
    refused = await desk.post("/needs", NEED | {"kind": kind})
    problem = refused.json()
    expected = (422, "estimate_missing", "need.monthly_net")
    assert (refused.status_code, problem["code"], problem["field"]) == expected
    assert await desk.standing() == before


async def test_a_need_is_closed_once_and_by_its_member(desk):
    need_id = (await desk.post("/needs", NEED)).json()["need_id"]
    assert (await desk.post(f"/needs/{need_id}/closure")).status_code == 200
    before = await desk.standing()
    again = await desk.post(f"/needs/{need_id}/closure")
    assert (again.status_code, again.json()["code"]) == (409, "need_closed")
    unknown = await desk.post(f"/needs/{new_id()}/closure")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "need_unknown")
    assert await desk.standing() == before


@pytest.mark.parametrize("path", ["/approvals", "/member-agreements", "/needs", "/waiting"])
async def test_a_list_is_its_members_alone(desk, path: str):
    other = await desk.market.member(name="Nachbarstadt")
    stranger = await desk.doors.account(("requester", other), ("approver", other))
    before = await desk.standing()
    headers = stranger | {"Member": str(desk.member_id)}
    refused = await desk.doors.client.get(path, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_authorised")
    assert await desk.standing() == before
