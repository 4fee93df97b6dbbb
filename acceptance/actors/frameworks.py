"""Framework agreements for the largest articles, half-way through the replay.

Pure: in purchases and what the catalogue says of their articles, out which groups are worth an
agreement, its text for the office's door, and which line of an order falls under it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from acceptance.dataset.bodies import Body
from acceptance.dataset.purchases import DemoOrder, DemoOrderLine
from acceptance.ledger.settling import net

ArticleKey = tuple[str, str]
"""Vendor and article number."""

EXCLUSIVE, OPEN = 6, 4
_LAST_DAY = date(2020, 12, 31)
_NARROW, _WIDE = Decimal("0.4"), Decimal(3)
_LEFT_OUT_EVERY = 5


@dataclass(frozen=True, slots=True)
class CatalogueOffer:
    """An article as the catalogue has it."""

    article_id: str
    comparable_group: str
    order_unit: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Framework:
    """An agreement to be: one supplier, the articles of one comparable group.

    positions: the article -> its position. ceiling: net EUR over the whole term.
    """

    title: str
    vendor: str
    binding: Literal["exclusive", "open"]
    group: str
    positions: Mapping[ArticleKey, int]
    ceiling: Decimal

    def split(
        self, lines: Sequence[DemoOrderLine]
    ) -> tuple[list[DemoOrderLine], list[DemoOrderLine]]:
        """The lines it covers, and the others."""
        under = [line for line in lines if _article_key(line) in self.positions]
        return under, [line for line in lines if _article_key(line) not in self.positions]

    def position(self, line: DemoOrderLine) -> int:
        """The position a covered line is called off from."""
        return self.positions[_article_key(line)]


def _article_key(line: DemoOrderLine) -> ArticleKey:
    return line.article.vendor, line.article.article_number


def half_way(orders: Sequence[DemoOrder]) -> date:
    """The first day of the month in which the second half of the orders begins."""
    months = sorted(order.month for order in orders)
    return date.fromisoformat(f"{months[len(months) // 2]}-01")


def chosen(
    orders: Iterable[DemoOrder], offers: Mapping[ArticleKey, CatalogueOffer], since: date
) -> list[Framework]:
    """The groups of most value from a day on: exclusive where one supplier alone sells the group.

    Ceilings alternate between less and more than the demand to come, so that some run out.
    """
    vendors: defaultdict[str, set[str]] = defaultdict(set)
    for (vendor, _), offer in offers.items():
        vendors[offer.comparable_group].add(vendor)
    values: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for order in orders:
        if order.first_delivery >= since:
            for line in order.lines:
                group = offers[_article_key(line)].comparable_group
                values[group, line.article.vendor] += net(line.quantity, line.article.price)
    ranked = sorted(values, key=lambda key: (-values[key], key))
    alone = [key for key in ranked if len(vendors[key[0]]) == 1][:EXCLUSIVE]
    shared = [key for key in ranked if len(vendors[key[0]]) > 1][:OPEN]
    return [
        _framework(group, vendor, offers, values[group, vendor], number)
        for number, (group, vendor) in enumerate((*alone, *shared))
    ]


def _framework(
    group: str,
    vendor: str,
    offers: Mapping[ArticleKey, CatalogueOffer],
    value: Decimal,
    number: int,
) -> Framework:
    keys = sorted(
        key for key, offer in offers.items() if offer.comparable_group == group and key[0] == vendor
    )
    share = _NARROW if number % 2 else _WIDE
    return Framework(
        title=f"Rahmenvertrag {number + 1}",
        vendor=vendor,
        binding="exclusive" if number < EXCLUSIVE else "open",
        group=group,
        positions={key: position for position, key in enumerate(keys, 1)},
        ceiling=(value * share).quantize(Decimal("0.01")),
    )


def body(
    framework: Framework,
    offers: Mapping[ArticleKey, CatalogueOffer],
    supplier_id: str,
    member_ids: Sequence[str],
    since: date,
) -> Body:
    """What the office enters; every fifth member was not named in the notice."""
    positions: list[Body] = [
        {
            "position_no": position,
            "comparable_group": framework.group,
            "article_id": offers[key].article_id,
            "description": framework.title,
            "order_unit": offers[key].order_unit,
            "unit_price_net": offers[key].price,
        }
        for key, position in framework.positions.items()
    ]
    entitled = [
        {"member_id": member_id, "entitled_from": since.isoformat()}
        for number, member_id in enumerate(member_ids)
        if (number + 1) % _LEFT_OUT_EVERY
    ]
    lot: Body = {
        "lot_no": 1,
        "title": framework.title,
        "supplier_id": supplier_id,
        "positions": positions,
        "ceilings": [{"value_net": framework.ceiling}],
    }
    return {
        "title": framework.title,
        "binding": framework.binding,
        "starts_on": since.isoformat(),
        "ends_on": _LAST_DAY.isoformat(),
        "entitled": entitled,
        "lots": [lot],
    }
