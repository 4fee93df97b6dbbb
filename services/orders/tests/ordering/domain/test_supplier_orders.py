"""The rules of a supplier order, called plainly; and the sums no sequence of news may break."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.base import Message
from marktbund.contracts.orders import (
    AnswerDisregarded,
    OrderCancelled,
    SupplierOrderAnswered,
    SupplierOrderCancelled,
    SupplierOrderDespatched,
)
from marktbund.contracts.supplier_gateway import ResponseLine
from marktbund.errors import Conflict
from marktbund.ids import new_id
from orders.awarding.domain.outcomes import Routed
from orders.ground.domain.articles import Article
from orders.ordering.domain.lines import Wanted, freeze
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.supplier_orders import SupplierOrder, SupplierOrderLine

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def word(line_no: int, decision: str, quantity: str = "0", price: str = "10") -> ResponseLine:
    return ResponseLine.model_validate(
        {
            "line_no": line_no,
            "decision": decision,
            "quantity": quantity,
            "unit_price_net": price,
            "promised_date": None if decision == "refused" else TODAY,
        }
    )


@pytest.fixture
def share() -> SupplierOrder:
    """Two lines of 100.00 EUR, as 10 pieces at 10.00."""
    lines = tuple(SupplierOrderLine(no, Decimal("100.00")) for no in (1, 2))
    return SupplierOrder(new_id(), new_id(), new_id(), new_id(), new_id(), lines)


def test_a_full_acceptance(share: SupplierOrder):
    answered, (event,) = share.answer(
        new_id(), [word(1, "accepted", "10"), word(2, "accepted", "10")]
    )
    assert isinstance(event, SupplierOrderAnswered)
    assert (event.accepted_net, event.refused_net, event.reduced_net) == (200, 0, 0)
    assert (event.complete, event.version, answered.status) == (True, 2, "answered")


def test_a_partial_answer_leaves_the_order_open(share: SupplierOrder):
    partly, (first,) = share.answer(new_id(), [word(2, "changed", "6")])
    assert (first.complete, first.reduced_net, partly.status) == (False, 40, "placed")
    assert not partly.cancellable
    done, (second,) = partly.answer(new_id(), [word(1, "refused")])
    assert (second.complete, second.refused_net, done.status) == (True, 100, "answered")
    assert [line.line_no for line in second.lines] == [1]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([word(3, "accepted", "1")], "unknown"),
        ([word(1, "accepted", "1"), word(1, "accepted", "1")], "already"),
        ([word(1, "changed", "11")], "more than ordered"),
        ([word(1, "accepted", "10", "10.01")], "more than ordered"),
    ],
)
def test_a_wrong_answer_is_no_answer(share: SupplierOrder, words: list[ResponseLine], reason: str):
    with pytest.raises(ValueError, match=reason):
        share.answer(new_id(), words)


def test_an_answer_after_the_cancellation_is_filed_and_changes_no_line(share: SupplierOrder):
    cancelled, (gone,) = share.cancel("delivery_too_late")
    assert isinstance(gone, SupplierOrderCancelled)
    assert (gone.cancelled_net, gone.reason) == (200, "delivery_too_late")
    after, (event,) = cancelled.answer(new_id(), [word(1, "accepted", "10")])
    assert isinstance(event, AnswerDisregarded)
    assert (after.lines, after.status, event.version) == (cancelled.lines, "cancelled", 3)


def test_goods_on_their_way_do_not_revive_a_cancelled_order(share: SupplierOrder):
    cancelled, _ = share.cancel("other")
    sent, (event,) = cancelled.despatch(new_id(), TODAY)
    assert isinstance(event, SupplierOrderDespatched)
    assert sent.status == "cancelled"
    _, (disregarded,) = sent.answer(new_id(), [word(1, "accepted", "10")])
    assert isinstance(disregarded, AnswerDisregarded)


def test_a_late_acknowledgement_changes_nothing(share: SupplierOrder):
    acknowledged, (event,) = share.acknowledge()
    assert (acknowledged.status, event.version) == ("acknowledged", 2)
    answered, _ = acknowledged.answer(new_id(), [word(1, "refused"), word(2, "refused")])
    despatched, _ = share.despatch(new_id(), TODAY)
    for later in (acknowledged, answered, despatched, share.cancel("other")[0]):
        assert later.acknowledge() == (later, [])


def test_an_answer_after_the_goods_keeps_them_despatched(share: SupplierOrder):
    sent, _ = share.despatch(new_id(), TODAY)
    after, (event,) = sent.answer(new_id(), [word(1, "accepted", "10"), word(2, "refused")])
    assert (after.status, event.complete) == ("despatched", True)
    assert not after.cancellable


def test_an_order_stays_placed_while_one_supplier_has_answered():
    first, second, order, shares = placed_pair()
    answered, _ = shares[0].answer(new_id(), [word(1, "accepted", "1")])
    changed, cancelled, news = order.cancel([answered, shares[1]], new_id(), "other")
    assert changed.status == "placed"
    assert [share.supplier_id for share in cancelled] == [second]
    assert isinstance(news[0], OrderCancelled)
    assert news[0].supplier_order_ids == (shares[1].supplier_order_id,)
    with pytest.raises(Conflict) as refused:
        changed.cancel([answered, *cancelled], new_id(), "other")
    assert refused.value.code == "nothing_to_cancel"
    assert first != second


def placed_pair() -> tuple[UUID, UUID, SpotOrder, list[SupplierOrder]]:
    """Two suppliers, a placed order with one piece at 10.00 EUR of each, and its shares."""
    first, second = new_id(), new_id()
    order, shares, _ = place([(first, "1", "10"), (second, "1", "10")])
    return first, second, order, shares


def place(
    rows: list[tuple[UUID, str, str]],
) -> tuple[SpotOrder, list[SupplierOrder], list[Message]]:
    known = {}
    wanted = []
    for supplier_id, quantity, price in rows:
        offer = Article(
            new_id(), supplier_id, "1", "Papier", "30197630", "g", "KGM", Decimal(price),
            Decimal(19), orderable=True,
        )  # fmt: skip
        known[offer.article_id] = offer
        wanted.append(Wanted(offer.article_id, Decimal(quantity)))
    order = SpotOrder(new_id(), new_id(), new_id(), new_id(), "", wanted=tuple(wanted))
    submitted, first = order.submit(
        freeze(wanted, known, AT.date()), new_id(), AT, new_id, Routed()
    )
    approved, second = submitted.approve()
    placed, shares, third = approved.place(AT)
    return placed, shares, [*first, *second, *third]


DECISIONS = st.tuples(
    st.integers(0, 5),
    st.sampled_from(["accepted", "changed", "refused"]),
    st.decimals(0, 12, places=3).map(str),
    st.decimals(0, 12, places=4).map(str),
)
STEPS = st.one_of(
    st.tuples(st.just("answer"), st.integers(0, 2), st.lists(DECISIONS, min_size=1, max_size=4)),
    st.tuples(st.just("acknowledge"), st.integers(0, 2), st.none()),
    st.tuples(st.just("despatch"), st.integers(0, 2), st.none()),
    st.tuples(st.just("cancel"), st.just(0), st.none()),
)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.decimals("0.001", 12, places=3).map(str),
        st.sampled_from(["0", "5.0000", "5.0005", "11.9999", "12.5"]),
    ),
    min_size=1,
    max_size=5,
)


@given(ROWS, st.lists(STEPS, max_size=12))
def test_no_sequence_of_news_loses_a_cent_or_skips_a_version(rows, steps):
    suppliers = [new_id() for _ in range(3)]
    order, shares, news = place([(suppliers[at], amount, price) for at, amount, price in rows])
    total = order.net_total
    for name, at, words in steps:
        try:
            order, shares, more = step(order, shares, name, at % len(shares), words)
        except (ValueError, Conflict):
            continue
        news += more
        assert balance(shares) == total == order.net_total
    versions: dict[str, list[int]] = defaultdict(list)
    for event in news:
        versions[f"{event.topic.name} {event.key}"].append(event.version)
    assert all(counted == list(range(1, len(counted) + 1)) for counted in versions.values())
    assert versions[f"orders.order.events.v1 {order.order_id}"][-1] == order.version


def step(order, shares, name, at, words):
    if name == "cancel":
        order, cancelled, news = order.cancel(shares, new_id(), "other")
        by_id = {share.supplier_order_id: share for share in cancelled}
        return order, [by_id.get(share.supplier_order_id, share) for share in shares], news
    share = shares[at]
    if name == "answer":
        numbers = [line.line_no for line in share.lines]
        answer = [word(numbers[no % len(numbers)], *rest) for no, *rest in words]
        changed, news = share.answer(new_id(), answer)
    elif name == "acknowledge":
        changed, news = share.acknowledge()
    else:
        changed, news = share.despatch(new_id(), TODAY)
    return order, [*shares[:at], changed, *shares[at + 1 :]], news


def balance(shares: list[SupplierOrder]) -> Decimal:
    """accepted + refused + reduced + cancelled + open of all lines, each line in balance."""
    total = Decimal(0)
    for line in (line for share in shares for line in share.lines):
        settled = line.accepted_net + line.refused_net + line.reduced_net + line.cancelled_net
        still_open = line.ordered_net if line.decision == "open" else Decimal(0)
        assert line.ordered_net == settled + still_open
        total += settled + still_open
    return total
