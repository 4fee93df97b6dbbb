"""What is asked for, what is offered, and the line both become when an order is sent off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.orders import OrderLine
from marktbund.errors import Invalid
from marktbund.money import net_amount

MAX_NET = Decimal("9999999999999999.99")
"""Largest net EUR amount of a line or an order: what a message and a column can hold."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a requester asks for: an article and how many of its order units."""

    article_id: UUID
    quantity: Decimal
    requested_delivery_date: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An offer as the replica knows it. Price: net EUR per order unit."""

    article_id: UUID
    supplier_id: UUID
    article_number: str
    name: str
    cpv: str
    comparable_group: str
    order_unit: str
    unit_price_net: Decimal
    vat_rate: Decimal
    orderable: bool


def freeze(wanted: Sequence[Wanted], articles: Mapping[UUID, Article]) -> tuple[OrderLine, ...]:
    """The lines of an order at the prices of now, numbered from 1.

    Raises Invalid (`article_unknown`, `article_withdrawn`, `amount_too_large`) naming the line.
    """
    lines = []
    total = Decimal(0)
    for position, one in enumerate(wanted):
        article = _orderable(articles.get(one.article_id), f"lines[{position}].article_id")
        amount = net_amount(one.quantity, article.unit_price_net)
        total += amount
        if total > MAX_NET:
            raise Invalid(
                "amount_too_large", "Der Betrag ist zu groß", field=f"lines[{position}].quantity"
            )
        lines.append(_line(position + 1, one, article, amount))
    return tuple(lines)


def _orderable(article: Article | None, field: str) -> Article:
    if article is None:
        raise Invalid(
            "article_unknown", "Diesen Artikel gibt es nicht", field=field, way_out="Neu suchen."
        )
    if not article.orderable:
        raise Invalid(
            "article_withdrawn",
            "Dieser Artikel ist nicht mehr lieferbar",
            f"{article.article_number} {article.name}",
            field=field,
            way_out="Bitte wählen Sie einen vergleichbaren Artikel.",
        )
    return article


def _line(line_no: int, wanted: Wanted, article: Article, amount: Decimal) -> OrderLine:
    return OrderLine(
        line_no=line_no,
        article_id=article.article_id,
        supplier_id=article.supplier_id,
        article_number=article.article_number,
        name=article.name,
        cpv=article.cpv,
        comparable_group=article.comparable_group,
        quantity=wanted.quantity,
        order_unit=article.order_unit,
        unit_price_net=article.unit_price_net,
        vat_rate=article.vat_rate,
        net_amount=amount,
        requested_delivery_date=wanted.requested_delivery_date,
    )
