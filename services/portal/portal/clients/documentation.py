"""Doors of documentation. All raise Refused and Unavailable."""

from uuid import UUID

from marktbund.contracts.http.documentation import ChainAnswer, OrderFileAnswer, SealAnswer
from portal.clients.services import Caller, Question, Services

_DOCUMENTATION = "documentation"


async def chains(services: Services, caller: Caller, limit: int, after: str) -> list[ChainAnswer]:
    """A page of chains by id; after: the last id of the page before."""
    question: Question = {"limit": limit, "after": after}
    return await services.read(caller, _DOCUMENTATION, "/chains", list[ChainAnswer], question)


async def order_file(
    services: Services, caller: Caller, order_id: UUID, limit: int, after: int | None = None
) -> OrderFileAnswer:
    """A page of an order's file; after: the last record of the page before."""
    question: Question = {"limit": limit, "after": after}
    path = f"/orders/{order_id}/file"
    return await services.read(caller, _DOCUMENTATION, path, OrderFileAnswer, question)


async def seal(services: Services, caller: Caller, order_id: UUID) -> SealAnswer:
    """Whether an order's file is unaltered."""
    return await services.read(caller, _DOCUMENTATION, f"/orders/{order_id}/seal", SealAnswer)


async def export(services: Services, caller: Caller) -> bytes:
    """The member's whole chain as the stand-alone verifier reads it."""
    return (await services.fetch(caller, _DOCUMENTATION, "/member/export")).content
