"""What may be asked of agreements, and done to them.

The port of ceilings: `reserve` as an order's last write, `release` what it gives back.
"""

from orders.agreements.handlers import advance_agreement, current_agreement, draft_from_award
from orders.agreements.store.agreements import FEEDS
from orders.agreements.store.agreements import due as due_agreements
from orders.agreements.store.ceilings import move as reserve
from orders.agreements.store.ceilings import release
from orders.agreements.store.hints import asked_covering, covering, covering_of
from orders.agreements.store.supply import behind as supply_of
from orders.agreements.views import checked_call_off

__all__ = [
    "FEEDS",
    "advance_agreement",
    "asked_covering",
    "checked_call_off",
    "covering",
    "covering_of",
    "current_agreement",
    "draft_from_award",
    "due_agreements",
    "release",
    "reserve",
    "supply_of",
]
