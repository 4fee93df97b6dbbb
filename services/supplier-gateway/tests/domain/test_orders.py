"""A supplier order: answers, despatches, documents; and no sequence of them that breaks it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.supplier_gateway import (
    DeliveryAcknowledged,
    DeliveryQueued,
    DespatchAdvised,
    OrderResponseReceived,
)
from marktbund.errors import Conflict, DomainError, Invalid, NotFound
from marktbund.ids import new_id
from marktbund.money import net_amount
from supplier_gateway.domain.deliveries import Delivery
from supplier_gateway.domain.lines import NEXT_LINE, Line, LineResponse
from supplier_gateway.domain.orders import AddressedOrder

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TWO_LINES = (Line(1, Decimal(10), Decimal("2.50")), Line(2, Decimal(4), Decimal(100)))


def order(*lines: Line) -> AddressedOrder:
    return AddressedOrder(
        supplier_order_id=new_id(),
        order_id=new_id(),
        member_id=new_id(),
        supplier_id=new_id(),
        lines=lines or TWO_LINES,
        deliveries=(Delivery(new_id(), "order", NOW),),
        delivery_version=1,
    )


def test_an_answer_acknowledges_the_order_and_is_announced():
    changed, [fetched], response = order().answer(new_id(), [LineResponse(2, "accepted")], NOW)
    assert isinstance(fetched, DeliveryAcknowledged)
    assert isinstance(response, OrderResponseReceived)
    assert (fetched.version, response.version, changed.open_lines) == (2, 1, 1)
    assert changed.deliveries[0].acknowledged_at == NOW


def test_a_second_answer_acknowledges_nothing_more():
    first, _, _ = order().answer(new_id(), [LineResponse(2, "accepted")], NOW)
    second, fetched, response = first.answer(new_id(), [LineResponse(1, "refused")], NOW)
    assert (fetched, response.version, second.open_lines) == ([], 2, 0)


@pytest.mark.parametrize(
    ("line_nos", "code", "field"),
    [
        ([1, 9], "line_unknown", "lines[1].line_no"),
        ([1, 1], "line_repeated", "lines[1].line_no"),
    ],
)
def test_lines_are_known_and_named_once(line_nos: list[int], code: str, field: str):
    with pytest.raises(Invalid, match=code) as caught:
        order().answer(new_id(), [LineResponse(number, "accepted") for number in line_nos], NOW)
    assert caught.value.field == field
    with pytest.raises(Invalid, match=code):
        order().despatch(new_id(), NOW.date(), [(number, Decimal(1)) for number in line_nos])


def test_a_cancelled_order_takes_neither_answer_nor_goods():
    cancelled, [queued] = order().cancel("other", new_id(), NOW)
    assert isinstance(queued, DeliveryQueued)
    assert (queued.document, queued.version) == ("cancellation", 2)
    with pytest.raises(Conflict, match="order_cancelled"):
        cancelled.answer(new_id(), [LineResponse(1, "accepted")], NOW)
    with pytest.raises(Conflict, match="order_cancelled"):
        cancelled.despatch(new_id(), NOW.date(), [(1, Decimal(1))])
    assert cancelled.cancel("other", new_id(), NOW) == (cancelled, [])


def test_acknowledging_twice_is_announced_once():
    waiting = order()
    delivery_id = waiting.deliveries[0].delivery_id
    fetched, [event] = waiting.acknowledge(delivery_id, NOW)
    assert (event.version, fetched.acknowledge(delivery_id, NOW)) == (2, (fetched, []))
    with pytest.raises(NotFound, match="delivery_unknown"):
        waiting.acknowledge(new_id(), NOW)


def test_goods_go_out_in_parts_up_to_what_was_agreed():
    agreed, _, _ = order().answer(new_id(), [LineResponse(1, "changed", Decimal(5))], NOW)
    first, advice = agreed.despatch(new_id(), NOW.date(), [(1, Decimal(3))])
    assert isinstance(advice, DespatchAdvised)
    assert (advice.version, advice.lines[0].quantity) == (2, 3)
    assert first.despatch(new_id(), NOW.date(), [(1, Decimal(2))])[1].version == 3
    with pytest.raises(Invalid, match="more_than_agreed") as caught:
        first.despatch(new_id(), NOW.date(), [(1, Decimal("2.001"))])
    assert caught.value.field == "lines[0].quantity"


@pytest.mark.parametrize("line_no", [1, 2])
def test_nothing_goes_out_that_is_open_or_refused(line_no: int):
    refused, _, _ = order().answer(new_id(), [LineResponse(2, "refused")], NOW)
    with pytest.raises(Invalid, match="more_than_agreed"):
        refused.despatch(new_id(), NOW.date(), [(line_no, Decimal("0.001"))])


QUANTITIES = st.decimals("0.001", 10, places=3)
PRICES = st.decimals(0, 10, places=4)
NUMBERS = st.integers(1, 4)
ANSWERS = st.builds(
    LineResponse,
    NUMBERS,
    st.sampled_from(sorted(NEXT_LINE["open"])),
    st.none() | st.just(Decimal(0)) | QUANTITIES,
    st.none() | PRICES,
    st.none() | st.just(date(2026, 4, 1)),
)
STEPS = st.one_of(
    st.tuples(st.just("answer"), st.lists(ANSWERS, min_size=1, max_size=4)),
    st.tuples(st.just("despatch"), st.lists(st.tuples(NUMBERS, QUANTITIES), min_size=1)),
    st.tuples(st.just("acknowledge"), st.none()),
    st.tuples(st.just("cancel"), st.none()),
)


def take_step(before: AddressedOrder, step: tuple[str, object]) -> tuple[AddressedOrder, list]:
    verb, given_terms = step
    if verb == "answer":
        after, fetched, response = before.answer(new_id(), given_terms, NOW)
        return after, [*fetched, response]
    if verb == "despatch":
        after, advice = before.despatch(new_id(), NOW.date(), given_terms)
        return after, [advice]
    if verb == "acknowledge":
        return before.acknowledge(before.deliveries[0].delivery_id, NOW)
    return before.cancel("other", new_id(), NOW)


@given(
    st.lists(st.tuples(QUANTITIES, PRICES), min_size=1, max_size=4), st.lists(STEPS, max_size=12)
)
def test_no_sequence_exceeds_what_was_ordered_or_leaves_a_gap(ordered: list, steps: list):
    current = order(*(Line(n, *terms) for n, terms in enumerate(ordered, start=1)))
    ceiling = sum(net_amount(line.quantity, line.unit_price_net) for line in current.lines)
    events = []
    for step in steps:
        try:
            after, news = take_step(current, step)
        except DomainError:
            continue  # a refusal changes nothing: the aggregate is a value
        events += news
        for old, new in zip(current.lines, after.lines, strict=True):
            assert new.state == old.state or new.state in NEXT_LINE[old.state]
        current = after
    promised = Decimal(0)
    for line in current.lines:
        if line.agreed is not None:
            assert line.agreed.quantity <= line.quantity
            assert line.agreed.unit_price_net <= line.unit_price_net
            promised += net_amount(line.agreed.quantity, line.agreed.unit_price_net)
        assert line.despatched <= (line.agreed.quantity if line.agreed else 0)
    assert promised <= ceiling
    by_topic: dict[str, list[int]] = {}
    for event in events:
        by_topic.setdefault(event.topic.subject, []).append(event.version)
    assert by_topic.get("delivery", []) == list(range(2, current.delivery_version + 1))
    assert by_topic.get("response", []) == list(range(1, current.response_version + 1))
