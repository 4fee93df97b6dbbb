"""What catalog announces: what can be bought, as far as others need to know it."""

from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from marktbund.contracts.base import Message, Topic
from marktbund.money import Price, Quantity

ARTICLE_STATE = Topic("catalog", "article", "state")
VERSION_EVENTS = Topic("catalog", "version", "events")
PriceListStatus = Literal["staged", "in_force", "superseded"]


class ArticleState(Message):
    """An offered article as it is now. Price: net EUR per order unit (UN/ECE Rec 20 code).

    comparable_group: decided in catalog alone, by GTIN, else manufacturer and number, else the
    normalised description. cpv: 8 digits, CPV 2008. minimum_quantity, quantity_interval: in order
    units; what is ordered is at least the minimum and a multiple of the interval, which divides
    the minimum. None: no such bound is known.
    """

    topic: ClassVar = ARTICLE_STATE
    key_field: ClassVar = "article_id"

    article_id: UUID
    supplier_id: UUID
    article_number: str
    name: str
    cpv: str
    comparable_group: str
    order_unit: str
    unit_price_net: Price
    currency: Literal["EUR"] = "EUR"
    vat_rate: Decimal
    status: Literal["active", "withdrawn"]
    price_list: int
    minimum_quantity: Quantity | None = None
    quantity_interval: Quantity | None = None


class VersionPublished(Message):
    """A supplier's price list came into force; articles it no longer names were withdrawn."""

    topic: ClassVar = VERSION_EVENTS
    key_field: ClassVar = "supplier_id"

    supplier_id: UUID
    price_list: int
    content_sha256: str
    articles: int
    added: int
    changed: int
    withdrawn: int
