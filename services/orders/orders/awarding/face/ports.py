"""What may be asked of awarding, and written in it; clauses go into the caller's own statements.

The port of pots: `holding_pots`, `asked_sums` behind it, `reserving` with the order's own write;
`release`, `release_lines` once it no longer binds.
"""

from orders.awarding.handlers import decide_again, release, release_lines, replay_decision
from orders.awarding.store.decisions import add as add_decision
from orders.awarding.store.decisions import (
    add_approval,
    add_offers,
    adding_offers,
    asked_comparable,
    comparable_of,
    offers_of,
)
from orders.awarding.store.decisions import adding as adding_decision
from orders.awarding.store.decisions import latest as latest_decision
from orders.awarding.store.limits import asked_sums, sums_of
from orders.awarding.store.limits import booking as reserving
from orders.awarding.store.limits import locking as holding_pots
from orders.awarding.store.needs import adding as adding_need
from orders.awarding.store.needs import asked_need, need_of
from orders.awarding.store.needs import holding as holding_need
from orders.awarding.store.needs import saving as saving_need

__all__ = [
    "add_approval",
    "add_decision",
    "add_offers",
    "adding_decision",
    "adding_need",
    "adding_offers",
    "asked_comparable",
    "asked_need",
    "asked_sums",
    "comparable_of",
    "decide_again",
    "holding_need",
    "holding_pots",
    "latest_decision",
    "need_of",
    "offers_of",
    "release",
    "release_lines",
    "replay_decision",
    "reserving",
    "saving_need",
    "sums_of",
]
