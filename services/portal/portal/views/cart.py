"""A cart as people see it: articles with today's prices, by supplier, and what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.gateways.services import Caller, Services
from portal.store.carts import CartLine
from portal.views import articles

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its article; net and gross in EUR."""

    article: dict[str, Any]
    quantity: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class ShownCart:
    """All lines, net EUR; `sellers`: the suppliers whose orders this becomes."""

    lines: tuple[ShownLine, ...]
    net: Decimal
    vat: Decimal
    sellers: tuple[str, ...]

    @property
    def gross(self) -> Decimal:
        """Net and VAT together."""
        return self.net + self.vat


async def cart(services: Services, caller: Caller, lines: Sequence[CartLine]) -> ShownCart:
    """The cart at today's prices."""
    found = await articles.several(services, caller, [line.article_id for line in lines])
    shown = tuple(_line(found[line.article_id], line.quantity) for line in lines)
    return ShownCart(
        shown,
        sum((line.net for line in shown), Decimal(0)),
        sum((line.vat for line in shown), Decimal(0)),
        tuple(sorted({line.article["supplier_name"] for line in shown})),
    )


def _line(article: dict[str, Any], quantity: Decimal) -> ShownLine:
    net = (quantity * Decimal(article["unit_price_net"])).quantize(_CENT, ROUND_HALF_UP)
    vat = (net * Decimal(article["vat_rate"]) / 100).quantize(_CENT, ROUND_HALF_UP)
    return ShownLine(article, quantity, net, vat)


def order_of(lines: Sequence[CartLine], reference: str, wanted_on: str) -> dict[str, Any]:
    """The order that a cart becomes, as orders takes it."""
    wanted = {"requested_delivery_date": wanted_on} if wanted_on else {}
    return {
        **({"reference": reference} if reference else {}),
        "lines": [
            {"article_id": str(line.article_id), "quantity": str(line.quantity), **wanted}
            for line in lines
        ],
    }
