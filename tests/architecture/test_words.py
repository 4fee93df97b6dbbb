"""Every state a service tells of has its German word in the portal."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

import pytest
from fastapi import FastAPI

from marktbund.contracts import words
from orders.ordering.domain.spot_orders import Status
from orders.ordering.domain.supplier_orders import Decision, ShareStatus
from tests.architecture.tree import service

WORDS_OF = {
    ("orders", "CancelOrder", "reason"): words.CANCEL_REASON,
    ("orders", "VerdictAnswer", "verdict"): words.VERDICT,
    ("orders", "RecordAward", "procedure"): words.PROCEDURE,
    ("tender-planning", "ProposalAnswer", "status"): words.PROPOSAL,
    ("tender-planning", "TenderAnswer", "status"): words.TENDER,
    ("tender-planning", "CriterionAnswer", "code"): words.CRITERION,
    ("tender-planning", "CautionAnswer", "code"): words.CAUTION,
    ("tender-planning", "OrderLineAnswer", "outcome"): words.DECISION,
    ("supplier-gateway", "SupplierOrderLineAnswer", "state"): words.DECISION,
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
        (words.ORDER, get_args(Status)),
        (words.SHARE, get_args(ShareStatus)),
        (words.DECISION, get_args(Decision)),
    ],
)
def test_a_state_of_an_order_has_its_word(table: Mapping[str, str], codes: tuple[str, ...]):
    assert set(codes) <= set(table)


@pytest.mark.parametrize("code_field", sorted(WORDS_OF))
def test_a_code_of_a_door_has_its_word(code_field: tuple[str, str, str]):
    folder, model, field = code_field
    schema = _schemas(folder)[model]["properties"][field]
    assert set(schema["enum"]) <= set(WORDS_OF[code_field])
