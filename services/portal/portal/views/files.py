"""Files as award office and auditors see them: the seal in plain words, the chain behind it."""

import asyncio
from typing import Any
from uuid import UUID

from portal.domain import timeline
from portal.domain.timeline import Names
from portal.gateways.services import Caller, Refused, Services, Unavailable
from portal.views.orders import names_of


async def chains(services: Services, caller: Caller) -> dict[str, Any]:
    """All chains, for auditors of the cooperative."""
    return {"chains": await services.ask(caller, "documentation", "/chains", {"limit": 500})}


async def one(services: Services, caller: Caller, order_id: UUID) -> dict[str, Any]:
    """An order's file with its seal: its records recomputed just now, its chain as last audited."""
    file, seal, names = await asyncio.gather(
        services.ask(caller, "documentation", f"/orders/{order_id}/file"),
        _seal(services, caller, order_id),
        _names(services, caller, order_id),
    )
    entries = timeline.entries(file["records"], names)
    return {
        "order_id": order_id,
        "file": file,
        "timeline": timeline.for_readers(entries),
        "records": entries,
        "seal": seal,
    }


async def export(services: Services, caller: Caller, order_id: UUID) -> bytes:
    """The member's whole chain as the stand-alone verifier reads it, if the order lies in it.

    One order alone could not be verified: a chain is proved from its beginning.
    """
    await services.ask(caller, "documentation", f"/orders/{order_id}/file", {"limit": 1})
    return (await services.fetch(caller, "documentation", "/member/export")).content


async def _seal(services: Services, caller: Caller, order_id: UUID) -> dict[str, Any] | None:
    try:
        path = f"/orders/{order_id}/seal"
        found: dict[str, Any] = await services.ask(caller, "documentation", path)
    except (Refused, Unavailable):
        return None
    return found


async def _names(services: Services, caller: Caller, order_id: UUID) -> Names:
    # The file must be readable while orders is away: then without names.
    try:
        return names_of(await services.ask(caller, "orders", f"/orders/{order_id}"))
    except (Refused, Unavailable):
        return Names({}, {})
