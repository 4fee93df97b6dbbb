"""Values and rules of agreements. Pure."""

from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.call_offs import Call, Checked, Supply, check_call_off
from orders.agreements.domain.ceilings import Draw
from orders.agreements.domain.looking_again import hindrances_of_call_off
from orders.agreements.domain.reasons import refused

__all__ = [
    "Agreement",
    "Call",
    "Checked",
    "Draw",
    "Supply",
    "check_call_off",
    "hindrances_of_call_off",
    "refused",
]
