"""What a supplier's answer or a cancellation frees of a call-off, to the cent and the unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.orders import OrderLine
from marktbund.contracts.supplier_gateway import ResponseLine
from marktbund.ids import new_id
from marktbund.money import net_amount
from orders.agreements.domain.ceilings import Draw
from orders.ordering.domain.giving_back import all_of, freed
from orders.ordering.domain.supplier_orders import SupplierOrder

SUPPLIER, ARTICLE = new_id(), new_id()


def line(no: int, quantity: str, *, lot_no: int | None = 1, price: str = "3.00") -> OrderLine:
    return OrderLine(
        line_no=no,
        article_id=ARTICLE,
        supplier_id=SUPPLIER,
        article_number="P-1",
        name="Papier",
        cpv="30197644",
        comparable_group="gtin:1",
        quantity=Decimal(quantity),
        order_unit="PK",
        unit_price_net=Decimal(price),
        vat_rate=Decimal(19),
        net_amount=net_amount(Decimal(quantity), Decimal(price)),
        lot_no=lot_no,
        position_no=None if lot_no is None else 1,
    )


def share_of(*lines: OrderLine) -> SupplierOrder:
    return SupplierOrder.of(new_id(), new_id(), new_id(), new_id(), SUPPLIER, lines)


def word(no: int, decision: str, quantity: str = "0", price: str = "0") -> ResponseLine:
    return ResponseLine.model_validate(
        {"line_no": no, "decision": decision, "quantity": quantity, "unit_price_net": price}
    )


def answered(lines: list[OrderLine], *words: ResponseLine) -> list[Draw]:
    before = share_of(*lines)
    after, _ = before.answer(new_id(), words)
    return freed(before, after, lines)


def test_an_answer_frees_what_it_takes_away_summed_per_lot():
    lines = [line(1, "10"), line(2, "20"), line(3, "5", lot_no=2), line(4, "7", lot_no=3)]
    words = word(1, "refused"), word(2, "changed", "15", "3.00"), word(3, "accepted", "5", "3.00")
    assert answered(lines, *words) == [Draw(1, Decimal("45.00"), Decimal(15))]


def test_a_lower_price_frees_value_and_no_units():
    assert answered([line(1, "10")], word(1, "changed", "10", "2.50")) == [
        Draw(1, Decimal("5.00"), Decimal(0))
    ]


def test_lines_of_no_lot_free_nothing():
    assert answered([line(1, "10", lot_no=None)], word(1, "refused")) == []


def test_more_units_are_refused():
    with pytest.raises(ValueError, match="more than was called off"):
        answered([line(1, "10")], word(1, "changed", "11", "2.00"))


def test_a_cancellation_frees_what_an_answer_left():
    lines = [line(1, "10"), line(2, "20")]
    before = share_of(*lines)
    cancelled, _ = before.cancel("other")
    assert freed(before, cancelled, lines) == all_of(lines)
    assert all_of(lines) == [Draw(1, Decimal("90.00"), Decimal(30))]


@given(
    st.decimals(Decimal("0.001"), Decimal(500), places=3),
    st.decimals(Decimal("0.001"), Decimal(500), places=3),
    st.decimals(Decimal(0), Decimal(99), places=4),
)
def test_what_stays_taken_is_what_was_accepted(ordered, kept, price):
    kept = min(ordered, kept)
    known = line(1, str(ordered), price=str(price))
    before = share_of(known)
    after, _ = before.answer(new_id(), [word(1, "changed", str(kept), str(price))])
    back = sum((draw.value_net for draw in freed(before, after, [known])), Decimal(0))
    assert known.net_amount - back == after.lines[0].accepted_net
