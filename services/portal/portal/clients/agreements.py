"""Doors of orders to framework agreements. All raise Refused and Unavailable."""

from uuid import UUID

from marktbund.contracts.http.agreements import (
    AgreementAnswer,
    AgreementSummaryAnswer,
    MemberAgreementAnswer,
)
from portal.clients.bodies import ChangeBody
from portal.clients.services import Caller, Question, Services
from portal.domain.keys import at_door

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


async def of_member(services: Services, caller: Caller) -> list[MemberAgreementAnswer]:
    """What the member may call off from."""
    kind = list[MemberAgreementAnswer]
    return await services.read(caller, _ORDERS, "/member-agreements", kind)


async def agreement(services: Services, caller: Caller, agreement_id: UUID) -> AgreementAnswer:
    """An agreement with everything known of it."""
    return await services.read(caller, _ORDERS, f"/agreements/{agreement_id}", AgreementAnswer)


async def propose(
    services: Services, caller: Caller, agreement_id: UUID, body: ChangeBody, key: str
) -> None:
    """Propose a change."""
    path = f"/agreements/{agreement_id}/changes"
    await services.post(caller, _ORDERS, path, body.as_json(), key=at_door(key, path))


async def decide(
    services: Services, caller: Caller, agreement_id: UUID, step: str, key: str
) -> None:
    """Confirm or end an agreement, or approve a change. step: the door below the agreement."""
    path = f"/agreements/{agreement_id}/{step}"
    await services.post(caller, _ORDERS, path, key=at_door(key, path))
