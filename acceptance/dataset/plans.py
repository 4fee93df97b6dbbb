"""Who is in a demo: members with their accounts, suppliers with their price lists.

Three plans: municipalities with an invented catalogue for trying things out, and for the
replays the countries and vendors of real purchases.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.bodies import Body
from acceptance.dataset.catalogue import COLUMNS, price_lists
from acceptance.dataset.municipalities import ROLES, demo_members
from acceptance.dataset.purchases import DemoArticle, DemoOrder, slug
from acceptance.dataset.scms import ScmsLine, articles, country_key

OFFICE = DemoAccount("demo-office")
PROCUREMENT = DemoAccount("demo-procurement")
AUDITOR = DemoAccount("demo-auditor")
OPERATOR = DemoAccount("demo-operator")
SECOND_OFFICE = DemoAccount("demo-office-2")
"""Who confirms what the first office account entered."""
OFFICIALS = {
    "procurement": PROCUREMENT,
    "auditor": AUDITOR,
    "operator": OPERATOR,
    "office": SECOND_OFFICE,
}
FOUR_EYES = frozenset({"approver", "award_office"})
"""Roles of a plan's members that the second office account confirms."""

MUNICIPALITIES = 10
_BYLAW: Body = {"preset": "bylaw-example", "approval_steps": [{"above_net": "1000"}]}
"""Up to 5,000 EUR net a year and class direct; an approver decides above 1,000."""


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """A member body and its accounts: role -> token subject, opaque.

    requesters: subjects of further requesters. rules: the body of PUT /members/{id}/rule-set, if
    the member is to have any.
    """

    name: str
    legal_form: str
    official_key: str
    accounts: Mapping[str, str]
    requesters: tuple[str, ...] = ()
    rules: Body | None = None


@dataclass(frozen=True, slots=True)
class SupplierPlan:
    """A supplier, the token subject that speaks for it, and its price list as CSV text."""

    name: str
    sub: str
    price_list: str

    @property
    def articles(self) -> int:
        """How many articles the price list names; cells of the demo's lists hold no line ends."""
        return self.price_list.count("\n") - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a deployment is filled with before anybody orders."""

    members: tuple[MemberPlan, ...]
    suppliers: tuple[SupplierPlan, ...]


def municipal_plan() -> Plan:
    """Ten municipalities of two states, and all invented suppliers with their price lists."""
    members = tuple(
        MemberPlan(
            name=member.legal_name,
            legal_form="municipality",
            official_key=member.municipality.ags,
            accounts={role: member.account(role) for role in ROLES},
            rules=_BYLAW,
        )
        for member in demo_members(MUNICIPALITIES)
    )
    suppliers = tuple(
        SupplierPlan(supplier.name, f"demo-seller-{supplier.key}", text)
        for supplier, text in price_lists().items()
    )
    return Plan(members, suppliers)


def purchases_plan(lines: Sequence[ScmsLine]) -> Plan:
    """The countries of the purchases as members, their vendors as suppliers."""
    countries = sorted({line.country for line in lines})
    members = tuple(
        MemberPlan(
            name=country,
            legal_form="state_body",
            official_key=country_key(country),
            accounts={role: f"demo-{role}-{country_key(country)}" for role in _COUNTRY_ROLES},
        )
        for country in countries
    )
    suppliers = tuple(
        SupplierPlan(vendor, f"demo-supplier-scms-{number:03d}", text)
        for number, (vendor, text) in enumerate(sorted(vendor_price_lists(lines).items()), 1)
    )
    return Plan(members, suppliers)


_COUNTRY_ROLES = ("requester", "approver", "award_office", "auditor")


def volume_plan(orders: Sequence[DemoOrder]) -> Plan:
    """The countries of a stream of orders as members, each with its customers as requesters."""
    of_country: defaultdict[str, set[str]] = defaultdict(set)
    for order in orders:
        of_country[order.member].add(order.requester)
    members = tuple(
        MemberPlan(
            name=country,
            legal_form="state_body",
            official_key=f"retail-{slug(country)}",
            accounts={role: f"demo-{role}-retail-{slug(country)}" for role in _COUNTRY_ROLES},
            requesters=tuple(sorted(requesters)),
        )
        for country, requesters in sorted(of_country.items())
    )
    sold = {line.article for order in orders for line in order.lines}
    lists = price_lists_of(sorted(sold, key=lambda article: article.article_number))
    suppliers = tuple(
        SupplierPlan(vendor, f"demo-supplier-{slug(vendor)}", text)
        for vendor, text in sorted(lists.items())
    )
    return Plan(members, suppliers)


def vendor_price_lists(lines: Sequence[ScmsLine]) -> Mapping[str, str]:
    """Vendor -> price list as CSV: one article per item description and pack price.

    Prices are the pack prices of the purchases, in US dollars taken 1:1 as EUR net. VAT 0 per
    cent: goods for other countries. The order unit is a pack (XPK).
    """
    return price_lists_of(articles(lines).values())


def price_lists_of(articles_sold: Iterable[DemoArticle]) -> Mapping[str, str]:
    """Vendor -> price list as CSV, the vendor's articles in the order given."""
    of_vendor: defaultdict[str, list[DemoArticle]] = defaultdict(list)
    for article in articles_sold:
        of_vendor[article.vendor].append(article)
    return {vendor: _price_list(own) for vendor, own in of_vendor.items()}


def _price_list(articles: Sequence[DemoArticle]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for article in articles:
        writer.writerow(
            {
                "article_number": article.article_number,
                "name": article.name,
                "cpv": article.cpv,
                "order_unit": "XPK",
                "content": "1 Packung",
                "unit_price_net": format(article.price, "f"),
                "currency": "EUR",
                "vat_rate": "0",
                "delivery_days": "30",
                "minimum_quantity": "1",
            }
        )
    return text.getvalue()
