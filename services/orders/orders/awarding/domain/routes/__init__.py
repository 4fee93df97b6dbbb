"""Which way a purchase has to go: estimate, sums and rules -> one decision with its reasons."""

from orders.awarding.domain.routes.classes import Share, contract_kind_of, pots_of, shares_of
from orders.awarding.domain.routes.comparing import differences, differs
from orders.awarding.domain.routes.deciding import EVALUATOR, decide
from orders.awarding.domain.routes.limits import applicable, window_months, windows_of, windows_on
from orders.ground.domain.dates import months_before

__all__ = [
    "EVALUATOR",
    "Share",
    "applicable",
    "contract_kind_of",
    "decide",
    "differences",
    "differs",
    "months_before",
    "pots_of",
    "shares_of",
    "window_months",
    "windows_of",
    "windows_on",
]
