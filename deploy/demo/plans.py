"""Who is in a demo: members with their accounts, suppliers with their price lists.

Two plans: municipalities with an invented catalogue for trying things out, and the countries and
vendors of the real purchases for the replay.
"""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.demo.catalogue import COLUMNS, price_lists
from deploy.demo.client import Account
from deploy.demo.municipalities import ROLES, demo_members
from deploy.demo.scms import ScmsArticle, ScmsLine, articles

OFFICE = Account("demo-office")
PROCUREMENT = Account("demo-procurement")
AUDITOR = Account("demo-auditor")
OPERATOR = Account("demo-operator")
OFFICIALS = {"procurement": PROCUREMENT, "auditor": AUDITOR, "operator": OPERATOR}

MUNICIPALITIES = 10


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """A member body and its accounts: role -> token subject, opaque."""

    name: str
    legal_form: str
    official_key: str
    accounts: Mapping[str, str]


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


_COUNTRY_ROLES = ("requester", "approver", "auditor")


def country_key(country: str) -> str:
    """The official key of a country's member: `scms-` and its name in lower-case ASCII."""
    plain = unicodedata.normalize("NFKD", country).encode("ascii", "ignore").decode()
    return "scms-" + "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


def vendor_price_lists(lines: Sequence[ScmsLine]) -> dict[str, str]:
    """Vendor -> price list as CSV: one article per item description and pack price.

    Prices are the pack prices of the purchases, in US dollars taken 1:1 as EUR net. VAT 0 per
    cent: goods for other countries. The order unit is a pack (XPK).
    """
    of_vendor: defaultdict[str, list[ScmsArticle]] = defaultdict(list)
    for article in articles(lines).values():
        of_vendor[article.vendor].append(article)
    return {vendor: _price_list(found) for vendor, found in of_vendor.items()}


def _price_list(found: Sequence[ScmsArticle]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for article in found:
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
