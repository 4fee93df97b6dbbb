"""Doors of orders to framework agreements. All raise Refused and Unavailable."""

from uuid import UUID

from marktbund.contracts.http.orders import AgreementSummaryAnswer
from portal.clients.services import Caller, Question, Services

_ORDERS = "orders"


async def agreements(
    services: Services, caller: Caller, limit: int, after: UUID | None = None
) -> list[AgreementSummaryAnswer]:
    """All agreements, newest first."""
    question: Question = {"limit": limit, "after": after}
    return await services.read(
        caller, _ORDERS, "/agreements", list[AgreementSummaryAnswer], question
    )


async def undecided(services: Services, caller: Caller, limit: int) -> list[AgreementSummaryAnswer]:
    """Drafts, and agreements with a change that nobody approved yet."""
    question: Question = {"limit": limit, "undecided": "true"}
    return await services.read(
        caller, _ORDERS, "/agreements", list[AgreementSummaryAnswer], question
    )
