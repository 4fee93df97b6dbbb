"""What is asked for, on which documents, and the line it becomes when an order is sent off."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from marktbund.contracts.order_details import AccountAssignment, LineQuote
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import KeptOffer
from marktbund.errors import Invalid
from marktbund.money import net_amount
from orders.ground.domain.articles import (
    MAX_NET,
    Article,
    against_amount,
    against_quoted,
    against_wanted,
)
from orders.ground.domain.reasons import Reason

_LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class FreeText:
    """What a supplier quoted, in words: it stands in no catalogue. Price: net EUR per order unit.

    article_number: the supplier's, where its quote names one.
    """

    supplier_id: UUID
    description: str
    cpv: str
    order_unit: str
    unit_price_net: Decimal
    vat_rate: Decimal
    quote: LineQuote
    article_number: str = ""

    @property
    def comparable_group(self) -> str:
        """Its words, without case and doubled spaces, with the unit: equal wants are counted
        together, and never with an article's group, which catalog decides.
        """
        folded = unicodedata.normalize("NFKC", self.description).casefold()
        words = " ".join(folded.split())[:_LONGEST_WORDS]
        return f"free:{words}|{self.order_unit}"

    def article(self, article_id: UUID, *, orderable: bool) -> "Article":
        """The offer it is, under the id its line drew."""
        return Article(
            article_id=article_id,
            supplier_id=self.supplier_id,
            article_number=self.article_number,
            name=self.description,
            cpv=self.cpv,
            comparable_group=self.comparable_group,
            order_unit=self.order_unit,
            unit_price_net=self.unit_price_net,
            vat_rate=self.vat_rate,
            orderable=orderable,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a requester asks for: an article and how many of its order units.

    free_text: instead of an article; article_id is then the line's own.
    """

    article_id: UUID
    quantity: Decimal
    requested_delivery_date: date | None = None
    free_text: FreeText | None = None
    account: AccountAssignment | None = None

    @classmethod
    def again(cls, line: OrderLine) -> Self:
        """The same as a line that was sent off, at the price of then where it is free text."""
        return cls(
            article_id=line.article_id,
            quantity=line.quantity,
            requested_delivery_date=line.requested_delivery_date,
            free_text=free_text_of(line),
            account=line.account,
        )


def free_text_of(line: OrderLine) -> FreeText | None:
    """What a line was quoted as; None for a catalogue's article."""
    if line.quote is None:
        return None
    return FreeText(
        supplier_id=line.supplier_id,
        description=line.name,
        cpv=line.cpv,
        order_unit=line.order_unit,
        unit_price_net=line.unit_price_net,
        vat_rate=line.vat_rate,
        quote=line.quote,
        article_number=line.article_number,
    )


def freeze(
    wanted: Sequence[Wanted], articles: Mapping[UUID, Article], today: date
) -> tuple[OrderLine, ...]:
    """The lines of an order at the prices of now, numbered from 1; `today` it is sent off.

    Raises Invalid naming the line: what `hindrance` finds, `day_in_the_past`,
    `quote_in_the_future`, `quote_too_old`, `amount_too_large`.
    """
    lines = []
    total = Decimal(0)
    for position, asked in enumerate(wanted):
        path = f"lines[{position}]"
        article = _orderable(asked, articles.get(asked.article_id), path)
        for reason in _dated(asked, today, path):
            raise reason.invalid()
        amount = net_amount(asked.quantity, article.unit_price_net)
        total += amount
        if total > MAX_NET:
            raise Invalid("amount_too_large", "Der Betrag ist zu groß", field=f"{path}.quantity")
        lines.append(_line(position + 1, asked, article, amount))
    return tuple(lines)


def _orderable(wanted: Wanted, article: Article | None, path: str) -> Article:
    if against := hindrance(wanted, article, path):
        raise against.invalid()
    if article is None:
        raise LookupError(f"{path} has no article")
    return article


def _dated(wanted: Wanted, today: date, path: str) -> Iterator[Reason]:
    if reason := against_wanted(wanted.requested_delivery_date, today, path):
        yield reason
    if wanted.free_text is not None:
        quoted_on = wanted.free_text.quote.quoted_on
        if reason := against_quoted(quoted_on, today, f"{path}.free_text"):
            yield reason


def hindrance(wanted: Wanted, article: Article | None, path: str) -> Reason | None:
    """Why this cannot be ordered today: `article_unknown`, `supplier_not_selling` (free text),
    `article_withdrawn`, a quantity's reason; None if it can. place: the line's JSON path.
    """
    if article is None:
        return Reason(
            "article_unknown",
            "Diesen Artikel gibt es nicht",
            "",
            "Neu suchen.",
            f"{path}.article_id",
        )
    if article.orderable:
        field = f"{path}.quantity"
        against = article.bounds.against(wanted.quantity, field)
        return against or against_amount(wanted.quantity, article.unit_price_net, field)
    if wanted.free_text is not None:
        return Reason(
            "supplier_not_selling",
            "Dieser Lieferant nimmt zurzeit keine Bestellungen an",
            article.name,
            "Bitte wählen Sie einen anderen Lieferanten.",
            f"{path}.free_text.supplier_id",
        )
    return Reason(
        "article_withdrawn",
        "Dieser Artikel ist nicht mehr lieferbar",
        f"{article.article_number} {article.name}",
        "Bitte wählen Sie einen vergleichbaren Artikel.",
        f"{path}.article_id",
    )


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
        quote=wanted.free_text.quote if wanted.free_text else None,
        account=wanted.account,
    )


def documents_of(wanted: Sequence[Wanted], quotes: Sequence[KeptOffer]) -> Mapping[str, str]:
    """JSON path -> SHA-256 of every document that lines in words and quotes rest on."""
    of_lines = {
        f"lines[{index}].free_text.document_sha256": line.free_text.quote.document_sha256
        for index, line in enumerate(wanted)
        if line.free_text is not None
    }
    return {**of_lines, **documents_of_offers(quotes, "quotes")}


def documents_of_offers(offers: Sequence[KeptOffer], field: str) -> Mapping[str, str]:
    """JSON path -> SHA-256 of every document named with offers. field: where they stand."""
    return {
        f"{field}[{index}].document_sha256": offer.document_sha256
        for index, offer in enumerate(offers)
        if offer.document_sha256 is not None
    }


def require_known(documents: Mapping[str, str], known: Collection[str]) -> None:
    """All documents named (JSON path -> SHA-256) are among the known. Raises Invalid
    (`document_unknown`).
    """
    for field, sha256 in documents.items():
        if sha256 not in known:
            raise Invalid(
                "document_unknown",
                "Dieses Dokument ist nicht hochgeladen",
                field=field,
                way_out="Bitte laden Sie das Angebot hoch, und senden Sie dann noch einmal ab.",
            )
