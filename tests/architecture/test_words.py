"""Every state a service tells of has its German word in the portal."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

import pytest
from fastapi import FastAPI

from orders.ordering.domain.spot_orders import Status
from orders.ordering.domain.supplier_orders import Decision, ShareStatus
from portal.words import codes, routes
from tests.architecture.tree import service

WORDS_OF = {
    ("orders", "CancelOrder", "reason"): codes.CANCEL_REASON,
    ("orders", "VerdictAnswer", "verdict"): routes.VERDICT,
    ("orders", "RecordAward", "procedure"): routes.PROCEDURE,
    ("tender-planning", "ProposalAnswer", "status"): codes.PROPOSAL,
    ("tender-planning", "TenderAnswer", "status"): codes.TENDER,
    ("tender-planning", "CriterionAnswer", "code"): codes.CRITERION,
    ("tender-planning", "CautionAnswer", "code"): codes.CAUTION,
    ("tender-planning", "OrderLineAnswer", "outcome"): codes.DECISION,
    ("supplier-gateway", "SupplierOrderLineAnswer", "state"): codes.DECISION,
}
"""Service, model of its door, field -> the words for it."""


@cache
def _schemas(folder: str) -> dict[str, Any]:
    app = FastAPI()
    for router in service(folder).routers:
        app.include_router(router)
    schemas: dict[str, Any] = app.openapi()["components"]["schemas"]
    return schemas


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (codes.ORDER, get_args(Status)),
        (codes.SHARE, get_args(ShareStatus)),
        (codes.DECISION, get_args(Decision)),
    ],
)
def test_a_state_of_an_order_has_its_word(table: Mapping[str, str], codes: tuple[str, ...]):
    assert set(codes) <= set(table)


@pytest.mark.parametrize("code_field", sorted(WORDS_OF))
def test_a_code_of_a_door_has_its_word(code_field: tuple[str, str, str]):
    folder, model, field = code_field
    schema = _schemas(folder)[model]["properties"][field]
    assert set(schema["enum"]) <= set(WORDS_OF[code_field])
