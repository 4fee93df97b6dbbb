"""What orders can be asked to do, parsed and valid."""

from orders.commands.base import Command
from orders.commands.deciding import (
    DecideApproval,
    RecordAward,
    RecordNeed,
    RecordOffers,
    ReleaseOrder,
)
from orders.commands.ordering import (
    MAX_LINES,
    CancelOrder,
    CheckRoute,
    CreateOrder,
    SubmitOrder,
    WantedLine,
)

__all__ = [
    "MAX_LINES",
    "CancelOrder",
    "CheckRoute",
    "Command",
    "CreateOrder",
    "DecideApproval",
    "RecordAward",
    "RecordNeed",
    "RecordOffers",
    "ReleaseOrder",
    "SubmitOrder",
    "WantedLine",
]
