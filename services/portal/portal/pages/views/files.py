"""Files as award office and auditors see them: the seal in plain words, the chain behind it."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from marktbund.contracts.http.documentation import ChainAnswer, SealAnswer
from portal.clients import documentation, orders
from portal.clients.services import Caller, Refused, Services, Unavailable
from portal.pages.views.orders import names_of, whole_file
from portal.pages.views.parties import Parties
from portal.words import timeline
from portal.words.timeline import Entry, Names

PAGE = 100


@dataclass(frozen=True, slots=True)
class NamedChain:
    """A chain and whose it is."""

    chain: ChainAnswer
    whose: str


@dataclass(frozen=True, slots=True)
class ChainsPage:
    """A page of chains; next_after: None on the last."""

    chains: tuple[NamedChain, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class FilePage:
    """An order's file: its seal (None: could not be asked), its timeline, its records."""

    order_id: UUID
    timeline: list[Entry]
    records: list[Entry]
    seal: SealAnswer | None


async def chains(services: Services, caller: Caller, parties: Parties, after: str) -> ChainsPage:
    """A page of chains with whose they are, for auditors of the cooperative."""
    listed = await documentation.chains(services, caller, PAGE, after)
    named = tuple(NamedChain(chain, _whose(chain.chain_id, parties)) for chain in listed)
    return ChainsPage(named, listed[-1].chain_id if len(listed) == PAGE else None)


def _whose(chain_id: str, parties: Parties) -> str:
    return "Genossenschaft" if chain_id == "cooperative" else parties.member(chain_id)


async def file_page(services: Services, caller: Caller, order_id: UUID) -> FilePage:
    """An order's file with its seal: its records recomputed just now, its chain as last audited."""
    records, seal, names = await asyncio.gather(
        whole_file(services, caller, order_id),
        _seal(services, caller, order_id),
        _names(services, caller, order_id),
    )
    entries = timeline.entries(records, names)
    return FilePage(order_id, timeline.for_readers(entries), entries, seal)


async def export(services: Services, caller: Caller, order_id: UUID) -> bytes:
    """The member's whole chain as the stand-alone verifier reads it, if the order lies in it.

    One order alone could not be verified: a chain is proved from its beginning.
    """
    await documentation.order_file(services, caller, order_id, 1)
    return await documentation.export(services, caller)


async def _seal(services: Services, caller: Caller, order_id: UUID) -> SealAnswer | None:
    try:
        return await documentation.seal(services, caller, order_id)
    except (Refused, Unavailable):
        return None


async def _names(services: Services, caller: Caller, order_id: UUID) -> Names:
    # The file must be readable while orders is away: then without names.
    try:
        return names_of(await orders.order(services, caller, order_id))
    except (Refused, Unavailable):
        return Names({}, {})
