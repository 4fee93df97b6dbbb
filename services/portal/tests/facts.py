"""What orders answers, for tests of pages that decide: a route, an order, what stands beside."""

import json
from typing import Any
from uuid import UUID

ORDER = str(UUID(int=9))
DRAFT = str(UUID(int=10))
ARTICLE = str(UUID(int=7))
SHARE, SUPPLIER = str(UUID(int=11)), str(UUID(int=21))
SEEN = "ab" * 32
KOELN = UUID(int=5)
API = "/api/orders/v1"


def _inputs() -> dict[str, Any]:
    return {
        "contract_kind": "supply",
        "decided_on": "2026-11-26",
        "ordered_net": "250.00",
        "side_costs_net": "0.00",
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


_LATER = (
    *("answered_quantity", "answered_unit_price_net", "accepted_net", "refused_net"),
    *("reduced_net", "cancelled_net", "quote", "account"),
)


def line(**different: Any) -> dict[str, Any]:
    """A line of that order, not answered yet."""
    usual = {
        "line_no": 1,
        "supplier_order_id": SHARE,
        "supplier_id": SUPPLIER,
        "supplier_name": "Bürowelt",
        "article_id": ARTICLE,
        "article_number": "BW-1",
        "name": "Papier",
        "cpv": "30197643",
        "quantity": "20",
        "order_unit": "XPK",
        "unit_price_net": "12.5",
        "net_amount": "250.00",
        "vat_rate": "19",
        "requested_delivery_date": None,
        "promised_date": None,
        "decision": "open",
        **dict.fromkeys(_LATER),
    }
    return usual | different


def share(**different: Any) -> dict[str, Any]:
    """A supplier's share of that order, nothing answered yet."""
    usual = {
        "supplier_order_id": SHARE,
        "supplier_id": SUPPLIER,
        "supplier_name": "Bürowelt",
        "status": "placed",
        "ordered_net": "250.00",
        "accepted_net": "0.00",
        "refused_net": "0.00",
        "reduced_net": "0.00",
        "cancelled_net": "0.00",
        "delivery_trouble": [],
    }
    return usual | different


def summary(**different: Any) -> dict[str, Any]:
    """That order as it stands in a list."""
    usual = {
        "order_id": ORDER,
        "member_id": str(KOELN),
        "acting_member_id": str(KOELN),
        "status": "submitted",
        "reference": "Amt 40/17",
        "net_total": "250.00",
        "submitted_at": "2026-11-26T09:00:00Z",
        "placed_at": None,
        "version": 1,
        "order_kind": "spot",
        "agreement_id": None,
        "need_id": None,
    }
    return usual | different


def receipt(**different: Any) -> dict[str, Any]:
    """What orders answers to whoever changed it."""
    return summary(supplier_order_ids=[SHARE], hindrances=[], draft_order_id=None) | different


def waiting_approval(**different: Any) -> dict[str, Any]:
    """That order as it waits for an approver."""
    usual = {
        "order_id": ORDER,
        "requester_id": str(UUID(int=12)),
        "reference": "Amt 40/17",
        "net_total": "250.00",
        "submitted_at": "2026-11-26T09:00:00Z",
        "version": 1,
        "content_sha256": SEEN,
        "decision": decision(),
    }
    return usual | different


def order(**different: Any) -> dict[str, Any]:
    """An order of one line that waits for an approver."""
    usual = {
        **summary(),
        "decision": decision(),
        "content_sha256": SEEN,
        "offers": [],
        "account": None,
        "delivery": None,
        "buyer_reference": "",
        "purpose": "",
        "lines": [line()],
        "supplier_orders": [],
        "cancellable": True,
    }
    return usual | different


def beside(**different: Any) -> dict[str, Any]:
    """The circumstances of that order."""
    usual = {
        "requester_id": str(UUID(int=12)),
        "unit_name": "Schulamt",
        "need": {
            "need_id": str(UUID(int=13)),
            "title": "Schulanfang",
            "contract_kind": "supply",
            "estimate": {"need_kind": "one_off", "method": "sum_of_lines", "net": "250.00"},
            "status": "open",
            "ordered_net": "250.00",
        },
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
        "content_sha256": SEEN,
        "verdict": "send_back",
        "decided_by": str(UUID(int=14)),
        "comment": "Bitte nur die Hälfte",
        "decided_at": "2026-11-26T10:00:00Z",
        "draft_order_id": DRAFT,
        "occasion": None,
        "hindrances": [],
    }
    return usual | different


def wanted(**different: Any) -> dict[str, Any]:
    """A line of a draft, from a catalogue."""
    usual = {
        "article_id": ARTICLE,
        "name": "Papier",
        "quantity": "20",
        "requested_delivery_date": None,
        "free_text": None,
    }
    return usual | different


def quoted(**different: Any) -> dict[str, Any]:
    """What a supplier quoted in words, with a draft's line."""
    usual = {
        "supplier_id": SUPPLIER,
        "description": "Umwälzpumpe",
        "article_number": "",
        "order_unit": "H87",
        "unit_price_net": "1450.00",
        "vat_rate": "7",
        "cpv": "42122000",
        "quoted_on": "2026-03-01",
        "document_sha256": "ab" * 32,
    }
    return usual | different


def filed(kind: str, payload: Any, **different: Any) -> dict[str, Any]:
    """A record of that order's file. kind: `orders.OrderPlaced`."""
    usual = {
        "seq": 1,
        "hash": "ab" * 32,
        "event_id": str(UUID(int=15)),
        "type": f"marktbund.{kind}.v1",
        "key": ORDER,
        "aggregate_version": 1,
        "time": "2026-11-03T13:05:00Z",
        "recorded_at": "2026-11-03T13:05:01Z",
        "business_time": None,
        "demo": False,
        "covered": True,
        "disposed": payload is None,
        "payload": payload,
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


def sent_body(visitor: Any, path: str) -> Any:
    """The body of the one request that changed something there."""
    (sent,) = (r for r in visitor.shelf.asked if (r.method, r.url.path) == ("POST", API + path))
    return json.loads(sent.content)
