"""What orders answers, for tests of pages that decide: a route, an order, what stands beside."""

import json
from typing import Any
from uuid import UUID

ORDER = str(UUID(int=9))
DRAFT = str(UUID(int=10))
ARTICLE = str(UUID(int=7))
SEEN = "ab" * 32
KOELN = UUID(int=5)
API = "/api/orders/v1"


def _inputs() -> dict[str, Any]:
    return {
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


def decision(**different: Any) -> dict[str, Any]:
    """A RouteDecision: 4,000 ordered before, this order 250, direct up to 5,000, to be approved."""
    inputs = _inputs() | different.pop("inputs", {})
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
        "vat_rate": "19",
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


async def enter(visitor: Any, *roles: Any) -> None:
    """Somebody with these roles signs in; orders holds one order that waits for an approver."""
    await visitor.person("person-1", *((role, KOELN) for role in roles))
    await visitor.sign_in("person-1")
    holds(visitor, order(), beside())


def holds(visitor: Any, shown: dict[str, Any], more: dict[str, Any]) -> None:
    """Orders answers with this order and its circumstances."""
    path = f"{API}/orders/{shown['order_id']}"
    visitor.shelf.answers["GET", path] = (200, shown)
    visitor.shelf.answers["GET", f"{path}/circumstances"] = (200, more)


async def post(visitor: Any, path: str, **fields: str) -> Any:
    """Send a form of this session's."""
    form = {"csrf": await visitor.csrf(), "key": "k" * 36, **fields}
    return await visitor.browser.post(path, data=form)


def told(visitor: Any, path: str) -> Any:
    """The body of the one request that changed something there."""
    (sent,) = (r for r in visitor.shelf.asked if (r.method, r.url.path) == ("POST", API + path))
    return json.loads(sent.content)
