"""What an order buys, by class: the proxy for "the same need" inside a window."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.members import AwardingCategory
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.rule_sets import ContractKind
from orders.ground.domain.buyers import Buyer

CLASS_DIGITS = 4
"""A CPV class, as in the demand cube. Another figure is another evaluator."""
_WORKS = "45"
_FIRST_SERVICE = "50"


@dataclass(frozen=True, slots=True)
class Share:
    """An order's part of one class, net EUR, and the pot it is added to."""

    cpv_class: str
    pot_id: UUID
    net: Decimal


def pots_of(lines: Sequence[OrderLine], buyer: Buyer, on: date) -> dict[int, UUID]:
    """Line number -> the pot it counts in on a day.

    A unit awarding a class on its own responsibility has a pot of its own for it (§ 3 (2) VgV);
    everything else is its contracting authority's. Never are two authorities added up.
    """
    unit_id, awards = buyer.unit or (buyer.authority_id, ())
    return {
        line.line_no: unit_id if _awards(awards, line.cpv, on) else buyer.authority_id
        for line in lines
    }


def shares_of(
    lines: Sequence[OrderLine], pots: Mapping[int, UUID], side_costs_net: Decimal
) -> tuple[Share, ...]:
    """An order's shares by class and pot; side costs count with the largest of them."""
    sums: dict[tuple[UUID, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[pots[line.line_no], line.cpv[:CLASS_DIGITS]] += line.net_amount
    if side_costs_net:
        largest = max(sorted(sums), key=lambda known: sums[known])
        sums[largest] += side_costs_net
    return tuple(Share(known, pot, sums[pot, known]) for pot, known in sorted(sums))


def _awards(categories: Sequence[AwardingCategory], cpv: str, on: date) -> bool:
    return any(
        cpv.startswith(category.cpv_prefix) and on <= category.valid_to for category in categories
    )


def contract_kind_of(lines: Sequence[OrderLine]) -> ContractKind:
    """The main subject (§ 110 GWB): the kind with the largest net sum, by CPV division."""
    sums: dict[ContractKind, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[_kind_of(line.cpv[:2])] += line.net_amount
    return max(sorted(sums), key=lambda kind: sums[kind])


def _kind_of(division: str) -> ContractKind:
    if division == _WORKS:
        return "works"
    return "service" if division >= _FIRST_SERVICE else "supply"
