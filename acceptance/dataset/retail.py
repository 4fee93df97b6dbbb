"""A wholesaler's whole order stream (Online Retail, 2010-12 to 2011-12) as the demo's volume.

Members are the 38 countries, requesters the customers (`none` where the data name none), articles
the stock codes at each price. The data know neither supplier nor class: both are drawn from the
stock code. As in `scms`, an order is what one member wants of a month: an order per customer would
send a country's month to its 60 suppliers hundreds of times over. Amounts are pounds sterling in
the original and taken 1:1 as euros, net of VAT.
"""

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from acceptance.dataset import cpv
from acceptance.dataset.datafiles import rows
from acceptance.dataset.purchases import DemoArticle, DemoOrder, DemoOrderLine, slug

VENDORS, CLASSES = 60, 40
LINES_PER_ORDER = 500
"""What orders takes at once; a longer month of one member becomes several orders."""

_GOODS_BELOW = "45000000"  # where CPV 2008 goes on with works, then services

Why = Literal[
    "price not above zero", "worth less than half a cent", "return without an earlier sale"
]
_LEAST = Decimal("0.005")


@cache
def _month(day: date) -> str:
    return f"{day:%Y-%m}"


class RetailRow(NamedTuple):
    """A row of the data; a negative quantity is a return. Prices have up to three decimals."""

    row_no: int
    invoice: str
    stock_code: str
    quantity: int
    sold_on: date
    price: Decimal
    customer: str
    country: str

    @property
    def value(self) -> Decimal:
        """Quantity x price, exact."""
        return self.quantity * self.price

    @property
    def month(self) -> str:
        """YYYY-MM."""
        return _month(self.sold_on)


@dataclass(slots=True)
class Sale:
    """A row that can be ordered, and how much of it came back later."""

    row: RetailRow
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A row, or what is left of it, that is no order and corrects none."""

    row: RetailRow
    quantity: int
    why: Why

    @property
    def value(self) -> Decimal:
        """Quantity x price, exact."""
        return self.quantity * self.row.price


@dataclass(slots=True)
class Ledger:
    """All rows told apart: sales + corrections + listed = the sum of the data."""

    sales: list[Sale] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)

    @property
    def sold(self) -> Decimal:
        """Sum of all sales, exact."""
        return sum((sale.row.value for sale in self.sales), Decimal(0))

    @property
    def corrected(self) -> Decimal:
        """What returns took away from earlier sales, exact; zero or below."""
        return -sum((sale.returned * sale.row.price for sale in self.sales), Decimal(0))

    def listed_for(self, why: Why) -> list[Listed]:
        """The rows listed for one reason."""
        return [row for row in self.listed if row.why == why]


@cache
def retail_rows() -> tuple[RetailRow, ...]:
    """All 541,909 rows in the order of the data."""
    return tuple(
        RetailRow(
            row_no=number,
            invoice=row["invoice"],
            stock_code=row["stock_code"],
            quantity=int(row["quantity"]),
            sold_on=date.fromisoformat(row["sold_on"]),
            price=Decimal(row["unit_price"]),
            customer=row["customer"],
            country=row["country"],
        )
        for number, row in enumerate(rows("online-retail.csv.xz"), 1)
    )


def months_of(records: Iterable[RetailRow]) -> list[str]:
    """The months (YYYY-MM) the rows fall in, in order."""
    return sorted({row.month for row in records})


def told_apart(records: Iterable[RetailRow]) -> Ledger:
    """Sales with what came back of them, and the rows that are neither.

    A return takes from the same customer's earliest sales of the same article at the same price;
    what finds no sale any more is listed.
    """
    ledger = Ledger()
    standing: defaultdict[tuple[str, str, str, Decimal], deque[Sale]] = defaultdict(deque)
    for row in records:
        key = (row.country, row.customer, row.stock_code, row.price)
        if row.price <= 0:
            ledger.listed.append(Listed(row, row.quantity, "price not above zero"))
        elif 0 < row.value < _LEAST:
            ledger.listed.append(Listed(row, row.quantity, "worth less than half a cent"))
        elif row.quantity > 0:
            ledger.sales.append(Sale(row))
            standing[key].append(ledger.sales[-1])
        else:
            left = _take_back(standing[key], -row.quantity)
            if left:
                ledger.listed.append(Listed(row, -left, "return without an earlier sale"))
    return ledger


def _take_back(standing: deque[Sale], quantity: int) -> int:
    while quantity and standing:
        sale = standing[0]
        taken = min(quantity, sale.row.quantity - sale.returned)
        sale.returned += taken
        quantity -= taken
        if sale.returned == sale.row.quantity:
            standing.popleft()
    return quantity


def requester(country: str, customer: str) -> str:
    """The token subject of a customer in a country."""
    return f"retail-{slug(country)}-{customer or 'none'}"


def articles(records: Iterable[RetailRow]) -> dict[tuple[str, Decimal], DemoArticle]:
    """The distinct articles of the rows that can be sold, by stock code and price.

    Vendor and class hang on the stock code alone; the number is the code and the price.
    """
    names = {row["stock_code"]: row["name"] for row in rows("online-retail-articles.tsv")}
    keys = sorted({(row.stock_code, row.price) for row in records if row.price > 0})
    return {
        (code, price): DemoArticle(
            vendor=f"Online Retail {_drawn(VENDORS, 'vendor', code) + 1:02d}",
            article_number=f"{code} @ {price}",
            name=names.get(code) or code,
            cpv=classes()[_drawn(CLASSES, "class", code)],
            price=price,
        )
        for code, price in keys
    }


@cache
def classes() -> tuple[str, ...]:
    """Forty CPV classes of goods, spread evenly over all there are."""
    goods = [code for code in cpv.labels() if code < _GOODS_BELOW and cpv.level(code) == "class"]
    return tuple(goods[position * len(goods) // CLASSES] for position in range(CLASSES))


def _drawn(below: int, *parts: str) -> int:
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()) % below


def orders(ledger: Ledger) -> list[DemoOrder]:
    """A need is what one member wants of a month: its sales, supplier by supplier and by date, cut
    where an order passes 500 lines.

    Sorted by supplier before the cut, so that a member with tens of thousands of lines sends each
    of its suppliers a few long orders instead of one for every customer. Whoever wanted the first
    line sends the order off.
    """
    catalogue = articles(sale.row for sale in ledger.sales)
    merged: defaultdict[tuple[str, str], list[RetailRow]] = defaultdict(list)
    for sale in ledger.sales:
        merged[sale.row.month, sale.row.country].append(sale.row)

    def by_supplier(row: RetailRow) -> tuple[str, date, int]:
        return catalogue[row.stock_code, row.price].vendor, row.sold_on, row.row_no

    made = []
    for (month, country), wanted in sorted(merged.items()):
        wanted.sort(key=by_supplier)
        for part, begin in enumerate(range(0, len(wanted), LINES_PER_ORDER), 1):
            rows_of = wanted[begin : begin + LINES_PER_ORDER]
            made.append(_order(month, country, part, rows_of, catalogue))
    return made


def _order(
    month: str,
    country: str,
    part: int,
    wanted: Sequence[RetailRow],
    catalogue: dict[tuple[str, Decimal], DemoArticle],
) -> DemoOrder:
    lines = tuple(
        DemoOrderLine(
            line_id=row.row_no,
            article=catalogue[row.stock_code, row.price],
            quantity=Decimal(row.quantity),
            line_value=row.value,
            scheduled_delivery=row.sold_on,
        )
        for row in wanted
    )
    who = requester(country, wanted[0].customer)
    return DemoOrder(country, month, who, lines, apart=(str(part),))
