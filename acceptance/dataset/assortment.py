"""The invented products behind the demo's price lists, expanded from templates."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from math import prod

from acceptance.dataset.datafiles import rows
from acceptance.dataset.gtin import restricted_gtin

_VARIANTS = 4
_SECOND_MAKER_PERCENT = 30

Part = str | int | date | Sequence[str]
"""What a drawing may hang on: values whose text is the same in every run."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value and what it does to the price."""

    value: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of product: its names, its features with their values, its range of prices.

    Prices are EUR net per order unit, before the features' factors; a bound price (books) is the
    same at every supplier.
    """

    segment: str
    cpv: str
    order_unit: str
    content: str
    price_low: Decimal
    price_high: Decimal
    price_bound: bool
    vat_rate: int
    names: tuple[str, ...]
    features: Mapping[str, tuple[Choice, ...]]
    note: str

    @property
    def identity(self) -> str:
        """What every draw about this template hangs on; survives reordering of the file."""
        return f"{self.cpv}:{self.names[0]}"


@dataclass(frozen=True, slots=True)
class Product:
    """One product of one manufacturer; `price` is its usual price, EUR net per order unit."""

    template: Template
    features: Mapping[str, str]
    manufacturer: str
    manufacturer_article_number: str
    gtin: str
    content: str
    price: Decimal
    delivery_days: int

    @property
    def telling(self) -> Mapping[str, str]:
        """The features that differ between the products of one template."""
        varied = self.template.features
        return {key: value for key, value in self.features.items() if len(varied[key]) > 1}


def draw(below: int, *parts: Part) -> int:
    """A number from 0 to below - 1 that depends on nothing but the parts.

    Hashing instead of a shared generator keeps every article as it is when another one changes,
    and gives the same numbers in every version of Python.
    """
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8")).digest()
    return int.from_bytes(digest) % below


def products(seed: int) -> list[Product]:
    """All products of a seed, in the order of the template file.

    Up to four variants per template; three in ten come from a second manufacturer too, with
    another GTIN and price but the same features.
    """
    return [made for template in templates() for made in _expand(template, seed)]


@cache
def templates() -> tuple[Template, ...]:
    """The product templates of the data file."""
    return tuple(
        Template(
            segment=row["segment"],
            cpv=row["cpv"],
            order_unit=row["order_unit"],
            content=row["content"],
            price_low=Decimal(row["price_low"]),
            price_high=Decimal(row["price_high"]),
            price_bound=row["price_bound"] == "yes",
            vat_rate=int(row["vat_rate"]),
            names=tuple(row["names"].split("|")),
            features=_features(row["features"]),
            note=row["note"],
        )
        for row in rows("catalogue-templates.tsv")
    )


def _features(text: str) -> Mapping[str, tuple[Choice, ...]]:
    parts = (part.split(":", 1) for part in text.split(";"))
    return {key: _choices(values) for key, values in parts}


def _choices(text: str) -> tuple[Choice, ...]:
    pairs = (part.partition("*") for part in text.split("|"))
    return tuple(Choice(value, Decimal(factor or 1)) for value, _, factor in pairs)


@cache
def _segments() -> Mapping[str, tuple[int, tuple[Choice, ...]]]:
    return {
        row["segment"]: (int(row["delivery_days"]), _choices(row["manufacturers"]))
        for row in rows("segments.tsv")
    }


def _expand(template: Template, seed: int) -> Iterator[Product]:
    variants = sorted(
        product(*template.features.values()),
        key=lambda chosen: draw(2**64, seed, template.identity, *_values(chosen)),
    )
    for chosen in variants[:_VARIANTS]:
        for maker in _makers(template, chosen, seed):
            yield _product(template, chosen, maker, seed)


def _values(chosen: Iterable[Choice]) -> list[str]:
    return [choice.value for choice in chosen]


def _makers(template: Template, chosen: tuple[Choice, ...], seed: int) -> list[Choice]:
    _, makers = _segments()[template.segment]
    about: tuple[Part, ...] = (seed, template.identity, *_values(chosen))
    first = draw(len(makers), "maker", *about)
    if template.price_bound or draw(100, "second", *about) >= _SECOND_MAKER_PERCENT:
        return [makers[first]]
    return [makers[first], makers[(first + 1) % len(makers)]]


def _product(template: Template, chosen: tuple[Choice, ...], maker: Choice, seed: int) -> Product:
    values = _values(chosen)
    identity = "\x1f".join([template.identity, *values, maker.value])
    span = int((template.price_high - template.price_low) * 100) + 1
    base = template.price_low + Decimal(draw(span, seed, "price", template.identity)) / 100
    factor = prod((choice.factor for choice in chosen), start=maker.factor)
    content = next((value for value in values if _is_content(template, value)), template.content)
    days, _ = _segments()[template.segment]
    return Product(
        template=template,
        features=dict(zip(template.features, values, strict=True)),
        manufacturer=maker.value,
        manufacturer_article_number=(
            f"{maker.value[:3].upper()}-{draw(10**7, 'number', identity):07d}"
        ),
        gtin=restricted_gtin(identity),
        content=content,
        price=base * factor,
        delivery_days=days,
    )


def _is_content(template: Template, value: str) -> bool:
    return any(
        value in listed and template.content in listed
        for listed in (_values(choices) for choices in template.features.values())
    )
