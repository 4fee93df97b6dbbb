"""Documents named as evidence are there and are the member's own, at every door that names one."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from marktbund.clock import business_date, now
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.ids import new_id
from marktbund.testing.documents import pdf

PDF = pdf("Angebot 4711")
QUOTED_ON = (business_date(now()) - timedelta(days=30)).isoformat()
SHA256 = hashlib.sha256(PDF).hexdigest()


async def upload(desk) -> None:
    answer = await desk.doors.client.post("/attachments", content=PDF, headers=desk.headers())
    assert answer.status_code == 200


def quote(sha256: str) -> dict[str, str]:
    named = {"supplier_name": "Händler am Ort", "net_total": "50.00", "quoted_on": QUOTED_ON}
    return named | {"document_sha256": sha256}


async def refused(desk, path: str, body: Any, **headers: str) -> tuple[int, str, str]:
    before = await desk.standing()
    answer = await desk.post(path, body, **headers)
    assert await desk.standing() == before
    return answer.status_code, answer.json()["code"], answer.json()["field"]


@pytest.mark.parametrize("path", ["/orders", "/route-checks"])
@pytest.mark.parametrize("draft", [{}, {"draft": True}])
async def test_a_quote_rests_on_a_document_that_is_there(desk, path: str, draft: dict[str, bool]):
    await upload(desk)
    more: dict[str, Any] = draft if path == "/orders" else {}
    basket = desk.basket((desk.paper, "1"), quotes=[quote(SHA256), quote("0" * 64)], **more)
    expected = (422, "document_unknown", "quotes[1].document_sha256")
    assert await refused(desk, path, basket) == expected


async def test_a_quote_that_is_there_is_kept(desk):
    await upload(desk)
    order = await desk.ordered((desk.paper, "1"), quotes=[quote(SHA256)])
    shown = (await desk.get(f"/orders/{order['order_id']}")).json()
    assert [offer["document_sha256"] for offer in shown["offers"]] == [SHA256]


async def test_another_members_document_is_none(desk):
    await upload(desk)
    desk.member_id = await desk.market.member(official_key="05999998")
    desk.token = await desk.doors.account(("requester", desk.member_id))
    basket = desk.basket((desk.paper, "1"), quotes=[quote(SHA256)])
    expected = (422, "document_unknown", "quotes[0].document_sha256")
    assert await refused(desk, "/orders", basket) == expected


async def test_a_draft_is_looked_through_when_it_is_sent_off(desk):
    await upload(desk)
    draft = await desk.ordered((desk.paper, "1"), quotes=[quote(SHA256)], draft=True)
    gone = "UPDATE spot_order SET terms = replace(terms::text, :was, :is)::jsonb"
    await desk.uow.connection.execute(text(gone), {"was": SHA256, "is": "0" * 64})
    expected = (422, "document_unknown", "quotes[0].document_sha256")
    assert await refused(desk, f"/orders/{draft['order_id']}/submission", None) == expected


async def test_offers_obtained_rest_on_documents_that_are_there(desk):
    asked = RouteLimit(route="request", up_to_net=5000, offers_asked=1, offers_received=1)
    await desk.market.rules(desk.member_id, asked)
    order = await desk.ordered((desk.paper, "20"))
    assert order["status"] == "awaiting_offers"
    office = dict(await desk.doors.account(("award_office", desk.member_id)))
    path, body = f"/orders/{order['order_id']}/offers", {"offers": [quote(SHA256)]}
    expected = (422, "document_unknown", "offers[0].document_sha256")
    assert await refused(desk, path, body, **office) == expected
    await upload(desk)
    headers = office | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    done = await desk.doors.client.post(path, json=body, headers=headers)
    assert (done.status_code, done.json()["status"]) == (201, "submitted")
