"""What orders answers, for tests of pages: a decision, an order that waits, what stands beside."""

from typing import Any
from uuid import UUID

ORDER = str(UUID(int=9))
DRAFT = str(UUID(int=10))
ARTICLE = str(UUID(int=7))
SEEN = "ab" * 32


def decision(**different: Any) -> dict[str, Any]:
    """A RouteDecision: 4,000 ordered before, this order 250, direct up to 5,000, to be approved."""
    inputs = {
        "contract_kind": "supply",
        "decided_on": "2026-11-26",
        "ordered_net": "250.00",
        "estimate": {"need_kind": "one_off", "method": "sum_of_lines", "net": "250.00"},
        "need_before_net": "0.00",
        "classes": [
            {
                "cpv_class": "3019",
                "pot_id": str(UUID(int=5)),
                "before_net": "4000.00",
                "ordered_net": "250.00",
                "position": 3,
                "last_order_id": None,
            }
        ],
        "offers": None,
        "agreements": [],
    }
    inputs |= different.pop("inputs", {})
    usual = {
        "outcome": "direct",
        "refusal": None,
        "binding": True,
        "reasons": ["Bis 5.000,00 EUR: Direktauftrag (Satzung § 4)."],
        "source": "Satzung § 4",
        "source_kind": "bylaw",
        "decisive_net": "4250.00",
        "limit_net": "5000.00",
        "offers_asked": 0,
        "offers_received": 0,
        "approval_required": True,
        "approval_reason": "Über 100,00 EUR ist eine Genehmigung nötig.",
        "tell_award_office": False,
        "agreement_id": None,
        "rule_set_version": 3,
        "evaluator": 1,
        "inputs": inputs,
    }
    return usual | different


def order(**different: Any) -> dict[str, Any]:
    """An order of one line that waits for an approver."""
    line = {
        "line_no": 1,
        "supplier_order_id": str(UUID(int=11)),
        "supplier_name": "Bürowelt",
        "article_id": ARTICLE,
        "article_number": "BW-1",
        "name": "Papier",
        "quantity": "20",
        "order_unit": "XPK",
        "unit_price_net": "12.5",
        "net_amount": "250.00",
        "requested_delivery_date": None,
        "promised_date": None,
        "decision": "open",
    }
    usual = {
        "order_id": ORDER,
        "status": "submitted",
        "reference": "Amt 40/17",
        "net_total": "250.00",
        "submitted_at": "2026-11-26T09:00:00Z",
        "order_kind": "spot",
        "decision": decision(),
        "content_sha256": SEEN,
        "offers": [],
        "lines": [line],
        "supplier_orders": [],
    }
    return usual | different


def beside(**different: Any) -> dict[str, Any]:
    """The circumstances of that order."""
    usual = {
        "requester_id": str(UUID(int=12)),
        "unit_name": "Schulamt",
        "need": {"title": "Schulanfang"},
        "terms": {"reason_beside_agreement": "Liefertermin"},
        "window_months": 12,
        "verdicts": [],
        "returned": None,
        "wanted": [],
    }
    return usual | different


def verdict(**different: Any) -> dict[str, Any]:
    """An order sent back, to go on as a draft."""
    usual = {
        "order_id": ORDER,
        "verdict": "send_back",
        "comment": "Bitte nur die Hälfte",
        "decided_at": "2026-11-26T10:00:00Z",
        "draft_order_id": DRAFT,
    }
    return usual | different
