"""Orders placed and taken back, folded a batch at a time: doubles, wrong order, both at once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.orders import SupplierOrderCancelled, SupplierOrderPlaced
from marktbund.errors import NotFound
from marktbund.ids import new_id
from supplier_gateway.domain.heard import Folded, HeardOrder, first_placed, fold
from supplier_gateway.domain.orders import AddressedOrder

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def placed(place_order) -> SupplierOrderPlaced:
    return place_order(new_id())


def word(event: SupplierOrderPlaced | SupplierOrderCancelled, at: datetime = MONDAY) -> HeardOrder:
    return HeardOrder(event, at, new_id())


def known_of(folded: Folded) -> dict[UUID, AddressedOrder]:
    return {**folded.taken, **folded.changed}


def test_a_placed_order_is_taken_with_its_lines_and_one_document(placed: SupplierOrderPlaced):
    heard = word(placed)
    folded = fold({}, {placed.supplier_order_id}, [heard])
    order = folded.taken[placed.supplier_order_id]
    assert [line.line_no for line in order.lines] == [1, 2, 3]
    [delivery] = order.deliveries
    assert (delivery.delivery_id, delivery.document) == (heard.delivery_id, "order")
    assert (delivery.queued_at, delivery.next_attempt_at) == (MONDAY, None)
    [(position, event)] = folded.news
    assert (position, event.version, event.document) == (0, 1, "order")
    assert folded.changed == {}


def test_the_first_of_two_words_on_one_order_counts(placed: SupplierOrderPlaced):
    first, second = word(placed), word(placed, TUESDAY)
    folded = fold({}, {placed.supplier_order_id}, [first, second])
    [delivery] = folded.taken[placed.supplier_order_id].deliveries
    assert (delivery.delivery_id, delivery.queued_at) == (first.delivery_id, MONDAY)
    assert [position for position, _ in folded.news] == [0]
    assert first_placed([first, second]) == {placed.supplier_order_id: placed}


def test_an_order_known_before_stays_as_it_is(placed: SupplierOrderPlaced):
    known = known_of(fold({}, {placed.supplier_order_id}, [word(placed)]))
    again = fold(known, set(), [word(placed, TUESDAY)])
    assert (again.taken, again.changed, again.news) == ({}, {}, [])


def test_an_order_and_its_cancellation_in_one_batch_are_two_documents(
    placed: SupplierOrderPlaced, take_back
):
    batch = [word(placed), word(take_back(placed), TUESDAY)]
    folded = fold({}, {placed.supplier_order_id}, batch)
    order = folded.taken[placed.supplier_order_id]
    assert order == folded.changed[placed.supplier_order_id]
    assert [delivery.document for delivery in order.deliveries] == ["order", "cancellation"]
    assert [delivery.queued_at for delivery in order.deliveries] == [MONDAY, TUESDAY]
    assert [(position, event.version) for position, event in folded.news] == [(0, 1), (1, 2)]


def test_a_cancellation_of_an_order_known_before_changes_only_it(
    placed: SupplierOrderPlaced, take_back, place_order
):
    other = place_order(new_id())
    keys = {placed.supplier_order_id, other.supplier_order_id}
    known = known_of(fold({}, keys, [word(placed), word(other)]))
    folded = fold(known, set(), [word(take_back(placed))])
    assert (folded.taken, set(folded.changed)) == ({}, {placed.supplier_order_id})
    assert folded.changed[placed.supplier_order_id].cancel_reason == "no_longer_needed"


def test_a_second_cancellation_says_nothing(placed: SupplierOrderPlaced, take_back):
    known = known_of(fold({}, {placed.supplier_order_id}, [word(placed)]))
    folded = fold(known, set(), [word(take_back(placed)), word(take_back(placed))])
    assert len(folded.news) == 1
    assert folded.changed[placed.supplier_order_id].delivery_version == 2


def test_a_cancellation_before_its_order_is_refused_whole(placed: SupplierOrderPlaced, take_back):
    batch = [word(take_back(placed)), word(placed)]
    with pytest.raises(NotFound, match="supplier_order_unknown") as refused:
        fold({}, {placed.supplier_order_id}, batch)
    assert refused.value.field == "supplier_order_id"


def test_a_placed_order_taken_in_by_another_batch_is_not_taken_again(
    placed: SupplierOrderPlaced, take_back
):
    known = known_of(fold({}, {placed.supplier_order_id}, [word(placed)]))
    folded = fold(known, set(), [word(placed), word(take_back(placed))])
    assert folded.taken == {}
    assert [event.document for _, event in folded.news] == ["cancellation"]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=20))
def test_no_batch_makes_a_gap_or_a_third_document(story: list[tuple[int, bool]]):
    orders = [_placed(number) for number in range(4)]
    batch = [word(orders[number]) for number in range(4)]
    batch += [
        word(_cancelled(orders[number]) if back else orders[number]) for number, back in story
    ]
    folded = fold({}, {event.supplier_order_id for event in orders}, batch)
    cancelled = {number for number, back in story if back}
    assert len(folded.changed) == len(cancelled)
    assert len(folded.news) == 4 + len(cancelled)
    for order in known_of(folded).values():
        versions = [
            event.version for _, event in folded.news if event.key == str(order.supplier_order_id)
        ]
        assert versions == list(range(1, order.delivery_version + 1))
        assert len(order.deliveries) == order.delivery_version <= 2


def _placed(number: int) -> SupplierOrderPlaced:
    return SupplierOrderPlaced.model_validate(
        {
            "version": 1,
            "supplier_order_id": UUID(int=number + 1),
            "order_id": UUID(int=number + 101),
            "member_id": UUID(int=9),
            "acting_member_id": UUID(int=9),
            "supplier_id": UUID(int=8),
            "placed_at": MONDAY,
            "lines": (),
            "net_total": "0",
        }
    )


def _cancelled(placed: SupplierOrderPlaced) -> SupplierOrderCancelled:
    return SupplierOrderCancelled.model_validate(
        {**placed.model_dump(), "version": 2, "cancelled_net": "0", "reason": "other"}
    )
