"""Own facts from the log, into a database that was put back: nothing of them is announced."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from marktbund.contracts.orders import SupplierOrderPlaced
from marktbund.contracts.supplier_gateway import (
    DeliveryAcknowledged,
    DeliveryFailed,
    DespatchAdvised,
    DespatchLine,
    OrderResponseReceived,
    ResponseLine,
    SupplierState,
)
from marktbund.envelope import Origin
from marktbund.errors import NotFound
from marktbund.ids import new_id
from supplier_gateway.handlers import taking_back
from supplier_gateway.store import FEEDS

ORIGIN = Origin("restore")
ACCEPT_2 = {"line_no": 2, "decision": "accepted"}


def facts(placed: SupplierOrderPlaced, version: int) -> dict[str, Any]:
    return {
        "version": version,
        "supplier_order_id": placed.supplier_order_id,
        "order_id": placed.order_id,
        "member_id": placed.member_id,
        "supplier_id": placed.supplier_id,
    }


def response(placed: SupplierOrderPlaced) -> OrderResponseReceived:
    line = ResponseLine(
        line_no=1,
        decision="changed",
        quantity=Decimal(6),
        unit_price_net=Decimal("2.40"),
        promised_date=date(2026, 3, 20),
    )
    return OrderResponseReceived(**facts(placed, 1), response_id=new_id(), lines=(line,))


def despatch(placed: SupplierOrderPlaced, quantity: str) -> DespatchAdvised:
    return DespatchAdvised(
        **facts(placed, 2),
        despatch_id=new_id(),
        despatched_on=date(2026, 3, 4),
        lines=(DespatchLine(line_no=1, quantity=Decimal(quantity)),),
    )


def acknowledged(placed: SupplierOrderPlaced) -> DeliveryAcknowledged:
    """By the id the document had before the database was put back."""
    return DeliveryAcknowledged(
        **facts(placed, 2), delivery_id=new_id(), document="order", channel="webhook"
    )


@pytest.fixture
async def restored(hear, place_order, supplier) -> SupplierOrderPlaced:
    """An order heard again from the log."""
    placed = place_order(supplier.supplier_id)
    await hear(placed)
    return placed


@pytest.fixture
def take_back_own(doors):
    """Give events of ours to their handlers, one transaction for all."""

    async def made(handler: Any, *events: Any) -> None:
        async with doors.database.begin(ORIGIN) as uow:
            for event in events:
                await handler(event, uow)

    return made


async def test_a_supplier_is_there_again_with_its_access_and_is_not_published_anew(
    doors, take_back_own
):
    state = SupplierState(
        version=7, supplier_id=new_id(), name="Kontor", status="suspended", subs=("a", "b")
    )
    await take_back_own(taking_back.take_back_supplier, state)
    for sub in state.subs:
        answer = await doors.client.get("/deliveries", headers=doors.token(sub))
        assert answer.status_code == 200
    office = await doors.account(("office", None))
    [listed] = (await doors.client.get("/suppliers", headers=office)).json()
    assert (listed["version"], listed["status"], listed["subs"]) == (7, "suspended", ["a", "b"])
    [feed] = FEEDS
    assert (await doors.database.connection.execute(feed.unpublished(10))).all() == []
    assert await doors.announced() == []


async def test_a_newer_state_replaces_what_was_put_back(doors, take_back_own):
    supplier_id = new_id()
    states = [
        SupplierState(
            version=1, supplier_id=supplier_id, name="Kontor", status="active", subs=("a",)
        ),
        SupplierState(
            version=3, supplier_id=supplier_id, name="Kontor", status="active", subs=("b",)
        ),
    ]
    await take_back_own(taking_back.take_back_supplier, *states)
    answers = [
        await doors.client.get("/deliveries", headers=doors.token(sub)) for sub in ("a", "b")
    ]
    assert [answer.status_code for answer in answers] == [403, 200]


async def test_an_acknowledgement_is_known_by_its_document(restored, supplier, take_back_own):
    before = await supplier.doors.announced()
    await take_back_own(taking_back.take_back_acknowledgement, acknowledged(restored))
    assert await supplier.get("/deliveries") == []
    assert await supplier.doors.announced() == before


async def test_an_answer_given_before_is_not_given_again(restored, supplier, take_back_own):
    await take_back_own(taking_back.take_back_response, response(restored))
    shown = await supplier.get(f"/supplier-orders/{restored.supplier_order_id}")
    assert (shown["open_lines"], shown["lines"][0]["agreed_quantity"]) == (2, "6.000")
    assert shown["lines"][0]["promised_date"] == "2026-03-20"
    again = await supplier.answer(restored, {"line_no": 1, "decision": "accepted"})
    assert (again.status_code, again.json()["code"]) == (409, "line_already_answered")


async def test_the_next_answer_counts_on_from_the_log(restored, supplier, take_back_own):
    await take_back_own(taking_back.take_back_response, response(restored))
    assert (await supplier.answer(restored, ACCEPT_2)).status_code == 201
    rows = await supplier.doors.database.connection.exec_driver_sql(
        "SELECT payload FROM outbox WHERE type LIKE '%%OrderResponseReceived%%'"
    )
    [payload] = rows.scalars()
    assert OrderResponseReceived.model_validate_json(payload).version == 2


async def test_goods_sent_off_before_count_against_what_was_agreed(
    restored, supplier, take_back_own
):
    sent = despatch(restored, "4")
    await take_back_own(taking_back.take_back_response, response(restored))
    await take_back_own(taking_back.take_back_despatch, sent)
    shown = await supplier.get(f"/supplier-orders/{restored.supplier_order_id}")
    [listed] = shown["despatches"]
    assert listed["despatch_id"] == str(sent.despatch_id)
    assert listed["lines"] == [{"line_no": 1, "quantity": "4.000"}]
    more = await supplier.despatch(restored, {"line_no": 1, "quantity": "3"})
    assert (more.status_code, more.json()["code"]) == (422, "more_than_agreed")
    assert (await supplier.despatch(restored, {"line_no": 1, "quantity": "2"})).status_code == 201


async def test_news_that_change_no_row_keep_their_place_in_the_count(
    restored, supplier, take_back_own
):
    failed = DeliveryFailed(
        **facts(restored, 5),
        delivery_id=new_id(),
        document="order",
        reason="timeout",
        attempts=4,
    )
    await take_back_own(taking_back.take_back_version, failed)
    [delivery] = await supplier.get("/deliveries")
    path = f"/deliveries/{delivery['delivery_id']}/acknowledgement"
    assert (await supplier.post(path)).status_code == 200
    rows = await supplier.doors.database.connection.exec_driver_sql(
        "SELECT payload FROM outbox WHERE type LIKE '%%DeliveryAcknowledged%%'"
    )
    [payload] = rows.scalars()
    assert DeliveryAcknowledged.model_validate_json(payload).version == 6


@pytest.mark.parametrize(
    ("handler", "made"),
    [
        (taking_back.take_back_acknowledgement, acknowledged),
        (taking_back.take_back_response, response),
    ],
)
async def test_a_fact_of_an_order_nobody_heard_is_an_error_to_be_seen(
    place_order, take_back_own, handler: Any, made: Any
):
    with pytest.raises(NotFound, match="supplier_order_unknown"):
        await take_back_own(handler, made(place_order(new_id())))
