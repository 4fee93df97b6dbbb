"""What the demo's towns bought until today, so that nobody opens an empty page after `make up`.

In: the plan of the towns and a day. Out: a year of orders of what every town needs, from whom it
usually buys, and some that wait at a desk. Drawn: the same plan and day give the same orders.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from acceptance.dataset.assortment import draw
from acceptance.dataset.plans import MemberPlan, Plan
from acceptance.dataset.purchases import DemoArticle, DemoOrder, DemoOrderLine

_MONTHS = 12
_RULES_SINCE = date(2026, 1, 1)
"""The example bylaw's first day; before it every order would be handed over."""
_DELIVERY = timedelta(days=14)
_ELSEWHERE_PERCENT = 30


@dataclass(frozen=True, slots=True)
class Habit:
    """What some towns need again and again.

    word: what it is called in the house. cpv: the code of the articles; the product most suppliers
    offer is bought. towns: per cent of them. every: months from one order to the next.
    quantities: least and most, in order units. winter: from November to March only.
    """

    word: str
    cpv: str
    towns: int
    every: int
    quantities: tuple[int, int]
    winter: bool = False


HABITS = (
    Habit("Kopierpapier", "30197630", 80, 2, (10, 50)),
    Habit("Aktenordner", "30197210", 60, 4, (20, 60)),
    Habit("Toilettenpapier", "33761000", 70, 2, (2, 8)),
    Habit("Handtuchpapier", "33763000", 50, 3, (2, 5)),
    Habit("Reiniger", "39831240", 50, 3, (10, 40)),
    Habit("Kaffee", "15861000", 40, 3, (4, 12)),
    Habit("Streusalz", "34927100", 90, 1, (1, 4), winter=True),
)
AT_A_DESK = (
    (0, "Mobilrechner", "30213100", 2),
    (1, "Mobilrechner", "30213100", 3),
    (0, "Kindergartenstühle", "39161000", 600),
)
"""Town, word, CPV code, quantity: an approver decides on two, the award office on the last."""


def year_of_orders(plan: Plan, today: date) -> list[DemoOrder]:
    """A year's orders until yesterday, by nobody's date in particular; amounts EUR net."""
    offers = _offers(plan)
    return [
        order
        for habit in HABITS
        for town in plan.members
        if draw(100, "needs", habit.cpv, town.official_key) < habit.towns
        for order in _orders(habit, town, offers[habit.cpv], today)
    ]


def waiting_orders(plan: Plan, today: date) -> list[DemoOrder]:
    """Orders of today that stop at a desk under the demo's rules; amounts EUR net."""
    offers = _offers(plan)
    return [
        _order(plan.members[town], word, offers[cpv][0], quantity, today)
        for town, word, cpv, quantity in AT_A_DESK
    ]


def _orders(
    habit: Habit, town: MemberPlan, offers: Sequence[DemoArticle], today: date
) -> Iterator[DemoOrder]:
    about = (habit.cpv, town.official_key)
    house = offers[draw(len(offers), "usual supplier", *about)]
    least, most = habit.quantities
    for first in _months(today):
        if first.month % habit.every != draw(habit.every, "turn", *about):
            continue
        if habit.winter and 3 < first.month < 11:
            continue
        day = first.replace(day=1 + draw(28, "day", *about, first.month))
        if not max(today - timedelta(days=365), _RULES_SINCE) <= day < today or day.weekday() > 4:
            continue
        other = draw(100, "elsewhere", *about, first.month) < _ELSEWHERE_PERCENT
        offer = offers[draw(len(offers), "other", *about, first.month)] if other else house
        quantity = least + draw(most - least + 1, "quantity", *about, first.month)
        yield _order(town, habit.word, offer, quantity, day)


def _order(town: MemberPlan, word: str, offer: DemoArticle, quantity: int, day: date) -> DemoOrder:
    line = DemoOrderLine(1, offer, Decimal(quantity), offer.price * quantity, day)
    return DemoOrder(town.name, f"{day:%Y-%m}", town.accounts["requester"], (line,), (word,))


def _months(today: date) -> Iterator[date]:
    for back in range(_MONTHS, -1, -1):
        months = today.year * 12 + today.month - 1 - back
        yield date(months // 12, months % 12 + 1, 1)


def _offers(plan: Plan) -> Mapping[str, list[DemoArticle]]:
    """CPV code -> the offers for the one product that most suppliers have."""
    products: defaultdict[str, defaultdict[str, list[DemoArticle]]]
    products = defaultdict(lambda: defaultdict(list))
    for supplier in plan.suppliers:
        for row in csv.DictReader(io.StringIO(supplier.price_list)):
            price = Decimal(row["unit_price_net"])
            article = DemoArticle(
                supplier.name, row["article_number"], row["name"], row["cpv"], price
            )
            products[row["cpv"]][row["gtin"]].append(article)
    return {cpv: max(by_gtin.values(), key=len) for cpv, by_gtin in products.items()}
