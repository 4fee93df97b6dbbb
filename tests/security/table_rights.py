"""What each service's role may write: table -> insert, update (which columns), delete.

A row here is a decision about evidence: a table without `update` and `delete` is written once.
Partitions carry no rights of their own.
"""

PLATFORM = {
    "aggregate_position": "insert update delete",
    "alembic_version": "",
    "consumer_offset": "insert update delete",
    "dead_letter": "insert update(attempts, retry_cause, retry_code, status)",
    "dead_letter_step": "insert",
    "idempotency": "insert update delete",
    "inbox": "insert update delete",
    "lease": "insert update delete",
    "outbox": "insert update delete",
    "principal": "insert update delete",
    "skipped_type": "insert update",
    "version_gap": "insert update delete",
}
"""In every service."""
ANNOUNCING = {
    "published": "insert update",
    "reconciliation": "insert",
    "version_floor": "insert update delete",
}
"""In every service that announces events."""
OWN: dict[str, dict[str, str]] = {
    "members": {
        "anchored_checkpoint": "insert",
        "contact": "insert update delete",
        "grant_request": "insert update(comment, decided_at, decided_by, state)",
        "held_role": "insert delete",
        "mail": "insert update",
        "member": "insert update",
        "person": "insert update",
        "rule_set": "insert update",
        "sign_in": "insert update",
        "unit": "insert update",
        "unwanted_notice": "insert delete",
    },
    "catalog": {
        "agreement": "insert update",
        "article": "insert update",
        "catalogue": "insert update",
        "group_correction": "insert update",
        "price_list": "insert update",
        "price_list_row": "insert delete",
        "supplier": "insert update",
    },
    "orders": {
        "agreement": "insert update",
        "agreement_ceiling": "insert update",
        "agreement_entitlement": "insert delete",
        "agreement_position": "insert delete",
        "approval": "insert",
        "article": "insert update",
        "attachment": "insert update(named_at, received_at) delete",
        "ceiling_entry": "insert",
        "delivery_trouble": "insert update delete",
        "document_content": "insert update(touched_at) delete",
        "kept_offer": "insert",
        "limit_day": "insert update",
        "limit_movement": "insert",
        "limit_pot": "insert update",
        "member": "insert update",
        "need": "insert update",
        "notice_count": "insert update",
        "order_line": "insert",
        "route_decision": "insert",
        "rule_set": "insert update",
        "rule_set_version": "insert",
        "spot_order": "insert update",
        "supplier": "insert update",
        "supplier_order": "insert update",
        "supplier_order_line": "insert update",
        "told_late": "insert",
        "unit": "insert update",
        "wanted_line": "insert delete",
    },
    "supplier_gateway": {
        "attempt": "insert update(cause, ended_at, http_status, next_attempt_at, result)",
        "channel": "insert update(blocked_until, failures, set_in, status, trips, url) delete",
        "channel_secret": "insert update(expires_at) delete",
        "credential": "insert delete",
        "delivery": (
            "insert update(abandoned_at, acknowledged_at, attempts, claimed_until, held_at, "
            "next_attempt_at, step)"
        ),
        "despatch": "insert",
        "despatch_line": "insert",
        "supplier": "insert update(published_version, status, subs, version)",
        "supplier_order": (
            "insert update(cancel_reason, delivery_version, open_lines, response_version, status)"
        ),
        "supplier_order_line": (
            "insert update(agreed_quantity, agreed_unit_price_net, despatched_quantity, "
            "promised_date, response_id, state)"
        ),
    },
    "documentation": {
        "anchor": "insert",
        "anchor_delivery": (
            "insert update(attempts, delivered_at, next_attempt_at, reason, receipt, state)"
        ),
        "audit_pass": "insert update",
        "chain": "insert update",
        "chain_audit": "insert update",
        "checkpoint": "insert",
        "checkpoint_head": "insert",
        "ledger": "",
        "payload": "insert",
        "record": "insert",
        "signing": "insert update",
        "unsealed": "insert delete",
    },
    "tender_planning": {
        "agreement": "insert update",
        "demand": "insert update",
        "group_correction": "insert update",
        "group_demand": "insert update",
        "group_price": "insert update",
        "group_supply": "insert update",
        "member_name": "insert update",
        "order_line": "insert update",
        "proposal": "insert update",
        "supplier_name": "insert update",
        "tender": "insert update",
        "tender_group": "insert",
    },
    "portal": {
        "cart": "insert update(version)",
        "cart_addition": "insert delete",
        "cart_line": "insert update delete",
        "cart_origin": "insert update delete",
        "form_proof": "insert update(member_id) delete",
        "kept_form": "insert delete",
        "last_details": "insert update delete",
        "logout_message": "insert delete",
        "member_name": "insert update",
        "seller": "insert update",
        "sent_order": "insert update(order_id) delete",
        "session": "insert update delete",
        "sign_in": "insert update delete",
    },
}


def rights_of(service: str) -> dict[str, str]:
    """Of every table of a service's database."""
    announcing = {} if service == "portal" else ANNOUNCING
    return PLATFORM | announcing | OWN[service]
