"""Price lists of invented suppliers: what German public bodies buy, ready for a CSV import.

Order units are codes of UN/ECE Recommendation 20 (H87 piece, PR pair, SET set, KGM, TNE, MTR)
and, for packages, of Recommendation 21 with the leading X of the European invoice's code list
(XPK pack, XBX box, XCT carton, XBO bottle, XCI canister, XBJ bucket, XSA sack).
"""

import csv
import io
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from acceptance.dataset.assortment import Product, draw, products
from acceptance.dataset.datafiles import rows

COLUMNS = (
    *("article_number", "name", "description", "cpv", "gtin"),
    *("manufacturer", "manufacturer_article_number", "order_unit", "content"),
    *("unit_price_net", "currency", "vat_rate", "delivery_days", "minimum_quantity", "features"),
)

_CENT = Decimal("0.01")
_CARRIED_PERCENT = 82
_ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "²": "2"}
)


@dataclass(frozen=True, slots=True)
class SupplierSeed:
    """An invented supplier and how its price list deviates from the others.

    `price_level` multiplies the usual prices, `extra_days` come on top of the usual delivery
    time, `wording` is the house style of article names.
    """

    key: str
    name: str
    city: str
    prefix: str
    segments: tuple[str, ...]
    price_level: Decimal
    extra_days: int
    wording: str


@cache
def suppliers() -> tuple[SupplierSeed, ...]:
    """The invented suppliers, in the order of the data file."""
    return tuple(
        SupplierSeed(
            key=row["key"],
            name=row["name"],
            city=row["city"],
            prefix=row["prefix"],
            segments=tuple(row["segments"].split("|")),
            price_level=Decimal(row["price_level"]),
            extra_days=int(row["extra_days"]),
            wording=row["wording"],
        )
        for row in rows("suppliers.tsv")
    )


def price_lists(seed: int = 7) -> dict[SupplierSeed, str]:
    """Every supplier's price list as comma-separated text with the header COLUMNS.

    Prices are EUR net of VAT per order unit with two places, VAT rates are per cent, delivery
    times calendar days. The features column reads key=value|key=value. The same seed gives the
    same text in every version of Python; GTINs and article numbers do not depend on the seed.
    """
    made = products(seed)
    return {supplier: _price_list(supplier, made, seed) for supplier in suppliers()}


def _price_list(supplier: SupplierSeed, made: list[Product], seed: int) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    carried = (item for item in made if _carries(supplier, item, seed))
    writer.writerows(_row(supplier, item, seed) for item in carried)
    return text.getvalue()


def _carries(supplier: SupplierSeed, item: Product, seed: int) -> bool:
    if item.template.segment not in supplier.segments:
        return False
    return draw(100, seed, "carried", supplier.key, item.gtin) < _CARRIED_PERCENT


def _row(supplier: SupplierSeed, item: Product, seed: int) -> list[str]:
    template = item.template
    number = f"{supplier.prefix}-{draw(10**8, 'article', supplier.key, item.gtin):08d}"
    return [
        number,
        _name(supplier, item),
        _description(supplier, item),
        template.cpv,
        item.gtin,
        item.manufacturer,
        item.manufacturer_article_number,
        template.order_unit,
        item.content,
        str(_price(supplier, item, seed)),
        "EUR",
        str(template.vat_rate),
        str(item.delivery_days + supplier.extra_days),
        "1",
        "|".join(f"{key}={value}" for key, value in item.features.items()),
    ]


def _price(supplier: SupplierSeed, item: Product, seed: int) -> Decimal:
    price = item.price
    if not item.template.price_bound:
        swing = Decimal(940 + draw(121, seed, "offer", supplier.key, item.gtin)) / 1000
        price *= supplier.price_level * swing
    return price.quantize(_CENT, ROUND_HALF_UP)


def _noun(supplier: SupplierSeed, item: Product) -> str:
    # One supplier keeps to one word for one kind of product, others may use a synonym.
    names = item.template.names
    return names[draw(len(names), "noun", supplier.key, item.template.identity)]


def _name(supplier: SupplierSeed, item: Product) -> str:
    noun = _noun(supplier, item)
    details = [text for text in map(_spoken, item.telling, item.telling.values()) if text]
    if supplier.wording == "commas":
        return ", ".join([noun, *details])
    if supplier.wording == "maker_first":
        return " ".join([item.manufacturer, noun, *details])
    spaced = " ".join([noun, *details])
    return spaced.translate(_ASCII) if supplier.wording == "ascii" else spaced


def _spoken(key: str, value: str) -> str:
    if value == "nein":
        return ""
    if value == "ja":
        return key
    if value in {"mit", "ohne"}:
        return f"{value} {key}"
    # A bare size or number says nothing without its feature's name.
    bare = " " not in value and not any(sign.islower() for sign in value)
    return f"{key} {value}" if bare else value


def _description(supplier: SupplierSeed, item: Product) -> str:
    facts = "; ".join(f"{key}: {value}" for key, value in item.features.items())
    parts = [f"{_noun(supplier, item)} von {item.manufacturer}", facts, item.template.note]
    text = ". ".join(part for part in parts if part) + "."
    return text.translate(_ASCII) if supplier.wording == "ascii" else text
