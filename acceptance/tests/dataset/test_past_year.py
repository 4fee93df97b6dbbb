"""What the demo's towns have bought before anybody signs in."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from acceptance.dataset.past_year import HABITS, waiting_orders, year_of_orders
from acceptance.dataset.plans import municipal_plan

DAYS = [date(2026, 11, 26), date(2027, 3, 1), date(2028, 2, 29)]
DIRECT_UP_TO, APPROVED_ABOVE, REQUESTED_ABOVE = Decimal(5000), Decimal(1000), Decimal(25_000)


@pytest.fixture(scope="module")
def plan():
    return municipal_plan()


@pytest.mark.parametrize("today", DAYS)
def test_every_need_is_bought_within_the_year_on_working_days(plan, today):
    orders = year_of_orders(plan, today)
    days = [order.first_delivery for order in orders]
    first = max(today - timedelta(days=365), date(2026, 1, 1))
    assert all(first <= day < today and day.weekday() < 5 for day in days)
    assert {order.lines[0].article.cpv for order in orders} == {habit.cpv for habit in HABITS}
    assert 100 < len(orders) < 250
    assert all(len(order.reference) <= 60 for order in orders)
    assert orders == year_of_orders(plan, today)


@pytest.mark.parametrize("today", DAYS)
def test_no_town_needs_anybodys_word_for_it(plan, today):
    bought = defaultdict(Decimal)
    for order in year_of_orders(plan, today):
        assert order.value <= APPROVED_ABOVE
        bought[order.member, order.lines[0].article.cpv[:4]] += order.value
    assert max(bought.values()) <= DIRECT_UP_TO


def test_three_orders_stop_at_a_desk(plan):
    values = [order.value for order in waiting_orders(plan, DAYS[0])]
    assert [value > REQUESTED_ABOVE for value in values] == [False, False, True]
    assert all(APPROVED_ABOVE < value <= DIRECT_UP_TO for value in values[:2])
