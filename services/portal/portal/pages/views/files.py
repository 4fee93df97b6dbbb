"""Files as award office and auditors see them: the seal in plain words, the chain behind it."""

import asyncio
from typing import Any
from uuid import UUID

from portal.clients.services import Caller, Refused, Services, Unavailable
from portal.pages.views.orders import names_of, whole_file
from portal.pages.views.parties import Parties
from portal.words import timeline
from portal.words.timeline import Names

PAGE = 100


async def chains(
    services: Services, caller: Caller, parties: Parties, after: str
) -> dict[str, Any]:
    """A page of chains with whose they are, for auditors of the cooperative."""
    question = {"limit": PAGE, **({"after": after} if after else {})}
    listed = await services.ask(caller, "documentation", "/chains", question)
    named = [chain | {"whose": _whose(chain["chain_id"], parties)} for chain in listed]
    full = len(listed) == PAGE
    return {"chains": named, "next_after": listed[-1]["chain_id"] if full else None}


def _whose(chain_id: str, parties: Parties) -> str:
    return "Genossenschaft" if chain_id == "cooperative" else parties.member(chain_id)


async def one(services: Services, caller: Caller, order_id: UUID) -> dict[str, Any]:
    """An order's file with its seal: its records recomputed just now, its chain as last audited."""
    file, seal, names = await asyncio.gather(
        whole_file(services, caller, order_id),
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
