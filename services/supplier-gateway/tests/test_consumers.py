"""What supplier-gateway hears: placed and cancelled supplier orders become documents."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from marktbund.contracts import MESSAGES
from marktbund.contracts.order_details import DeliveryPlace, LineQuote
from marktbund.contracts.orders import SUPPLIER_ORDER_EVENTS, SupplierOrderAcknowledged
from marktbund.contracts.supplier_gateway import DeliveryQueued
from marktbund.errors import NotFound
from marktbund.ids import new_id
from supplier_gateway import consumers

LONG_AGO = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # already 2 March in Berlin


async def outbox(doors) -> list:
    rows = await doors.database.connection.exec_driver_sql(
        "SELECT type, aggregateid, payload, headers FROM outbox"
        " WHERE topic = 'supplier-gateway.delivery.events.v1' ORDER BY seq"
    )
    return list(rows)


async def count(doors, table: str) -> int:
    return (
        await doors.database.connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
    ).scalar()


async def test_a_placed_order_waits_for_its_supplier_with_all_lines(hear, place_order, supplier):
    placed = place_order(supplier.supplier_id)
    await hear(placed, business_time=LONG_AGO)
    [delivery] = await supplier.get("/deliveries")
    assert delivery["document"] == "order"
    assert delivery["supplier_order_id"] == str(placed.supplier_order_id)
    assert delivery["business_date"] == "2026-03-02"
    assert [line["line_no"] for line in delivery["lines"]] == [1, 2, 3]
    last = delivery["lines"][2]
    assert (last["quantity"], last["unit_price_net"]) == ("1.500", "0.3333")
    assert last["requested_delivery_date"] == "2026-03-20"


async def test_place_hours_reference_and_quote_are_told_to_the_supplier(
    hear, place_order, line, supplier
):
    where = DeliveryPlace(
        name="Bauhof",
        street="Am Bauhof 1",
        postcode="53879",
        town="Euskirchen",
        receiving_hours="Mo-Do 7-15 Uhr",
    )
    quote = LineQuote(document_sha256="ab" * 32, quoted_on=date(2026, 2, 25))
    lines = (line(1), line(2).model_copy(update={"quote": quote, "article_number": ""}))
    details = {"delivery": where, "buyer_reference": "05-57310-42"}
    await hear(place_order(supplier.supplier_id))
    await hear(place_order(supplier.supplier_id, *lines).model_copy(update=details))
    silent, telling = await supplier.get("/deliveries")
    assert (silent["delivery"], silent["buyer_reference"]) == (None, "")
    assert telling["delivery"] == where.model_dump()
    assert telling["buyer_reference"] == "05-57310-42"
    assert [order_line["quoted_on"] for order_line in telling["lines"]] == [None, "2026-02-25"]


async def test_the_delivery_is_announced_in_the_name_of_the_order(hear, place_order, doors):
    placed = place_order(new_id())
    await hear(placed, business_time=LONG_AGO)
    [row] = await outbox(doors)
    queued = DeliveryQueued.model_validate_json(row.payload)
    assert (queued.version, queued.document) == (1, "order")
    assert row.headers["correlation_id"] == f"order-{placed.supplier_order_id}"
    assert row.headers["business_time"] == LONG_AGO.isoformat()
    assert row.headers["demo"] == "true"


async def test_the_supplier_may_come_later_than_its_order(hear, place_order, doors, register):
    supplier = await register("spaeter")
    placed = place_order(new_id())
    await hear(placed)
    assert await supplier.get("/deliveries") == []
    assert await count(doors, "delivery") == 1


async def test_the_same_order_under_another_event_id_changes_nothing(hear, place_order, doors):
    placed = place_order(new_id())
    await hear(placed, placed)
    await hear(placed)
    assert await count(doors, "delivery") == 1
    assert await count(doors, "supplier_order_line") == 3
    assert len(await outbox(doors)) == 1


async def test_a_cancellation_stands_behind_its_order(
    hear, place_order, take_back, supplier, doors
):
    placed = place_order(supplier.supplier_id)
    await hear(placed, take_back(placed))
    waiting = await supplier.get("/deliveries")
    assert [delivery["document"] for delivery in waiting] == ["order", "cancellation"]
    assert {delivery["status"] for delivery in waiting} == {"cancelled"}
    assert waiting[1]["cancel_reason"] == "no_longer_needed"
    assert [len(delivery["lines"]) for delivery in waiting] == [3, 3]
    versions = [
        DeliveryQueued.model_validate_json(row.payload).version for row in await outbox(doors)
    ]
    assert versions == [1, 2]


async def test_a_cancellation_comes_once(hear, place_order, take_back, supplier, doors):
    placed = place_order(supplier.supplier_id)
    await hear(placed)
    await hear(take_back(placed), take_back(placed))
    await hear(take_back(placed))
    assert len(await outbox(doors)) == 2
    assert await count(doors, "delivery") == 2


async def test_a_cancellation_counts_on_after_the_acknowledgement(
    hear, place_order, take_back, supplier, doors
):
    placed = place_order(supplier.supplier_id)
    await hear(placed)
    [delivery] = await supplier.get("/deliveries")
    await supplier.post(f"/deliveries/{delivery['delivery_id']}/acknowledgement")
    await hear(take_back(placed))
    assert [d["document"] for d in await supplier.get("/deliveries")] == ["cancellation"]
    rows = [(row.type.split(".")[2], row.payload) for row in await outbox(doors)]
    assert [name for name, _ in rows] == [
        "DeliveryQueued",
        "DeliveryAcknowledged",
        "DeliveryQueued",
    ]
    assert [DeliveryQueued.model_validate_json(payload).version for _, payload in rows] == [1, 2, 3]


async def test_a_cancellation_keeps_the_answers_already_given(
    hear, place_order, take_back, supplier
):
    placed = place_order(supplier.supplier_id)
    await hear(placed)
    await supplier.answer(placed, {"line_no": 1, "decision": "accepted"})
    await hear(take_back(placed))
    shown = await supplier.get(f"/supplier-orders/{placed.supplier_order_id}")
    assert (shown["status"], shown["open_lines"]) == ("cancelled", 2)
    assert [line["state"] for line in shown["lines"]] == ["accepted", "open", "open"]


async def test_a_cancellation_of_nothing_is_an_error_for_the_dead_letters(
    hear, place_order, take_back
):
    with pytest.raises(NotFound, match="supplier_order_unknown"):
        await hear(take_back(place_order(new_id())))


async def test_other_news_of_supplier_orders_passes(hear, place_order, doors):
    placed = place_order(new_id())
    ids = ("supplier_order_id", "order_id", "member_id", "supplier_id")
    facts = {name: getattr(placed, name) for name in ids}
    await hear(SupplierOrderAcknowledged(version=2, **facts))
    assert await doors.announced() == []


async def test_a_batch_costs_a_handful_of_statements(hear, place_order, take_back, doors):
    batch = [place_order(new_id()) for _ in range(250)]
    seen = []
    connection = doors.database.connection.sync_connection

    def note(*arguments) -> None:
        seen.append(arguments[2])

    event.listen(connection, "before_cursor_execute", note)
    await hear(*batch, *(take_back(placed) for placed in batch))
    event.remove(connection, "before_cursor_execute", note)
    assert await count(doors, "delivery") == 500
    assert len([statement for statement in seen if "SAVEPOINT" not in statement]) <= 12


def test_every_type_of_the_topic_is_listed():
    heard = {kind for kind in MESSAGES.values() if kind.topic == SUPPLIER_ORDER_EVENTS}
    assert heard == consumers.SUPPLIER_ORDERS
