"""Which documents of an order are due, and what the order says of a document in a new state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from marktbund.contracts.supplier_gateway import DeliveryDocument
from marktbund.errors import NotFound
from marktbund.ids import new_id
from supplier_gateway.domain.deliveries import Delivery
from supplier_gateway.domain.lines import Line
from supplier_gateway.domain.orders import AddressedOrder

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def document(kind: DeliveryDocument, **state: datetime | None) -> Delivery:
    return replace(Delivery(new_id(), kind, NOW), **state)


def order(*documents: Delivery) -> AddressedOrder:
    lines = (Line(1, Decimal(1), Decimal(1)),)
    return AddressedOrder(new_id(), new_id(), new_id(), new_id(), lines, documents)


def due(made: AddressedOrder) -> list[datetime | None]:
    return [delivery.next_attempt_at for delivery in made.due(LATER).deliveries]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, [LATER, None]),
        ({"next_attempt_at": NOW}, [NOW, None]),
        ({"next_attempt_at": NOW, "acknowledged_at": NOW}, [NOW, LATER]),
        ({"next_attempt_at": NOW, "abandoned_at": NOW}, [NOW, LATER]),
    ],
)
def test_a_cancellation_is_due_once_nothing_stands_before_it(
    first: dict[str, datetime], second: list[datetime | None]
):
    made = order(document("order", **first), document("cancellation"))
    assert due(made) == second


def test_what_was_due_before_keeps_its_time():
    assert due(order(document("order", next_attempt_at=NOW))) == [NOW]


def test_a_document_in_a_new_state_is_the_orders_next_version():
    first, second = document("order"), document("cancellation")
    made = replace(order(first, second), delivery_version=2)
    changed, facts = made.with_delivery(second.held(LATER))
    assert (changed.delivery_version, facts["version"], facts["document"]) == (
        3,
        3,
        "cancellation",
    )
    assert changed.deliveries == (first, second.held(LATER))
    assert facts["delivery_id"] == second.delivery_id
    assert facts["supplier_id"] == made.supplier_id


def test_a_document_of_another_order_is_unknown():
    with pytest.raises(NotFound, match="delivery_unknown"):
        order(document("order")).delivery(new_id())


def test_an_order_without_answers_waits_for_all_its_lines():
    lines = tuple(Line(number, Decimal(1), Decimal(1)) for number in (1, 2, 3))
    made = replace(order(document("order")), lines=lines)
    assert made.open_lines == 3
    refused = replace(lines[1], state="refused")
    assert replace(made, lines=(lines[0], refused, lines[2])).open_lines == 2
