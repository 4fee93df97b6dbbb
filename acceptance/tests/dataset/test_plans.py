"""Members, suppliers and price lists of the two demos."""

import csv
import re
from collections import Counter
from decimal import Decimal
from io import StringIO

from acceptance.actors.people import accounts, person
from acceptance.dataset.catalogue import COLUMNS
from acceptance.dataset.plans import (
    OFFICE,
    OFFICIALS,
    country_key,
    municipal_plan,
    purchases_plan,
    vendor_price_lists,
)
from acceptance.dataset.scms import articles, scms_lines


def parsed(text):
    return list(csv.DictReader(StringIO(text)))


def test_vendors_lists_hold_every_article_at_its_price():
    lists = vendor_price_lists(scms_lines())
    held = {
        (vendor, row["article_number"], row["name"], row["cpv"], Decimal(row["unit_price_net"]))
        for vendor, text in lists.items()
        for row in parsed(text)
    }
    assert held == {
        (article.vendor, article.article_number, article.name, article.cpv, article.price)
        for article in articles(scms_lines()).values()
    }
    assert len(lists) == 73
    assert len(held) == 1_860


def test_vendors_lists_have_the_columns_catalog_reads():
    for text in vendor_price_lists(scms_lines()).values():
        rows = parsed(text)
        assert tuple(rows[0]) == COLUMNS
        assert {row["currency"] for row in rows} == {"EUR"}
        assert {row["order_unit"] for row in rows} == {"XPK"}
        assert len({row["article_number"] for row in rows}) == len(rows)


def test_vendors_lists_do_not_depend_on_the_order_of_the_lines():
    assert vendor_price_lists(scms_lines()) == vendor_price_lists(scms_lines()[::-1])


def test_countries_are_members_and_vendors_suppliers():
    plan = purchases_plan(scms_lines())
    assert len({member.official_key for member in plan.members}) == 43
    assert {member.name for member in plan.members} == {line.country for line in scms_lines()}
    assert len({supplier.sub for supplier in plan.suppliers}) == 73
    assert sum(supplier.articles for supplier in plan.suppliers) == 1_860


def test_keys_are_plain_text():
    assert country_key("Côte d'Ivoire") == "scms-cote-d-ivoire"
    assert country_key("Congo, DRC") == "scms-congo-drc"


def test_the_small_demo_has_towns_of_two_states_and_the_whole_catalogue():
    plan = municipal_plan()
    assert Counter(member.official_key[:2] for member in plan.members) == {"05": 6, "06": 4}
    assert all(set(member.accounts) >= {"requester", "approver"} for member in plan.members)
    assert sum(supplier.articles for supplier in plan.suppliers) == 3_143


def test_no_account_is_shared():
    for plan in (municipal_plan(), purchases_plan(scms_lines())):
        subs = [sub for member in plan.members for sub in member.accounts.values()]
        subs += [supplier.sub for supplier in plan.suppliers]
        assert len(set(subs)) == len(subs)


def test_everybody_the_small_demo_calls_as_can_sign_in():
    plan = municipal_plan()
    called = {OFFICE.sub, *(official.sub for official in OFFICIALS.values())}
    called |= {sub for member in plan.members for sub in member.accounts.values()}
    called |= {supplier.sub for supplier in plan.suppliers}
    assert accounts(plan).keys() == called


def test_names_have_no_sign_that_keycloak_refuses():
    assert person("s", "Vertrieb", "Lippe & Ruhr GmbH (Essen)")["lastName"] == "Lippe Ruhr GmbH"
    for sub, name in accounts(municipal_plan()).items():
        assert not re.search(r"[<>&\"$%!#?;*~/\\|^=()\[\]{}§]", person(sub, *name)["lastName"])
