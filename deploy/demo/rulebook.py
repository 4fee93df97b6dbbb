"""The rules the members of the replay buy under. Amounts: net EUR.

Every member: direct up to 500,000, compare up to 1,300,000 with two offers, request up to
5,000,000 with three suppliers asked and two answers, above that its own award office. Every second
member adds up the last twelve months of a class; for the others only the order itself counts. A
second pair of eyes from 250,000 on. The figures fit the data; no authority uses them.
"""

from decimal import Decimal
from typing import Any

DIRECT, COMPARE, REQUEST = Decimal(500_000), Decimal(1_300_000), Decimal(5_000_000)
APPROVAL_ABOVE = Decimal(250_000)
WINDOW_MONTHS = 12
OFFERS_COMPARED, SUPPLIERS_ASKED, OFFERS_RECEIVED = 2, 3, 2


def windowed(position: int) -> bool:
    """Whether the member at this place of the list adds up a year."""
    return position % 2 == 0


def rule_set(position: int) -> dict[str, Any]:
    """The body of PUT /members/{member_id}/rule-set for the member at this place."""
    rule = {
        "contract_kinds": ["supply", "service"],
        "limits": [
            {"route": "direct", "up_to_net": DIRECT},
            {"route": "compare", "up_to_net": COMPARE, "offers_received": OFFERS_COMPARED},
            {
                "route": "request",
                "up_to_net": REQUEST,
                "offers_asked": SUPPLIERS_ASKED,
                "offers_received": OFFERS_RECEIVED,
            },
        ],
        "window_months": WINDOW_MONTHS if windowed(position) else None,
        "binding": True,
        "source": "Regeln der Vorführung",
        "source_kind": "bylaw",
        "valid_from": "2000-01-01",
    }
    return {"rules": [rule], "approval_steps": [{"above_net": APPROVAL_ABOVE}]}


def route_by_amount(net: Decimal) -> str:
    """The route of an order that is added to nothing."""
    if net <= DIRECT:
        return "direct"
    if net <= COMPARE:
        return "compare"
    return "request" if net <= REQUEST else "hand_over"
