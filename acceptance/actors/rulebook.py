"""The rules the members of a replay buy under. Amounts: net EUR.

Four routes by amount: direct, compare with two offers, request with three suppliers asked and two
answers, above that the member's own award office. Some members add up the last twelve months of a
class; for the others only the order itself counts. A second pair of eyes from an amount on. The
figures fit the data of each stream; no authority uses them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from acceptance.dataset.bodies import Body

WINDOW_MONTHS = 12
OFFERS_COMPARED, SUPPLIERS_ASKED, OFFERS_RECEIVED = 2, 3, 2


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Where each route ends, and from where on an approver decides, net EUR.

    by_order: names of the members whose rules add nothing up.
    """

    direct: Decimal
    compare: Decimal
    request: Decimal
    approval_above: Decimal
    by_order: Collection[str]

    def rule_set(self, member: str) -> Body:
        """The body of PUT /members/{member_id}/rule-set for a member."""
        rule: Body = {
            "contract_kinds": ["supply", "service"],
            "limits": [
                {"route": "direct", "up_to_net": self.direct},
                {
                    "route": "compare",
                    "up_to_net": self.compare,
                    "offers_received": OFFERS_COMPARED,
                },
                {
                    "route": "request",
                    "up_to_net": self.request,
                    "offers_asked": SUPPLIERS_ASKED,
                    "offers_received": OFFERS_RECEIVED,
                },
            ],
            "window_months": None if member in self.by_order else WINDOW_MONTHS,
            "binding": True,
            "source": "Regeln der Vorführung",
            "source_kind": "bylaw",
            "valid_from": "2000-01-01",
        }
        return {"rules": [rule], "approval_steps": [{"above_net": self.approval_above}]}

    def route_by_amount(self, net: Decimal) -> str:
        """The route of an order that is added to nothing."""
        if net <= self.direct:
            return "direct"
        if net <= self.compare:
            return "compare"
        return "request" if net <= self.request else "hand_over"
