"""What makes a core assortment worth a tender: five criteria, each with its reason."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from marktbund.contracts.tender_planning import CriterionCode
from tender_planning.domain.evidence import ONE, ZERO, Evidence, effective
from tender_planning.domain.wording import counted, euro, number, percent

WEIGHTS: Mapping[CriterionCode, Decimal] = {
    "members": Decimal("0.30"),
    "regularity": Decimal("0.25"),
    "value": Decimal("0.20"),
    "suppliers": Decimal("0.15"),
    "price_spread": Decimal("0.10"),
}

TENTH = Decimal("0.1")
_MANY_MEMBERS = 20
_ENOUGH_SUPPLIERS = 4
_WIDE_SPREAD = Decimal("0.3")
_FEWEST_PRICES = 4
_SMALL_YEAR, _DECADES = Decimal(1_000), 3


@dataclass(frozen=True, slots=True)
class Criterion:
    """One part of the score. share: 0 to 1; points: what it gives; text: the reason in words."""

    code: CriterionCode
    share: Decimal
    points: Decimal
    text: str


def judge(evidence: Evidence) -> list[Criterion]:
    """All criteria of a core, in the order of WEIGHTS."""
    return [_criterion(code, *_JUDGES[code](evidence)) for code in WEIGHTS]


def _criterion(code: CriterionCode, share: Decimal, text: str) -> Criterion:
    exact = min(ONE, max(ZERO, share)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return Criterion(
        code, exact, (100 * WEIGHTS[code] * exact).quantize(TENTH, ROUND_HALF_UP), text
    )


def _members(evidence: Evidence) -> tuple[Decimal, str]:
    weighted = effective(member.demand_net for member in evidence.members)
    buyers = counted(len(evidence.members), "Mitglied kauft", "Mitglieder kaufen")
    text = f"{buyers} dasselbe; nach Größe gewichtet so viel wie {number(weighted)} gleich große."
    return Decimal(math.log(max(weighted, ONE)) / math.log(_MANY_MEMBERS)), text


def _regularity(evidence: Evidence) -> tuple[Decimal, str]:
    with_demand = [month.demand_net for month in evidence.months if month.demand_net > 0]
    text = f"Bestellt wurde in {len(with_demand)} von {evidence.window.months} Monaten."
    return effective(with_demand) / evidence.window.months, text


def _value(evidence: Evidence) -> tuple[Decimal, str]:
    a_year = evidence.demand_net * 12 / evidence.window.months
    text = f"Bedarf {euro(evidence.demand_net)} netto, im Jahr {euro(a_year)}."
    return Decimal(math.log10(max(a_year / _SMALL_YEAR, ONE)) / _DECADES), text


def _suppliers(evidence: Evidence) -> tuple[Decimal, str]:
    largest = max((seller.demand_net for seller in evidence.suppliers), default=ZERO)
    sellers = counted(len(evidence.suppliers), "Lieferant", "Lieferanten")
    text = f"{sellers}; der größte hat {percent(largest / evidence.demand_net)} des Bedarfs."
    weighted = effective(seller.demand_net for seller in evidence.suppliers)
    return (weighted - 1) / (_ENOUGH_SUPPLIERS - 1), text


def _price_spread(evidence: Evidence) -> tuple[Decimal, str]:
    compared = [
        (group.prices, group.demand_net)
        for group in evidence.groups
        if group.prices and group.prices.suppliers > 1 and group.prices.lines >= _FEWEST_PRICES
    ]
    weight = sum((net for _, net in compared), ZERO)
    if not weight:
        return ZERO, "Preise mehrerer Lieferanten für denselben Artikel liegen noch nicht vor."
    mean = sum((prices.relative * net for prices, net in compared), ZERO) / weight
    lines = sum(prices.lines for prices, _ in compared)
    text = (
        f"Für denselben Artikel schwanken die Preise in der mittleren Hälfte um {percent(mean)}"
        f" ({counted(lines, 'Position', 'Positionen')})."
    )
    return mean / _WIDE_SPREAD, text


_JUDGES: Mapping[CriterionCode, Callable[[Evidence], tuple[Decimal, str]]] = {
    "members": _members,
    "regularity": _regularity,
    "value": _value,
    "suppliers": _suppliers,
    "price_spread": _price_spread,
}
