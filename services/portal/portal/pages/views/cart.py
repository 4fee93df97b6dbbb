"""A cart as people see it: articles with today's prices, by supplier, and what it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from marktbund.contracts.http.catalog import ArticleAnswer
from marktbund.money import net_amount
from portal.clients.bodies import LineBody, OrderBody
from portal.clients.services import Caller, Services
from portal.domain import quantities
from portal.domain.sums import Sums, sums_of
from portal.pages.views import articles
from portal.store.carts import CartLine
from portal.words.figures import price

SEEN = "seen-"
"""Fields that tell with a click which price of an article stood on the page."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its article, net EUR. fault: why it cannot be ordered so; empty when it can."""

    article: ArticleAnswer
    quantity: Decimal
    net: Decimal
    fault: str


@dataclass(frozen=True, slots=True)
class ShownCart:
    """All lines and what they come to; `sellers`: the suppliers whose orders this becomes."""

    lines: tuple[ShownLine, ...]
    sums: Sums
    sellers: tuple[str, ...]

    def changed_since(self, typed: Mapping[str, str]) -> list[str]:
        """What became different since the page was drawn from which `typed` was sent."""
        return [
            f"{line.article.name}: {price(seen)} → {price(line.article.unit_price_net)}"
            for line in self.lines
            if (seen := _amount(typed.get(f"{SEEN}{line.article.article_id}", ""))) is not None
            and seen != line.article.unit_price_net
        ]


async def cart(services: Services, caller: Caller, lines: Sequence[CartLine]) -> ShownCart:
    """The cart at today's prices."""
    known = await articles.several(services, caller, [line.article_id for line in lines])
    shown = tuple(_line(known[line.article_id], line.quantity) for line in lines)
    return ShownCart(
        shown,
        sums_of((line.net, line.article.vat_rate) for line in shown),
        tuple(sorted({line.article.supplier_name for line in shown})),
    )


def saw(typed: Mapping[str, str], shown: ShownCart) -> bool:
    """Whether the sum that stood on the page is the cart's sum of now."""
    return _amount(typed.get("seen_net_total", "")) == shown.sums.net


def _line(article: ArticleAnswer, quantity: Decimal) -> ShownLine:
    net = net_amount(quantity, article.unit_price_net)
    return ShownLine(article, quantity, net, quantities.why_not(article, quantity))


def _amount(text: str) -> Decimal | None:
    digits = text.replace(".", "", 1)
    return Decimal(text) if digits.isascii() and digits.isdecimal() else None


def order_of(lines: Sequence[CartLine], reference: str, wanted_on: str) -> OrderBody:
    """The order that a cart becomes, as orders takes it."""
    wanted = {"requested_delivery_date": wanted_on} if wanted_on else {}
    bodies = tuple(
        LineBody(article_id=str(line.article_id), quantity=str(line.quantity)).model_copy(
            update=wanted
        )
        for line in lines
    )
    if reference:
        return OrderBody(reference=reference, lines=bodies)
    return OrderBody(lines=bodies)
