"""What must come out of a replay: control figures of the data, events the journal accounts for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from acceptance.dataset.plans import FOUR_EYES, OFFICIALS, Plan
from acceptance.ledger.journal import Journal
from acceptance.ledger.settling import cancelled_shares

ANSWERED = "SupplierOrderAnswered + AnswerDisregarded"
"""Counted together: which of the two an answer becomes is a race with the cancellation."""


@dataclass(frozen=True, slots=True)
class Control:
    """What is known of the data beforehand. Amounts as in the data, 1:1 in EUR.

    returned: line id -> what suppliers must refuse or cut once the line is placed, net EUR of
    rounded lines; None where the data say nothing about it.
    """

    lines: int
    line_values: Decimal
    ordered: Decimal
    returned: Mapping[int, Decimal] | None = None


SCMS = Control(
    lines=10_324,
    line_values=Decimal("1627584457.29"),
    ordered=Decimal("1627584910.60"),
)


_OF_STEP = {
    "handed_over": "OrderHandedOver",
    "awarded": "OrderAwarded",
    "offers": "OffersRecorded",
    "refuse": "OrderRefused",
    "send_back": "OrderSentBack",
}


def expected_events(journal: Journal, plan: Plan) -> Mapping[str, int]:
    """How many events of each type the journal and the plan account for.

    SupplierOrderAcknowledged is left out: a cancellation may come before it.
    """
    orders, suppliers = len(journal.ordered), len(plan.suppliers)
    shares = sum(len(order.supplier_order_ids) for order in journal.ordered)
    answers = sum(not entry.refusal for entry in journal.answered)
    despatches = sum(not entry.refusal for entry in journal.despatched)
    steps = Counter(step.what for step in journal.steps)
    return {
        "MemberRegistered": len(plan.members),
        **_of_accounts(plan),
        "SupplierRegistered": suppliers,
        "SupplierCredentialsChanged": suppliers,
        "VersionPublished": suppliers,
        "OrderSubmitted": len(journal.submitted),
        "OrderApproved": orders,
        "OrderPlaced": orders,
        "OrderCancelled": sum(
            entry.status in {"cancelled", "placed"} for entry in journal.taken_back
        ),
        "SupplierOrderPlaced": shares,
        "SupplierOrderCancelled": len(cancelled_shares(journal)),
        "DeliveryQueued": len(journal.fetched),
        "DeliveryAcknowledged": len(journal.fetched),
        "OrderResponseReceived": answers,
        ANSWERED: answers,
        "DespatchAdvised": despatches,
        "SupplierOrderDespatched": despatches,
        **{kind: steps[what] for what, kind in _OF_STEP.items()},
    }


def _of_accounts(plan: Plan) -> Mapping[str, int]:
    # The office's own two are made from the command line; the rest of OFFICIALS is confirmed.
    requesters = sum(len(member.requesters) for member in plan.members)
    accounts = sum(len(member.accounts) for member in plan.members)
    at_members = sum(len(FOUR_EYES & member.accounts.keys()) for member in plan.members)
    confirmed = len(OFFICIALS) - 1 + at_members
    return {
        "PersonRegistered": 1 + len(OFFICIALS) + accounts + requesters,
        "GrantRequested": confirmed,
        "GrantConfirmed": confirmed,
    }
