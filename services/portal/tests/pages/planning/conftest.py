from typing import Any
from uuid import UUID

import pytest

KOELN, PROPOSAL, TENDER, SUPPLIER = (UUID(int=number) for number in (5, 6, 7, 9))
PLANNING = "/api/tender-planning/v1"
EVIDENCE = {
    "first_month": "2025-01-01",
    "last_month": "2026-12-01",
    "members": 3,
    "suppliers": 2,
    "months": 6,
    "lines": 72,
    "demand_net": "21924.00",
    "score": "61.5",
}
CRITERIA = [
    {"code": code, "share": "0.5", "points": "12.5", "text": f"Grund {code}."}
    for code in ("members", "regularity", "value", "suppliers", "price_spread")
]
CAUTION = {"code": "crisis", "factor": "0.5", "text": "Ein Anlass."}
PROPOSED: dict[str, Any] = EVIDENCE | {
    "proposal_id": str(PROPOSAL),
    "rank": 1,
    "cpv_class": "30190000",
    "title": "Kernsortiment 30190000: <b>Papier</b>",
    "status": "proposed",
    "groups": 1,
    "months_total": 24,
    "reason": "",
    "returned": "Seit der Ablehnung gewachsen.",
    "decision": {
        "decision": "rejected",
        "reason": "Zu klein",
        "decided_by": str(UUID(int=3)),
        "decided_on": "2026-02-01",
        "evidence": EVIDENCE,
    },
    "tender_id": None,
    "assessed_at": "2026-11-26T10:00:00Z",
    "criteria": CRITERIA,
    "cautions": [CAUTION],
    "class_net": "30000.00",
    "core": [
        {
            "comparable_group": "mfr:a|1",
            "name": "Papier",
            "cpv": "30197643",
            "lines": 72,
            "order_unit": "C62",
            "quantity_before": None,
            "quantity_lately": None,
            "members": 3,
            "months": 6,
            "suppliers": 2,
            "demand_net": "21924.00",
            "prices": None,
        }
    ],
    "by_member": [{"id": str(KOELN), "name": "Stadt Köln", "demand_net": "21924.00"}],
    "by_supplier": [{"id": str(SUPPLIER), "name": "", "demand_net": "21924.00"}],
    "by_month": [{"month": "2026-01-01", "demand_net": "21924.00"}],
}
POSITION = {
    "position_no": 1,
    "comparable_group": "mfr:a|1",
    "description": "Papier",
    "order_unit": "C62",
    "quantity": "60.000",
    "quantity_low": "48.000",
    "quantity_high": "72.000",
}
TENDERED: dict[str, Any] = {
    "tender_id": str(TENDER),
    "proposal_id": str(PROPOSAL),
    "title": "Kernsortiment 30190000: Papier",
    "status": "open",
    "version": 1,
    "opened_on": "2026-06-01",
    "comparable_groups": ["mfr:a|1"],
    "members": [str(KOELN)],
    "evidence": EVIDENCE,
    "lots": [{"lot_no": 1, "title": "Los 1", "positions": [POSITION]}],
    "award": None,
    "agreement": None,
}
PRICED = {
    "lowest": "2.50",
    "quartile_1": "2.60",
    "median": "2.70",
    "quartile_3": "2.80",
    "highest": "2.90",
    "order_unit": "C62",
    "lines": 4,
    "suppliers": 2,
    "last_month": "2026-05-01",
}


@pytest.fixture
async def team(visitor):
    """Somebody of the procurement team, signed in, with a market to look at."""
    await visitor.person("procurement-1", ("procurement", None))
    await visitor.sign_in("procurement-1")
    cell = {"member_id": str(KOELN), "member_name": "Stadt Köln", "cpv_class": "30190000"}
    heat = {"members": [str(KOELN)], "classes": ["30190000"], "shown_net": "60.00"}
    part = {"rank": 1, "key": "mfr:a|1", "name": "Papier", "demand_net": "60.00"}
    month = {"month": "2026-05-01", "demand_net": "60.00", "free_net": "50.00"}
    month |= {"orders": 1, "lines": 4}
    answers = {
        "/demand/months": [month | {"called_off_net": "10.00"}],
        "/demand/heat-map": heat
        | {"total_net": "60.00", "cells": [cell | {"demand_net": "60.00"}]},
        "/demand/pareto": [part | {"share": "1.0000", "running_share": "1.0000"}],
        "/groups/mfr:a|1/prices": [
            PRICED | {"supplier_id": None, "supplier_name": ""},
            PRICED | {"supplier_id": str(SUPPLIER), "supplier_name": "Papierkontor"},
        ],
        "/proposals": [PROPOSED],
        f"/proposals/{PROPOSAL}": PROPOSED,
        f"/proposals/{PROPOSAL}/orders": [],
        "/tenders": [TENDERED],
        f"/tenders/{TENDER}": TENDERED,
        f"/tenders/{TENDER}/moved": [],
    }
    for path, answer in answers.items():
        visitor.shelf.answers["GET", PLANNING + path] = (200, answer)
    return visitor
