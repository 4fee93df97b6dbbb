"""Real central purchases of health goods (SCMS, 2006-2015) as the demo's stream of orders.

Members are the 43 recipient countries, suppliers the 73 vendors. Amounts are US dollars in the
original and taken 1:1 as euros, net of VAT.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from acceptance.dataset.datafiles import rows
from acceptance.dataset.municipalities import DemoMember, demo_members
from acceptance.dataset.purchases import DemoArticle, DemoOrder, DemoOrderLine, slug


@dataclass(frozen=True, slots=True)
class ScmsLine:
    """One delivered purchase line.

    `pack_price` is the price of one pack, rounded in the original: quantity x pack_price misses
    `line_value` on 719 lines. 18 lines have price 0. `ordered_on` is when the order went to the
    vendor, else when the quotation went to the member, else None (1,931 lines).
    """

    line_id: int
    po_number: str
    country: str
    vendor: str
    product_group: str
    sub_classification: str
    item: str
    quantity: Decimal
    pack_price: Decimal
    line_value: Decimal
    scheduled_delivery: date
    ordered_on: date | None

    @property
    def rounding_difference(self) -> Decimal:
        """Quantity x pack price less the line value; not zero where the pack price was rounded."""
        return self.quantity * self.pack_price - self.line_value

    @property
    def month(self) -> str:
        """Month of the scheduled delivery, YYYY-MM."""
        return f"{self.scheduled_delivery:%Y-%m}"


def country_key(country: str) -> str:
    """The official key of a country's member: `scms-` and its name in lower-case ASCII."""
    return f"scms-{slug(country)}"


@cache
def scms_lines() -> tuple[ScmsLine, ...]:
    """All 10,324 purchase lines by line id."""
    return tuple(
        ScmsLine(
            line_id=int(row["id"]),
            po_number=row["po"],
            country=row["country"],
            vendor=row["vendor"],
            product_group=row["product_group"],
            sub_classification=row["sub_classification"],
            item=row["item"],
            quantity=Decimal(row["quantity"]),
            pack_price=Decimal(row["pack_price"]),
            line_value=Decimal(row["line_value"]),
            scheduled_delivery=date.fromisoformat(row["scheduled_delivery"]),
            ordered_on=date.fromisoformat(row["ordered_on"]) if row["ordered_on"] else None,
        )
        for row in rows("scms.csv.xz")
    )


def cpv_of(line: ScmsLine) -> str:
    """The CPV code the demo files a line under, by its group, sub-classification and item name.

    Raises KeyError for a combination the table does not know.
    """
    for group, sub, part, code in _cpv_table():
        if (group, sub) == (line.product_group, line.sub_classification) and part in line.item:
            return code
    raise KeyError((line.product_group, line.sub_classification))


def articles(lines: Iterable[ScmsLine]) -> dict[tuple[str, str, Decimal], DemoArticle]:
    """The distinct articles of the lines, by vendor, item description and pack price.

    Numbers run A-0001, A-0002, ... per vendor in order of description and price, so the same
    lines always give the same numbers; a part of the lines may number an article differently.
    """
    first = {(line.vendor, line.item, line.pack_price): line for line in lines}
    taken: Counter[str] = Counter()
    made = {}
    for key in sorted(first):
        vendor, item, price = key
        taken[vendor] += 1
        number = f"A-{taken[vendor]:04d}"
        made[key] = DemoArticle(vendor, number, item, cpv_of(first[key]), price)
    return made


def orders(lines: Sequence[ScmsLine]) -> list[DemoOrder]:
    """The lines merged into one order per member and month of delivery, by month and member.

    Every line appears exactly once, by delivery date and line id within its order.
    """
    catalogue = articles(lines)
    merged: defaultdict[tuple[str, str], list[DemoOrderLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.scheduled_delivery, line.line_id)):
        article = catalogue[line.vendor, line.item, line.pack_price]
        merged[line.month, line.country].append(
            DemoOrderLine(
                line.line_id, article, line.quantity, line.line_value, line.scheduled_delivery
            )
        )
    return [
        DemoOrder(member, month, f"demo-requester-{country_key(member)}", tuple(order_lines))
        for (month, member), order_lines in sorted(merged.items())
    ]


def suppliers_per_order(made: Iterable[DemoOrder]) -> dict[int, int]:
    """How many orders fan out to one supplier, to two, and so on."""
    return dict(sorted(Counter(len(order.vendors) for order in made).items()))


def stand_ins(lines: Iterable[ScmsLine]) -> Mapping[str, DemoMember]:
    """A demo municipality for every country: the more lines a country has, the larger it is."""
    counted = Counter(line.country for line in lines)
    ranked = sorted(counted, key=lambda country: (-counted[country], country))
    return dict(zip(ranked, demo_members(len(ranked)), strict=True))


@cache
def _cpv_table() -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (row["product_group"], row["sub_classification"], row["item_contains"], row["cpv"])
        for row in rows("scms-cpv.tsv")
    )


if __name__ == "__main__":
    made = orders(scms_lines())
    print(f"{len(made)} orders, {sum(len(order.lines) for order in made)} lines")
    for suppliers, times in suppliers_per_order(made).items():
        print(f"{suppliers:3d} suppliers: {times} orders")
