"""The invented price lists: well-formed, plausible, comparable and always the same."""

import csv
import hashlib
import io
import re
from collections import defaultdict
from decimal import Decimal

import pytest

from acceptance.dataset import cpv, gtin
from acceptance.dataset.assortment import templates
from acceptance.dataset.catalogue import COLUMNS, price_lists, suppliers

LISTS_SHA256 = "ce4c9fea9a82154b2a8e71227259f9a6635cfb56ea56efed9a72386d33ae6449"
UNITS = {"H87", "PR", "SET", "KGM", "TNE", "MTR", "XPK", "XBX", "XCT", "XBO", "XCI", "XBJ", "XSA"}


@pytest.fixture(scope="module")
def lists():
    return {
        supplier: list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        for supplier, text in price_lists().items()
    }


@pytest.fixture(scope="module")
def articles(lists):
    return [article for rows in lists.values() for article in rows]


def test_the_lists_are_the_committed_ones():
    text = "".join(price_lists().values())
    assert hashlib.sha256(text.encode()).hexdigest() == LISTS_SHA256


def test_another_seed_gives_other_lists():
    assert price_lists(8) != price_lists(7)


def test_size_of_the_catalogue(lists, articles):
    assert len(lists) == len(suppliers()) == 13
    assert len(articles) == 3_143
    assert len({cpv.class_of(article["cpv"]) for article in articles}) == 70
    assert min(len(rows) for rows in lists.values()) > 150


def test_lists_are_well_formed(articles):
    for article in articles:
        assert tuple(article) == COLUMNS
        assert all(value is not None and value == value.strip() for value in article.values())
        assert article["name"]
        assert article["content"]
        assert article["manufacturer_article_number"]
        assert article["currency"] == "EUR"
        assert article["order_unit"] in UNITS
        assert article["minimum_quantity"] == "1"
        assert 1 <= int(article["delivery_days"]) <= 60


def test_prices_are_positive_with_two_places(articles):
    prices = [article["unit_price_net"] for article in articles]
    assert all(re.fullmatch(r"[0-9]+\.[0-9]{2}", price) for price in prices)
    assert Decimal("0.10") < min(map(Decimal, prices))
    assert max(map(Decimal, prices)) < Decimal(10_000)


def test_every_code_is_a_cpv_code_below_its_class(articles):
    for code in {article["cpv"] for article in articles}:
        assert code in cpv.labels()
        assert cpv.class_of(code) in cpv.labels()


def test_vat_is_reduced_for_books_food_and_plants_only(articles):
    reduced = {article["cpv"][:2] for article in articles if article["vat_rate"] == "7"}
    assert {article["vat_rate"] for article in articles} == {"7", "19"}
    assert reduced == {"03", "14", "15", "22", "24"}


def test_article_numbers_are_unique_per_supplier(lists):
    for rows in lists.values():
        assert len({article["article_number"] for article in rows}) == len(rows)
        assert len({article["gtin"] for article in rows}) == len(rows)


def test_gtins_are_valid_and_nobodys(articles):
    assert all(gtin.is_valid(article["gtin"]) for article in articles)
    assert all(article["gtin"].startswith(gtin.RESTRICTED_PREFIX) for article in articles)


def test_features_are_typed_pairs(articles):
    for article in articles:
        pairs = [pair.split("=") for pair in article["features"].split("|")]
        assert all(len(pair) == 2 and all(pair) for pair in pairs)
        assert len({key for key, _ in pairs}) == len(pairs)


def test_one_gtin_is_one_product_at_several_suppliers(articles):
    offers = defaultdict(list)
    for article in articles:
        offers[article["gtin"]].append(article)
    same = ("cpv", "manufacturer", "manufacturer_article_number", "order_unit", "features")
    for of_product in offers.values():
        assert len({tuple(article[column] for column in same) for article in of_product}) == 1
    compared = [of_product for of_product in offers.values() if len(of_product) > 1]
    assert len(compared) > len(offers) * 9 // 10
    differing = [
        of_product for of_product in compared if len({a["unit_price_net"] for a in of_product}) > 1
    ]
    assert len(differing) > len(compared) * 9 // 10


def test_the_same_thing_is_made_by_several_manufacturers(articles):
    makers = defaultdict(set)
    for article in articles:
        makers[article["cpv"], article["features"], article["content"]].add(article["gtin"])
    assert sum(len(numbers) > 1 for numbers in makers.values()) > 200


def test_bound_prices_are_the_same_everywhere(articles):
    prices = defaultdict(set)
    for article in articles:
        if article["cpv"] == "22111000":
            prices[article["gtin"]].add(article["unit_price_net"])
    assert prices
    assert all(len(of_product) == 1 for of_product in prices.values())


def test_templates_have_room_for_a_price_and_no_clash_of_identity():
    assert all(0 < template.price_low <= template.price_high for template in templates())
    assert len({template.identity for template in templates()}) == len(templates())


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("4006381333931", True),
        ("2000000000008", True),
        ("4006381333932", False),
        ("400638133393", False),
        ("40063813339３1", False),
    ],
)
def test_gtin_check_digit(number, valid):
    assert gtin.is_valid(number) is valid


def test_a_check_digit_needs_twelve_digits():
    with pytest.raises(ValueError, match="twelve digits"):
        gtin.check_digit("123")
