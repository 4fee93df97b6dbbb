"""The real purchase lines: control figures, articles and orders."""

from collections import Counter
from decimal import Decimal

import pytest

from acceptance.dataset import cpv
from acceptance.dataset.scms import (
    articles,
    cpv_of,
    orders,
    scms_lines,
    stand_ins,
    suppliers_per_order,
)


@pytest.fixture(scope="module")
def made():
    return orders(scms_lines())


def test_counts():
    lines = scms_lines()
    assert len(lines) == len({line.line_id for line in lines}) == 10_324
    assert len({line.country for line in lines}) == 43
    assert len({line.vendor for line in lines}) == 73
    assert len({line.item for line in lines}) == 184
    assert max(line.quantity for line in lines) == 619_999
    assert sum(line.pack_price == 0 for line in lines) == 18
    assert sum(line.ordered_on is None for line in lines) == 1_931


def test_sums():
    lines = scms_lines()
    values = sum(line.line_value for line in lines)
    packs = sum(line.quantity * line.pack_price for line in lines)
    assert values == Decimal("1627584457.29")
    assert packs == Decimal("1627584910.60")
    assert packs - values == sum(line.rounding_difference for line in lines) == Decimal("453.31")
    assert sum(line.rounding_difference != 0 for line in lines) == 719


def test_names_survive_the_way_through_the_file():
    assert "Côte d'Ivoire" in {line.country for line in scms_lines()}
    assert "HIV 1/2, Determine Complete HIV Kit, 100 Tests" in {line.item for line in scms_lines()}


def test_articles_are_vendor_item_and_price():
    by_key = articles(scms_lines())
    assert len(by_key) == 1_860
    assert len({(article.vendor, article.article_number) for article in by_key.values()}) == 1_860
    assert by_key == articles(scms_lines()[::-1])
    assert {article.cpv for article in by_key.values()} <= cpv.labels().keys()


def test_groups_are_filed_under_plausible_codes():
    codes = {(line.product_group, cpv.labels()[cpv_of(line)]) for line in scms_lines()}
    assert codes == {
        ("ARV", "Antivirale Mittel zur systemischen Anwendung"),
        ("HRDT", "Diagnoseausrüstung"),
        ("HRDT", "Blutlanzetten"),
        ("HRDT", "Reagenzgläser"),
        ("HRDT", "Laborreagenzien"),
        ("ANTM", "Mittel gegen Protozoen-Erkrankungen"),
        ("ACT", "Mittel gegen Protozoen-Erkrankungen"),
        ("MRDT", "Diagnoseausrüstung"),
    }


def test_orders_hold_every_line_once(made):
    assert len(made) == 1_513
    held = Counter(line.line_id for order in made for line in order.lines)
    assert held == Counter(line.line_id for line in scms_lines())
    assert sum(order.value for order in made) == Decimal("1627584457.29")
    assert len({(order.member, order.month) for order in made}) == 1_513


def test_an_order_is_one_month_of_one_member(made):
    for order in made:
        assert f"{order.first_delivery:%Y-%m}" == f"{order.last_delivery:%Y-%m}" == order.month
    assert [order.month for order in made] == sorted(order.month for order in made)


def test_orders_fan_out_to_up_to_eight_suppliers(made):
    assert suppliers_per_order(made) == {
        1: 669, 2: 452, 3: 231, 4: 107, 5: 39, 6: 13, 7: 1, 8: 1,
    }  # fmt: skip


def test_every_country_has_its_own_municipality():
    members = stand_ins(scms_lines())
    assert len(members) == len({member.key for member in members.values()}) == 43
    assert members["South Africa"].municipality.name == "Köln"
