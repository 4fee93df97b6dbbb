"""What an order rests on (Vertragsgrundlage), looked at again at every moment a contract comes into
being: when an approver or the award office lets an order go on that has waited.

At submission `freeze`, `Buyer.hindrances` and the call-off gate ask the same questions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.orders import OrderLine
from marktbund.german import price_words
from orders.agreements.face.values import Agreement, Supply, hindrances_of_call_off
from orders.ground.domain.articles import Article
from orders.ground.domain.buyers import Buyer
from orders.ground.domain.reasons import Reason
from orders.ordering.domain.lines import Wanted, hindrance
from orders.ordering.domain.spot_orders import SpotOrder

_SEND_AGAIN = "Bitte prüfen und noch einmal absenden."


@dataclass(frozen=True, slots=True)
class Grounds:
    """The facts of today behind an order. articles: by article id, free text by its line's.

    called: of a call-off its agreement and what stands behind its positions.
    """

    buyer: Buyer
    articles: Mapping[UUID, Article]
    called: tuple[Agreement, Supply] | None = None


def hindrances(order: SpotOrder, grounds: Grounds, today: date) -> tuple[Reason, ...]:
    """Every reason why an order that was sent off cannot be placed today; none if it can.

    Codes: `member_not_active`, `unit_unknown`, those of a line, `price_changed`,
    `article_changed`; of a call-off those of the call-off gate but for what it holds already.
    """
    if grounds.called is None:
        of_lines = _of_lines(order.lines, grounds.articles)
    else:
        agreement, supply = grounds.called
        of_lines = hindrances_of_call_off(agreement, order.member_id, order.lines, supply, today)
    return (*grounds.buyer.hindrances(), *of_lines)


def _of_lines(lines: Sequence[OrderLine], articles: Mapping[UUID, Article]) -> Iterator[Reason]:
    for position, line in enumerate(lines):
        path, article = f"lines[{position}]", articles.get(line.article_id)
        if against := hindrance(Wanted.again(line), article, path):
            yield against
        elif article is not None:
            yield from _changed(line, article, path)


def _changed(line: OrderLine, article: Article, path: str) -> Iterator[Reason]:
    about = f"{line.article_number} {line.name}"
    if article.unit_price_net != line.unit_price_net:
        yield Reason(
            "price_changed",
            "Der Preis hat sich geändert",
            f"{about}: {price_words(line.unit_price_net)}, "
            f"jetzt {price_words(article.unit_price_net)}.",
            _SEND_AGAIN,
            f"{path}.unit_price_net",
        )
    if _goods(article) != _goods(line):
        yield Reason(
            "article_changed",
            "Der Artikel hat sich geändert",
            f"{about}: jetzt {article.article_number} {article.name}.",
            _SEND_AGAIN,
            f"{path}.article_id",
        )


def _goods(of: Article | OrderLine) -> tuple[UUID, str, str, str, Decimal]:
    return of.supplier_id, of.article_number, of.name, of.order_unit, of.vat_rate
