"""What is said beforehand about cancelling is what cancelling then does."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.errors import Conflict
from marktbund.ids import new_id
from orders.ordering.domain.cancelling import is_cancellable
from orders.ordering.domain.spot_orders import SpotOrder, Status
from orders.ordering.domain.supplier_orders import (
    Decision,
    ShareStatus,
    SupplierOrder,
    SupplierOrderLine,
    is_unanswered,
)

SHARES = st.lists(
    st.tuples(
        st.sampled_from(get_args(ShareStatus)),
        st.lists(st.sampled_from(get_args(Decision)), min_size=1, max_size=3),
    ),
    max_size=3,
)


@pytest.mark.parametrize(
    ("status", "unanswered", "cancellable"),
    [
        ("draft", [], True),
        ("submitted", [], True),
        ("awaiting_offers", [], True),
        ("handed_over", [], True),
        ("placed", [True, False], True),
        ("placed", [False, False], False),
        ("awarded", [], False),
        ("refused", [], False),
        ("sent_back", [], False),
        ("cancelled", [False], False),
        ("discarded", [], False),
    ],
)
def test_an_order_can_be_taken_back_while_a_part_of_it_is_unanswered(
    status: Status, unanswered: list[bool], cancellable: bool
):
    assert is_cancellable(status, unanswered) is cancellable


def test_a_single_answered_line_holds_the_share():
    assert is_unanswered("acknowledged", ["open", "open"])
    assert not is_unanswered("acknowledged", ["open", "refused"])
    assert not is_unanswered("cancelled", ["cancelled"])


def share(status: ShareStatus, decisions: list[Decision]) -> SupplierOrder:
    lines = tuple(
        SupplierOrderLine(number, Decimal("10.00"), decision)
        for number, decision in enumerate(decisions, 1)
    )
    return SupplierOrder(new_id(), new_id(), new_id(), new_id(), new_id(), lines, status)


@given(st.sampled_from(get_args(Status)), SHARES)
def test_what_is_promised_is_what_happens(
    status: Status, standing: list[tuple[ShareStatus, list[Decision]]]
):
    order = SpotOrder(new_id(), new_id(), new_id(), new_id(), "B-17", status=status)
    promised = is_cancellable(status, [is_unanswered(*known) for known in standing])
    try:
        order.cancel([share(*known) for known in standing], new_id(), "other")
    except Conflict:
        assert not promised
    else:
        assert promised
