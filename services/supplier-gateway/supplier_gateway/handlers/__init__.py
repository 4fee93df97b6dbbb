"""One function per command: gather, decide, write; set-wise for streams."""

from supplier_gateway.handlers.channels import (
    register_channel,
    remove_channel,
    rotate_secret,
)
from supplier_gateway.handlers.pushing import (
    claim_documents,
    hold_back,
    record_calls,
    replay_delivery,
    replay_of_supplier,
)
from supplier_gateway.handlers.supplier_orders import (
    acknowledge_delivery,
    advise_despatch,
    answer_order,
    take_orders,
)
from supplier_gateway.handlers.suppliers import (
    change_supplier_status,
    register_supplier,
    replace_credentials,
)

__all__ = [
    "acknowledge_delivery",
    "advise_despatch",
    "answer_order",
    "change_supplier_status",
    "claim_documents",
    "hold_back",
    "record_calls",
    "register_channel",
    "register_supplier",
    "remove_channel",
    "replace_credentials",
    "replay_delivery",
    "replay_of_supplier",
    "rotate_secret",
    "take_orders",
]
