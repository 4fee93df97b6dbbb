"""Suppliers' words in any order: in pieces, late, doubled, of impossible days and quantities."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.supplier_gateway import ResponseLine
from marktbund.ids import new_id
from orders.ordering.domain.giving_back import unbound
from orders.ordering.domain.judging import against_answer, against_despatch, needs_units
from orders.ordering.domain.supplier_orders import SupplierOrder, SupplierOrderLine

PLACED, TODAY = date(2026, 3, 2), date(2026, 3, 10)
SHARE = SupplierOrder(
    new_id(),
    new_id(),
    new_id(),
    new_id(),
    new_id(),
    tuple(SupplierOrderLine(no, Decimal("100.00")) for no in (1, 2, 3)),
    placed_on=PLACED,
)


def word(
    line_no: int,
    decision: str = "accepted",
    quantity: str = "10",
    price: str = "10",
    promised: date | None = TODAY,
) -> ResponseLine:
    return ResponseLine.model_validate(
        {
            "line_no": line_no,
            "decision": decision,
            "quantity": quantity,
            "unit_price_net": price,
            "promised_date": None if decision == "refused" else promised,
        }
    )


WORDS = (word(1), word(2, "refused", "0", "0"), word(3, "changed", "6", "9.99"))


def answered(share: SupplierOrder, *answers: Sequence[ResponseLine]) -> SupplierOrder:
    for answer in answers:
        share, _ = share.answer(new_id(), answer)
    return share


@pytest.mark.parametrize("words", list(permutations(WORDS)))
def test_answers_in_pieces_come_to_the_same_as_at_once(words: tuple[ResponseLine, ...]):
    at_once = answered(SHARE, WORDS)
    in_pieces = answered(SHARE, *([part] for part in words))
    assert (in_pieces.lines, in_pieces.status) == (at_once.lines, "answered")
    assert (at_once.version, in_pieces.version) == (2, 4)
    # Line 3: 6 at 9.99 are 59.94 of 100.00.
    assert [line.accepted_net for line in at_once.lines] == [100, 0, Decimal("59.94")]
    assert unbound(SHARE, at_once) == {1: 0, 2: 100, 3: Decimal("40.06")}


@pytest.mark.parametrize("order", list(permutations(["acknowledge", "answer", "despatch"])))
def test_goods_are_despatched_in_whatever_order_the_news_come(order: tuple[str, ...]):
    share, count = SHARE, 0
    for news in order:
        if news == "acknowledge":
            share, events = share.acknowledge()
        elif news == "answer":
            share, events = share.answer(new_id(), WORDS)
        else:
            share, events = share.despatch(new_id(), TODAY)
        count += len(events)
    assert (share.status, share.lines) == ("despatched", answered(SHARE, WORDS).lines)
    # A late acknowledgement is no news: the answer or the goods said it.
    assert count == (3 if order[0] == "acknowledge" else 2)
    assert share.version == 1 + count


def test_a_second_word_on_a_line_is_refused_and_leaves_the_other_lines_as_they_were():
    partly = answered(SHARE, WORDS[:1])
    with pytest.raises(ValueError, match="line 1 is accepted already"):
        partly.answer(new_id(), [word(2), word(1)])
    assert [line.decision for line in partly.lines] == ["accepted", "open", "open"]
    assert answered(partly, WORDS[1:]).status == "answered"


def test_a_cancelled_share_takes_no_word_back_whatever_comes_after():
    gone, _ = SHARE.cancel("delivery_too_late")
    after = gone
    for number in range(2):
        after, (answered,) = after.answer(new_id(), WORDS)
        after, (sent,) = after.despatch(new_id(), TODAY)
        assert (answered.version, sent.version) == (3 + 2 * number, 4 + 2 * number)
    assert after.acknowledge() == (after, [])
    assert (after.lines, after.status) == (gone.lines, "cancelled")
    assert {line.cancelled_net for line in after.lines} == {Decimal("100.00")}


@pytest.mark.parametrize("words", [WORDS[:1], WORDS])
def test_what_a_supplier_has_begun_to_answer_is_not_cancelled(words: tuple[ResponseLine, ...]):
    assert SHARE.cancellable
    assert SHARE.acknowledge()[0].cancellable
    assert not answered(SHARE, words).cancellable
    assert not SHARE.despatch(new_id(), TODAY)[0].cancellable


def test_a_word_left_aside_is_news_and_changes_no_line():
    aside, (event,) = SHARE.disregard(new_id(), "despatch", "day_out_of_bounds")
    assert aside == replace(SHARE, version=2)
    assert (event.document, event.reason, event.version) == ("despatch", "day_out_of_bounds", 2)


@given(
    st.permutations([1, 2, 3]),
    st.lists(st.decimals(0, 10, places=3), min_size=3, max_size=3),
    st.integers(0, 3),
)
def test_however_an_answer_is_cut_the_sums_are_the_same(numbers, quantities, cut):
    words = [word(no, "changed", str(quantities[no - 1])) for no in numbers]
    parts = [part for part in (words[:cut], words[cut:]) if part]
    after = answered(SHARE, *parts)
    # At 10.00 EUR a thousandth of a piece is a cent: nothing is rounded.
    accepted = sum((line.accepted_net for line in after.lines), Decimal(0))
    assert accepted == 10 * sum(quantities)
    assert sum(unbound(SHARE, after).values()) == 300 - accepted


# -- which words count ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("promised", "reason"),
    [
        (date(2026, 3, 1), "day_out_of_bounds"),
        (PLACED, None),
        (date(2027, 3, 2), None),
        (None, None),
    ],
)
def test_nobody_promises_a_day_before_the_order(promised: date | None, reason: str | None):
    words = [word(2), word(1, promised=promised)]
    assert against_answer(SHARE, words, {1: "C62", 2: "C62"}) == reason


@pytest.mark.parametrize(
    ("unit", "quantity", "reason"),
    [
        ("C62", "9.5", "quantity_not_whole"),
        ("C62", "9.000", None),
        ("KGM", "9.5", None),
        ("C62", "0", None),
    ],
)
def test_nobody_delivers_part_of_a_piece(unit: str, quantity: str, reason: str | None):
    words = [word(1), word(2, "changed", quantity)]
    assert against_answer(SHARE, words, {1: "C62", 2: unit}) == reason
    assert needs_units(words) == (quantity == "9.5")


def test_a_line_nobody_ordered_is_not_judged_by_its_quantity():
    assert against_answer(SHARE, [word(9, "changed", "0.5")], {1: "C62"}) is None


def test_the_day_is_named_before_the_quantity():
    words = [word(1, "changed", "0.5", promised=date(2026, 3, 1))]
    assert against_answer(SHARE, words, {1: "C62"}) == "day_out_of_bounds"


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (date(2026, 3, 1), "day_out_of_bounds"),
        (PLACED, None),
        (TODAY, None),
        (date(2026, 3, 11), "day_out_of_bounds"),
    ],
)
def test_goods_leave_between_the_order_and_today(on: date, reason: str | None):
    assert against_despatch(SHARE, on, TODAY) == reason


def test_a_share_of_before_its_day_was_kept_is_judged_by_today_alone():
    share = replace(SHARE, placed_on=None)
    early = date(2020, 1, 1)
    assert against_despatch(share, early, TODAY) is None
    assert against_answer(share, [word(1, promised=early)], {1: "C62"}) is None
    assert against_despatch(share, date(2026, 3, 11), TODAY) == "day_out_of_bounds"
