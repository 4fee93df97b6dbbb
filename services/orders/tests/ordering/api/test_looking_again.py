"""What an order rests on is looked at again at every moment it could be placed."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from marktbund.clock import business_date, now
from marktbund.contracts.members import UnitState
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.ids import new_id
from marktbund.testing.documents import pdf

PDF = pdf("Angebot 4711")
QUOTED_ON = business_date(now()).isoformat()
SHA256 = hashlib.sha256(PDF).hexdigest()
OFFERS = [
    {"supplier_name": "Papier Nord GmbH"},
    {"supplier_name": "Papier Süd GmbH", "net_total": "700.00"},
]
RELEASE = {"code": "urgency", "reason": "Hochwasser"}


@dataclass
class Waiting:
    """An order that waits, its lines' articles, and what would let it go on."""

    desk: Any
    order_id: str
    shop: UUID
    article_id: UUID
    unit_id: UUID
    go_on: Callable[[], Awaitable[Any]]

    async def events(self) -> list[str]:
        query = text("SELECT type FROM outbox WHERE aggregateid = :id ORDER BY seq")
        kinds = await self.desk.uow.connection.scalars(query, {"id": self.order_id})
        return [kind.split(".")[-2] for kind in kinds]


@pytest.fixture
async def unit_id(desk) -> UUID:
    unit = UnitState(version=1, unit_id=new_id(), member_id=desk.member_id, name="Amt 40")
    await desk.market.tell(unit)
    return unit.unit_id


async def act(desk, role: str, path: str, body: Any) -> Any:
    token = await desk.doors.account((role, desk.member_id))
    headers = token | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    return await desk.doors.client.post(path, json=body, headers=headers)


@pytest.fixture(params=["approval", "offers", "release"])
async def waiting(desk, unit_id: UUID, request: pytest.FixtureRequest) -> Waiting:
    """An order of 20 packs that waits for an approver, or of 60 that waits for offers."""
    await desk.market.rules(
        desk.member_id,
        RouteLimit(route="direct", up_to_net=500),
        RouteLimit(route="request", up_to_net=5000, offers_asked=2, offers_received=1),
    )
    shop = await desk.market.supplier(name="Papierhaus")
    article_id = await desk.market.article(shop)
    number = "20" if request.param == "approval" else "60"
    order = await desk.ordered((article_id, number), unit_id=str(unit_id))
    of_order = f"/orders/{order['order_id']}"
    seen = (await desk.get(of_order)).json()["content_sha256"]
    role, path, body = {
        "approval": ("approver", "approval", {"verdict": "approve", "content_sha256": seen}),
        "offers": ("award_office", "offers", {"offers": OFFERS}),
        "release": ("award_office", "release", RELEASE),
    }[request.param]

    async def go_on() -> Any:
        return await act(desk, role, f"{of_order}/{path}", body)

    expected = "submitted" if request.param == "approval" else "awaiting_offers"
    assert order["status"] == expected
    return Waiting(desk, order["order_id"], shop, article_id, unit_id, go_on)


async def supplier_suspended(it: Waiting) -> None:
    await it.desk.market.supplier(supplier_id=it.shop, status="suspended", version=2)


async def supplier_withdrawn(it: Waiting) -> None:
    await it.desk.market.supplier(supplier_id=it.shop, status="withdrawn", version=2)


async def article_withdrawn(it: Waiting) -> None:
    await it.desk.market.article(it.shop, article_id=it.article_id, status="withdrawn", version=2)


async def price_raised(it: Waiting) -> None:
    await it.desk.market.article(it.shop, "12.75", article_id=it.article_id, version=2)


async def unit_changed(it: Waiting) -> None:
    known = {"article_id": it.article_id, "order_unit": "PK", "version": 2}
    await it.desk.market.article(it.shop, **known)


async def member_suspended(it: Waiting) -> None:
    await it.desk.market.member(member_id=it.desk.member_id, status="suspended", version=2)


async def unit_withdrawn(it: Waiting) -> None:
    shared = {"unit_id": it.unit_id, "member_id": it.desk.member_id, "name": "Amt 40"}
    await it.desk.market.tell(UnitState(version=2, status="withdrawn", **shared))


REASONS = {
    supplier_suspended: ("article_withdrawn", "lines[0].article_id"),
    supplier_withdrawn: ("article_withdrawn", "lines[0].article_id"),
    article_withdrawn: ("article_withdrawn", "lines[0].article_id"),
    price_raised: ("price_changed", "lines[0].unit_price_net"),
    unit_changed: ("article_changed", "lines[0].article_id"),
    member_suspended: ("member_not_active", "Member"),
    unit_withdrawn: ("unit_unknown", "unit_id"),
}


@pytest.mark.parametrize("happens", REASONS, ids=lambda happens: happens.__name__)
async def test_an_order_goes_back_with_the_reason_and_nothing_is_placed(
    waiting: Waiting, happens: Callable[[Waiting], Awaitable[None]]
):
    desk = waiting.desk
    await happens(waiting)
    answer = (await waiting.go_on()).json()
    assert answer["status"] == "sent_back"
    (against,) = answer["hindrances"]
    assert (against["code"], against["field"]) == REASONS[happens]
    assert against["way_out"]
    known = (await desk.get(f"/orders/{answer['draft_order_id']}/circumstances")).json()
    assert known["returned"]["hindrances"] == [against]
    assert against["title"] in known["returned"]["comment"]
    assert [float(line["quantity"]) for line in known["wanted"]] in ([20], [60])
    shown = (await desk.get(f"/orders/{waiting.order_id}")).json()
    assert shown["supplier_orders"] == []
    assert (await waiting.events())[-1] == "OrderSentBack"
    query = "SELECT (SELECT sum(net) FROM limit_day), (SELECT sum(ordered_net) FROM need)"
    assert tuple((await desk.uow.connection.exec_driver_sql(query)).one()) == (0, 0)
    newest = "SELECT convert_from(payload, 'UTF8')::jsonb->>'kind' FROM outbox ORDER BY seq DESC"
    assert (
        await desk.uow.connection.exec_driver_sql(newest)
    ).scalars().first() == "order_sent_back"


async def test_what_still_holds_goes_on(waiting: Waiting):
    answer = (await waiting.go_on()).json()
    assert answer["status"] in {"placed", "submitted"}
    assert (answer["hindrances"], answer["draft_order_id"]) == ([], None)


async def test_the_file_says_who_let_it_go_on_and_when(waiting: Waiting):
    await supplier_suspended(waiting)
    answer = (await waiting.go_on()).json()
    query = text("""
        SELECT convert_from(payload, 'UTF8')::jsonb FROM outbox
         WHERE type LIKE '%OrderSentBack%'
    """)
    event = await waiting.desk.uow.connection.scalar(query)
    assert event["occasion"] in {"approval", "offers", "release"}
    assert event["draft_order_id"] == answer["draft_order_id"]
    assert event["hindrances"] == answer["hindrances"]


async def test_free_text_of_a_supplier_that_may_not_sell_any_more(desk):
    await desk.market.rules(desk.member_id, RouteLimit(route="direct", up_to_net=5000))
    await desk.doors.client.post("/attachments", content=PDF, headers=desk.headers())
    shop = await desk.market.supplier(name="Pumpen Voss")
    quoted = {"supplier_id": str(shop), "description": "Umwälzpumpe", "cpv": "42122000"}
    quoted |= {"order_unit": "H87", "unit_price_net": "450.00", "vat_rate": "19"}
    quoted |= {"document_sha256": SHA256, "quoted_on": QUOTED_ON}
    body = {"lines": [{"quantity": "2", "free_text": quoted}]}
    order = (await desk.post("/orders", body)).json()
    assert order["status"] == "submitted"
    await desk.market.supplier(supplier_id=shop, status="suspended", version=2)
    seen = (await desk.get(f"/orders/{order['order_id']}")).json()["content_sha256"]
    verdict = {"verdict": "approve", "content_sha256": seen}
    answer = await act(desk, "approver", f"/orders/{order['order_id']}/approval", verdict)
    assert answer.json()["status"] == "sent_back"
    assert [hindrance["code"] for hindrance in answer.json()["hindrances"]] == [
        "supplier_not_selling"
    ]


@pytest.fixture
async def handed_over(desk, unit_id: UUID) -> Waiting:
    """An order the award office has, and the award of it."""
    await desk.market.rules(desk.member_id, RouteLimit(route="direct", up_to_net=200))
    shop = await desk.market.supplier(name="Papierhaus")
    article_id = await desk.market.article(shop)
    order = await desk.ordered((article_id, "20"), unit_id=str(unit_id))
    assert order["status"] == "handed_over"
    body = {"procedure": "negotiated", "file_reference": "VS-2026-0117"}

    async def award() -> Any:
        return await act(desk, "award_office", f"/orders/{order['order_id']}/award", body)

    return Waiting(desk, order["order_id"], shop, article_id, unit_id, award)


@pytest.mark.parametrize(
    ("happens", "status"),
    [
        (supplier_suspended, 422),
        (supplier_withdrawn, 422),
        (article_withdrawn, 422),
        (member_suspended, 409),
        (unit_withdrawn, 422),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
async def test_an_award_is_refused_as_an_order_would_be(
    handed_over: Waiting, happens: Callable[[Waiting], Awaitable[None]], status: int
):
    await happens(handed_over)
    before = await handed_over.desk.standing()
    answer = await handed_over.go_on()
    code, field = REASONS[happens]
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["field"] == field
    after = await handed_over.desk.standing()
    assert {name for name in before if before[name] != after[name]} <= {"principal"}
