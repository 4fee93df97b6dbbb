"""Values and rules of awarding. Pure."""

from orders.awarding.commands import DescribedNeed
from orders.awarding.domain.call_offs import decision_on
from orders.awarding.domain.comparing import differs
from orders.awarding.domain.deciding import decide
from orders.awarding.domain.limits import (
    Need,
    NeedTerms,
    Share,
    applicable,
    contract_kind_of,
    pots_of,
    require_need,
    shares_of,
    window_months,
    windows_on,
)
from orders.awarding.domain.outcomes import (
    Booked,
    Comparables,
    Decided,
    KeptDecision,
    Routed,
    require_enough,
)
from orders.awarding.domain.refusals import reason_against, refusal

__all__ = [
    "Booked",
    "Comparables",
    "Decided",
    "DescribedNeed",
    "KeptDecision",
    "Need",
    "NeedTerms",
    "Routed",
    "Share",
    "applicable",
    "contract_kind_of",
    "decide",
    "decision_on",
    "differs",
    "pots_of",
    "reason_against",
    "refusal",
    "require_enough",
    "require_need",
    "shares_of",
    "window_months",
    "windows_on",
]
