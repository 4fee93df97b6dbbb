"""Articles as their replica knows them."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orders.ground.domain.quantities import Bounds

MAX_NET = Decimal("9999999999999999.99")
"""Largest net EUR amount of a line or an order: what a message and a column can hold."""


@dataclass(frozen=True, slots=True)
class Article:
    """An offer as the replica knows it. Price: net EUR per order unit. minimum_quantity,
    quantity_interval: None where its price list names none.
    """

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
    minimum_quantity: Decimal | None = None
    quantity_interval: Decimal | None = None

    @property
    def bounds(self) -> Bounds:
        """Which quantities of it can be had."""
        return Bounds(self.order_unit, self.minimum_quantity, self.quantity_interval)
