"""The tables of orders."""

from orders.store.tables.agreements import (
    agreement,
    agreement_ceiling,
    agreement_entitlement,
    agreement_position,
    ceiling_entry,
)
from orders.store.tables.base import metadata
from orders.store.tables.limits import (
    approval,
    kept_offer,
    limit_day,
    limit_movement,
    limit_pot,
    need,
    route_decision,
    rule_set,
    rule_set_version,
    unit,
)
from orders.store.tables.notices import notice_count, told_late
from orders.store.tables.ordering import (
    attachment,
    delivery_trouble,
    document_content,
    order_line,
    spot_order,
    supplier_order,
    supplier_order_line,
    wanted_line,
)
from orders.store.tables.replicas import article, member, supplier

__all__ = [
    "agreement",
    "agreement_ceiling",
    "agreement_entitlement",
    "agreement_position",
    "approval",
    "article",
    "attachment",
    "ceiling_entry",
    "delivery_trouble",
    "document_content",
    "kept_offer",
    "limit_day",
    "limit_movement",
    "limit_pot",
    "member",
    "metadata",
    "need",
    "notice_count",
    "order_line",
    "route_decision",
    "rule_set",
    "rule_set_version",
    "spot_order",
    "supplier",
    "supplier_order",
    "supplier_order_line",
    "told_late",
    "unit",
    "wanted_line",
]
