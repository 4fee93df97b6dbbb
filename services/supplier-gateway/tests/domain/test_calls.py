"""What a batch of calls leaves: late, doubled and contradicting words of suppliers' systems."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.supplier_gateway import (
    ChannelChanged,
    DeliveryAbandoned,
    DeliveryAcknowledged,
    DeliveryDocument,
    DeliveryFailed,
    DeliveryReplayed,
)
from marktbund.errors import Conflict, NotFound
from marktbund.ids import new_id
from supplier_gateway.domain import calls
from supplier_gateway.domain.breakers import FAILURES_TO_OPEN, FIRST_PAUSE, Breaker
from supplier_gateway.domain.calls import (
    CallFacts,
    DeliveryClaim,
    EndedCall,
    HeldDocument,
    Settlement,
)
from supplier_gateway.domain.channels import Channel
from supplier_gateway.domain.deliveries import LIFETIME, PAUSES, Attempt, CallOutcome, Delivery
from supplier_gateway.domain.lines import Line
from supplier_gateway.domain.orders import AddressedOrder
from supplier_gateway.domain.suppliers import Supplier

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
QUEUED = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
URL = "https://kontor.example/eingang"
FINE = CallOutcome("delivered", 204)
DOWN = CallOutcome("server_error", 503)
GONE = CallOutcome("gone", 410)


@dataclass
class Market:
    """One supplier with a channel, and orders whose documents are on their way to it."""

    supplier: Supplier = field(
        default_factory=lambda: Supplier(new_id(), "Kontor", "active", (), 4)
    )
    breaker: Breaker = field(default_factory=Breaker)
    orders: dict[UUID, AddressedOrder] = field(default_factory=dict)

    @property
    def key(self) -> UUID:
        return self.supplier.supplier_id

    @property
    def channel(self) -> Channel:
        return Channel(self.key, URL, breaker=self.breaker, set_in=4)

    def order(self, *documents: DeliveryDocument) -> AddressedOrder:
        """A new order whose documents were called for once each."""
        made = AddressedOrder(
            supplier_order_id=new_id(),
            order_id=new_id(),
            member_id=new_id(),
            supplier_id=self.key,
            lines=(Line(1, Decimal(1), Decimal(1)),),
            deliveries=tuple(
                Delivery(new_id(), document, QUEUED, attempts=1, next_attempt_at=NOW)
                for document in documents or ("order",)
            ),
            delivery_version=len(documents) or 1,
        )
        self.orders[made.supplier_order_id] = made
        return made

    def facts(self, channel: Channel | None = None, *, removed: bool = False) -> CallFacts:
        known = {} if removed else {self.key: channel or self.channel}
        return CallFacts({self.key: self.supplier}, known, self.orders)

    def ended(
        self, order: AddressedOrder, outcome: CallOutcome, document: int = 0, number: int = 1
    ) -> EndedCall:
        attempt = Attempt(order.deliveries[document].delivery_id, number)
        claim = DeliveryClaim(attempt, self.key, order.supplier_order_id, QUEUED)
        return EndedCall(claim, outcome, self.channel)

    def settle(self, *ended: EndedCall, facts: CallFacts | None = None) -> Settlement:
        chances = [0.0] * len(ended)
        return calls.settle(facts or self.facts(), ended, NOW, chances, demo=False)


@pytest.fixture
def market() -> Market:
    return Market()


def kinds(settled: Settlement) -> list[type]:
    return [type(event) for event, _ in settled.document_news]


def test_documents_of_several_orders_arrive_in_one_batch(market: Market):
    first, second = market.order(), market.order()
    settled = market.settle(market.ended(first, FINE), market.ended(second, FINE))
    assert kinds(settled) == [DeliveryAcknowledged] * 2
    assert set(settled.orders) == {first.supplier_order_id, second.supplier_order_id}
    assert {order.deliveries[0].acknowledged_at for order in settled.orders.values()} == {NOW}
    assert [call.next_attempt_at for call in settled.finished] == [None, None]
    assert (settled.channels, settled.suppliers, settled.news) == ({}, {}, [])


def test_in_a_demo_a_document_arrives_at_the_business_time_it_was_queued(market: Market):
    order = market.order()
    ended = [market.ended(order, FINE)]
    settled = calls.settle(market.facts(), ended, NOW, [0.0], demo=True)
    assert settled.orders[order.supplier_order_id].deliveries[0].acknowledged_at == QUEUED
    [(_, queued_at)] = settled.document_news
    assert queued_at == QUEUED


def test_both_documents_of_one_order_count_its_versions_without_a_gap(market: Market):
    order = market.order("order", "cancellation")
    settled = market.settle(
        market.ended(order, FINE, document=1), market.ended(order, FINE, document=0)
    )
    assert [event.version for event, _ in settled.document_news] == [3, 4]
    after = settled.orders[order.supplier_order_id]
    assert [delivery.acknowledged_at for delivery in after.deliveries] == [NOW, NOW]


def test_the_same_answer_twice_is_said_once(market: Market):
    order = market.order()
    settled = market.settle(market.ended(order, FINE), market.ended(order, FINE))
    assert kinds(settled) == [DeliveryAcknowledged]
    assert len(settled.finished) == 2


@pytest.mark.parametrize("late", [DOWN, GONE, CallOutcome("timeout"), CallOutcome("rejected", 404)])
def test_a_failure_that_contradicts_an_arrival_takes_nothing_back(
    market: Market, late: CallOutcome
):
    order = market.order()
    settled = market.settle(market.ended(order, FINE), market.ended(order, late))
    assert kinds(settled) == [DeliveryAcknowledged]
    assert settled.orders[order.supplier_order_id].deliveries[0].acknowledged_at == NOW


def test_an_arrival_that_contradicts_a_failure_counts(market: Market):
    order = market.order()
    settled = market.settle(market.ended(order, DOWN), market.ended(order, FINE))
    assert kinds(settled) == [DeliveryFailed, DeliveryAcknowledged]
    assert settled.finished[0].next_attempt_at is None


def test_a_late_failure_of_an_attempt_that_was_begun_anew_moves_no_schedule(market: Market):
    order = market.order()
    [delivery] = order.deliveries
    begun_anew = replace(order, deliveries=(replace(delivery, attempts=2),))
    market.orders[order.supplier_order_id] = begun_anew
    settled = market.settle(market.ended(order, DOWN, number=1))
    assert (settled.document_news, settled.orders) == ([], {})
    assert settled.finished[0].next_attempt_at == NOW
    assert settled.channels[market.key].breaker.failures == 1


def test_a_late_arrival_of_an_attempt_that_was_begun_anew_counts(market: Market):
    order = market.order()
    [delivery] = order.deliveries
    begun_anew = replace(order, deliveries=(replace(delivery, attempts=2),))
    market.orders[order.supplier_order_id] = begun_anew
    assert kinds(market.settle(market.ended(order, FINE, number=1))) == [DeliveryAcknowledged]


def test_a_document_fetched_during_the_call_is_no_trouble(market: Market):
    order = market.order()
    fetched, _ = order.acknowledge(order.deliveries[0].delivery_id, QUEUED)
    market.orders[order.supplier_order_id] = fetched
    settled = market.settle(market.ended(order, DOWN))
    assert (settled.document_news, settled.orders) == ([], {})
    assert settled.finished[0].next_attempt_at is None


def test_failures_of_one_batch_open_the_breaker_together(market: Market):
    orders = [market.order() for _ in range(FAILURES_TO_OPEN)]
    settled = market.settle(*(market.ended(order, DOWN) for order in orders))
    breaker = settled.channels[market.key].breaker
    assert (breaker.trips, breaker.blocked_until) == (1, NOW + FIRST_PAUSE)
    assert {event.next_attempt_at for event, _ in settled.document_news} == {NOW + PAUSES[0]}


def test_an_arrival_between_failures_closes_the_count(market: Market):
    orders = [market.order() for _ in range(FAILURES_TO_OPEN + 1)]
    outcomes = [DOWN] * (FAILURES_TO_OPEN - 1) + [FINE, DOWN]
    settled = market.settle(*map(market.ended, orders, outcomes))
    assert settled.channels[market.key].breaker == Breaker(failures=1)


def test_an_answer_at_a_whole_channel_writes_no_channel(market: Market):
    assert market.settle(market.ended(market.order(), FINE)).channels == {}


def test_chance_spreads_the_pauses_call_by_call(market: Market):
    orders = [market.order(), market.order()]
    ended = [market.ended(order, DOWN) for order in orders]
    settled = calls.settle(market.facts(), ended, NOW, [0.0, 1.0], demo=False)
    waits = [event.next_attempt_at - NOW for event, _ in settled.document_news]
    assert waits == [timedelta(seconds=5), timedelta(seconds=5.5)]


def test_as_many_chances_as_calls_are_needed(market: Market):
    with pytest.raises(ValueError, match="zip"):
        calls.settle(market.facts(), [market.ended(market.order(), FINE)], NOW, [], demo=False)


class TestGone:
    def test_the_first_word_closes_the_channel_and_is_the_suppliers_next_version(
        self, market: Market
    ):
        order = market.order()
        settled = market.settle(market.ended(order, GONE))
        [event] = settled.news
        assert isinstance(event, ChannelChanged)
        assert (event.change, event.version, event.host) == ("disabled", 5, "kontor.example")
        assert settled.suppliers[market.key].version == 5
        assert settled.channels[market.key].status == "disabled"
        [(failure, _)] = settled.document_news
        assert (failure.reason, failure.next_attempt_at) == ("gone", None)

    def test_a_second_word_of_the_same_batch_says_it_of_its_document_alone(self, market: Market):
        orders = [market.order(), market.order()]
        settled = market.settle(*(market.ended(order, GONE) for order in orders))
        assert [event.version for event in settled.news] == [5]
        assert kinds(settled) == [DeliveryFailed] * 2

    def test_a_channel_that_is_closed_already_is_not_announced_again(self, market: Market):
        closed = replace(market.channel, status="disabled")
        settled = market.settle(
            market.ended(market.order(), GONE), facts=market.facts(channel=closed)
        )
        assert (settled.news, settled.suppliers, settled.channels) == ([], {}, {})

    def test_an_arrival_after_it_does_not_open_the_channel_again(self, market: Market):
        settled = market.settle(
            market.ended(market.order(), GONE), market.ended(market.order(), FINE)
        )
        assert settled.channels[market.key].status == "disabled"
        assert kinds(settled) == [DeliveryFailed, DeliveryAcknowledged]

    def test_a_supplier_that_left_is_not_changed_by_it(self, market: Market):
        market.supplier = replace(market.supplier, status="withdrawn")
        settled = market.settle(market.ended(market.order(), GONE))
        assert (settled.news, settled.suppliers) == ([], {})


class TestAnotherAddress:
    @pytest.mark.parametrize(
        "now_set",
        [
            Channel(UUID(int=1), "https://anders.example/", set_in=4),
            Channel(UUID(int=1), URL, set_in=5),
        ],
    )
    @pytest.mark.parametrize("late", [DOWN, GONE, CallOutcome("throttled", 429)])
    def test_its_late_word_moves_neither_breaker_nor_schedule(
        self, market: Market, now_set: Channel, late: CallOutcome
    ):
        order = market.order()
        moved = replace(now_set, supplier_id=market.key)
        settled = market.settle(market.ended(order, late), facts=market.facts(channel=moved))
        assert (settled.channels, settled.suppliers, settled.news) == ({}, {}, [])
        [delivery] = settled.orders[order.supplier_order_id].deliveries
        assert (delivery.next_attempt_at, delivery.step) == (NOW, 0)
        [(failure, _)] = settled.document_news
        assert (failure.reason, failure.next_attempt_at) == (late.result, NOW)

    def test_what_arrived_there_arrived(self, market: Market):
        moved = replace(market.channel, url="https://anders.example/")
        settled = market.settle(
            market.ended(market.order(), FINE), facts=market.facts(channel=moved)
        )
        assert kinds(settled) == [DeliveryAcknowledged]

    def test_a_channel_removed_meanwhile_changes_the_schedule_only(self, market: Market):
        order = market.order()
        settled = market.settle(market.ended(order, GONE), facts=market.facts(removed=True))
        assert (settled.channels, settled.suppliers, settled.news) == ({}, {}, [])
        [delivery] = settled.orders[order.supplier_order_id].deliveries
        assert delivery.step == 1


class TestHeldBack:
    def held(self, order: AddressedOrder, until: datetime | None) -> HeldDocument:
        return HeldDocument(order.deliveries[0].delivery_id, order.supplier_order_id, until)

    def test_each_document_is_told_of_once_however_often_it_is_named(self, market: Market):
        order = market.order()
        document = self.held(order, NOW + FIRST_PAUSE)
        settled = calls.hold_back(market.orders, [document, document], NOW)
        [(event, queued_at)] = settled.document_news
        assert isinstance(event, DeliveryFailed)
        assert (event.reason, event.next_attempt_at, queued_at) == (
            "supplier_unreachable",
            NOW + FIRST_PAUSE,
            QUEUED,
        )
        assert settled.orders[order.supplier_order_id].deliveries[0].held_at == NOW

    def test_without_an_end_the_channel_is_closed(self, market: Market):
        settled = calls.hold_back(market.orders, [self.held(market.order(), None)], NOW)
        [(event, _)] = settled.document_news
        assert event.reason == "channel_disabled"

    def test_what_is_too_old_is_given_up(self, market: Market):
        order = market.order()
        late = NOW + LIFETIME + timedelta(microseconds=1)
        settled = calls.hold_back(market.orders, [self.held(order, None)], late)
        assert kinds(settled) == [DeliveryAbandoned]
        assert settled.orders[order.supplier_order_id].deliveries[0].given_up

    def test_what_was_told_before_is_left_as_it_is(self, market: Market):
        order = market.order()
        held = replace(order, deliveries=(order.deliveries[0].held(NOW),))
        market.orders[order.supplier_order_id] = held
        settled = calls.hold_back(market.orders, [self.held(order, None)], NOW)
        assert (settled.orders, settled.document_news) == ({}, [])


class TestReplay:
    def given_up(self, market: Market) -> AddressedOrder:
        order = market.order()
        lost = replace(order, deliveries=(order.deliveries[0].abandoned(NOW, 10),))
        market.orders[order.supplier_order_id] = lost
        return lost

    def test_only_what_is_still_given_up_is_pushed_again(self, market: Market):
        person = new_id()
        lost, waits = self.given_up(market), market.order()
        named = [(o.supplier_order_id, o.deliveries[0].delivery_id) for o in (lost, waits, lost)]
        settled = calls.replay(market.orders, named, person, NOW)
        [event] = settled.news
        assert isinstance(event, DeliveryReplayed)
        assert (event.person_id, event.version) == (person, 2)
        [delivery] = settled.orders[lost.supplier_order_id].deliveries
        assert (delivery.step, delivery.next_attempt_at, delivery.abandoned_at) == (0, NOW, None)
        assert waits.supplier_order_id not in settled.orders

    def test_a_document_of_another_order_is_unknown(self, market: Market):
        lost, other = self.given_up(market), self.given_up(market)
        named = [(lost.supplier_order_id, other.deliveries[0].delivery_id)]
        with pytest.raises(NotFound, match="delivery_unknown"):
            calls.replay(market.orders, named, new_id(), NOW)

    def test_nothing_named_changes_nothing(self, market: Market):
        settled = calls.replay(market.orders, [], new_id(), NOW)
        assert (settled.orders, settled.news) == ({}, [])


def test_a_withdrawn_suppliers_channel_is_not_changed_by_hand(market: Market):
    left = replace(market.supplier, status="withdrawn")
    with pytest.raises(Conflict, match="supplier_withdrawn"):
        left.change_channel("registered", "kontor.example")
