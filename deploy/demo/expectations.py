"""What must come out of a replay: control figures of the data, events the journal accounts for."""

from dataclasses import dataclass
from decimal import Decimal

from deploy.demo.journal import Journal
from deploy.demo.ledger import cancelled_shares
from deploy.demo.plans import Plan

ANSWERED = "SupplierOrderAnswered + AnswerDisregarded"
"""Counted together: which of the two an answer becomes is a race with the cancellation."""


@dataclass(frozen=True, slots=True)
class Control:
    """What is known of the data beforehand. Amounts as in the data, 1:1 in EUR.

    rounding_rows: lines whose quantity x price misses their value. taken_back: what suppliers must
    have refused or cut, where the data say it; net EUR of rounded lines.
    """

    orders: int
    lines: int
    line_values: Decimal
    ordered: Decimal
    rounding_rows: int
    zero_prices: int
    suppliers_per_order: dict[int, int]
    taken_back: Decimal | None = None


SCMS = Control(
    orders=1_513,
    lines=10_324,
    line_values=Decimal("1627584457.29"),
    ordered=Decimal("1627584910.60"),
    rounding_rows=719,
    zero_prices=18,
    suppliers_per_order={1: 669, 2: 452, 3: 231, 4: 107, 5: 39, 6: 13, 7: 1, 8: 1},
)


def expected_events(journal: Journal, plan: Plan) -> dict[str, int]:
    """How many events of each type the journal and the plan account for.

    SupplierOrderAcknowledged is left out: a cancellation may come before it.
    """
    orders, suppliers = len(journal.ordered), len(plan.suppliers)
    shares = sum(len(order.supplier_order_ids) for order in journal.ordered)
    answers = sum(not each.refusal for each in journal.answered)
    despatches = sum(not each.refusal for each in journal.despatched)
    # The office and one account for each of the cooperative's three other roles.
    accounts = 4 + sum(len(each.accounts) + len(each.requesters) for each in plan.members)
    return {
        "MemberRegistered": len(plan.members),
        "PersonRegistered": accounts,
        "SupplierRegistered": suppliers,
        "SupplierCredentialsChanged": suppliers,
        "VersionPublished": suppliers,
        "OrderSubmitted": orders,
        "OrderApproved": orders,
        "OrderPlaced": orders,
        "OrderCancelled": sum(
            each.status in {"cancelled", "placed"} for each in journal.taken_back
        ),
        "SupplierOrderPlaced": shares,
        "SupplierOrderCancelled": len(cancelled_shares(journal)),
        "DeliveryQueued": len(journal.fetched),
        "DeliveryAcknowledged": len(journal.fetched),
        "OrderResponseReceived": answers,
        ANSWERED: answers,
        "DespatchAdvised": despatches,
        "SupplierOrderDespatched": despatches,
    }
