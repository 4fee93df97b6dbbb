"""What simulated suppliers and requesters do: the same every time, and every line gets an end."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.actors.conduct import cancellation, conduct
from acceptance.dataset.scms import orders, scms_lines
from acceptance.ledger.lines import DocumentLine

DAY = date(2010, 5, 3)


def document(*quantities):
    return [
        DocumentLine(number, f"A-{number:04d}", Decimal(quantity), Decimal("1.50"), DAY)
        for number, quantity in enumerate(quantities, 1)
    ]


documents = st.lists(st.integers(1, 619_999), min_size=1, max_size=20).map(
    lambda quantities: document(*quantities)
)


@given(vendor=st.text(max_size=20), day=st.dates(), lines=documents)
def test_every_line_is_answered_once_in_a_way_the_gateway_takes(vendor, day, lines):
    planned = conduct(vendor, day, lines)
    words = [word for part in planned.parts for word in part]
    assert all(planned.parts)
    assert Counter(word.line_no for word in words) == Counter(line.line_no for line in lines)
    for line, word in zip(lines, words, strict=True):
        if word.decision == "refused":
            assert word.quantity is word.promised is None
        elif word.decision == "accepted":
            assert word.quantity is None
        else:
            assert word.quantity is None or 0 < word.quantity < line.quantity
            assert word.quantity is not None or word.promised > line.requested


@given(lines=documents)
def test_the_same_document_is_treated_the_same(lines):
    assert conduct("ABBOTT", DAY, lines) == conduct("ABBOTT", DAY, list(lines))


def test_how_a_quantity_is_spelled_does_not_matter():
    plain, padded = document("31"), document("31.000")
    assert conduct("ABBOTT", DAY, plain) == conduct("ABBOTT", DAY, padded)


def test_every_manner_occurs():
    seen = Counter()
    for number in range(2_000):
        planned = conduct(f"vendor {number}", DAY, document(100, 200, 300))
        words = [word for part in planned.parts for word in part]
        decisions = Counter(word.decision for word in words)
        seen["slow"] += planned.pause_seconds > 0
        seen["in two parts"] += len(planned.parts) == 2
        seen["accepted"] += decisions["accepted"] == 3
        seen["cut"] += any(word.quantity for word in words)
        seen["later"] += any(word.decision == "changed" and word.promised for word in words)
        seen["one refused"] += decisions["refused"] == 1
        seen["all refused"] += decisions["refused"] == 3
    wanted = {
        "slow": 8, "in two parts": 8, "accepted": 78, "cut": 8, "later": 6, "one refused": 5,
        "all refused": 3,
    }  # fmt: skip
    assert {kind: count / 20 for kind, count in seen.items()} == pytest.approx(wanted, abs=1.5)


def test_a_few_orders_are_taken_back():
    made = orders(scms_lines())
    reasons = [cancellation(order.member, order.month) for order in made]
    assert 30 <= sum(reason is not None for reason in reasons) <= 60
    assert len({reason for reason in reasons if reason}) == 3
