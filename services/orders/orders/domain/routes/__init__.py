"""Which way a purchase has to go: estimate, sums and rules -> one decision with its reasons."""

from orders.domain.routes.classes import (
    Share,
    contract_kind_of,
    freed_shares,
    pots_of,
    shares_of,
)
from orders.domain.routes.comparing import differences, differs
from orders.domain.routes.deciding import EVALUATOR, decide
from orders.domain.routes.limits import (
    applicable,
    months_before,
    window_months,
    windows_of,
    windows_on,
)

__all__ = [
    "EVALUATOR",
    "Share",
    "applicable",
    "contract_kind_of",
    "decide",
    "differences",
    "differs",
    "freed_shares",
    "months_before",
    "pots_of",
    "shares_of",
    "window_months",
    "windows_of",
    "windows_on",
]
