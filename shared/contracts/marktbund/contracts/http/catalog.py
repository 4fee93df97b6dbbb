"""What catalog answers: articles, how a search narrows down, price lists."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from marktbund.contracts.catalog import PriceListStatus
from marktbund.contracts.http import Answer


class AgreementMark(Answer):
    """An agreement in force that covers an article. contract_article: this very article is called
    off from it; else a comparable one is. Who may call off, and how much is left, orders says.
    """

    agreement_id: UUID
    number: str
    title: str
    binding: Literal["exclusive", "open"]
    contract_article: bool


class ArticleAnswer(Answer):
    """An article. Price: net EUR per order unit, VAT (per cent) comes on top.

    orderable: false when it or its supplier is withdrawn or suspended. agreements: those in force
    today that cover it. quantity_interval: what is ordered is a multiple of it. version: of the
    article, with every change of the offer; price_list: the one that last changed it.
    """

    article_id: UUID
    supplier_id: UUID
    supplier_name: str
    article_number: str
    name: str
    description: str
    cpv: str
    gtin: str
    manufacturer: str
    manufacturer_article_number: str
    order_unit: str
    content: str
    unit_price_net: Decimal
    currency: Literal["EUR"] = "EUR"
    vat_rate: Decimal
    delivery_days: int
    minimum_quantity: Decimal
    quantity_interval: Decimal | None
    features: dict[str, str]
    comparable_group: str
    status: Literal["active", "withdrawn"]
    orderable: bool
    agreements: tuple[AgreementMark, ...]
    price_list: int
    version: int


class ArticlesAnswer(Answer):
    """A page of a search. total is exact up to 1,000, beyond that total_capped is true.

    next_after: `after` of the next page, null on the last.
    """

    articles: list[ArticleAnswer]
    total: int
    total_capped: bool
    next_after: int | None


class SellerFacet(Answer):
    """A seller and how many of the articles found are its own."""

    supplier_id: UUID
    name: str
    articles: int


class ClassFacet(Answer):
    """The first four digits of a CPV code and how many articles found begin with them."""

    cpv: str
    articles: int


class FacetsAnswer(Answer):
    """The twelve largest of each kind, largest first, and how many more of it there are."""

    suppliers: list[SellerFacet]
    suppliers_further: int
    classes: list[ClassFacet]
    classes_further: int


class PriceListAnswer(Answer):
    """A version of a price list and what it changes, in numbers of articles.

    Staged: against what was in force then. Published: against what it replaced.
    """

    supplier_id: UUID
    number: int
    status: PriceListStatus
    content_sha256: str
    articles: int
    added: int
    changed: int
    unchanged: int
    withdrawn: int
    staged_by: UUID
    staged_at: datetime
    published_by: UUID | None
    published_at: datetime | None
