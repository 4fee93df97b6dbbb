"""What the page of a free-text order shows: suppliers, units, and what would become of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.orders import WantedAnswer
from marktbund.contracts.words import UNIT
from marktbund.errors import Conflict
from portal.clients import orders
from portal.clients.services import Caller, Services
from portal.pages.forms import details, free_text
from portal.pages.forms.free_text import Typed
from portal.store import last_details, replicas, sent_orders
from portal.store.carts import Owner
from portal.store.sent_orders import SentOrder

Choices = Sequence[tuple[str, str]]
"""What can be chosen: value and words."""
_NOTHING = ("", "Bitte wählen")


@dataclass(frozen=True, slots=True)
class FreeTextForm:
    """Choices of the form, and what stands in it. unsettled: an order sent before of which nobody
    knows yet what became; most: as many positions as a form holds.
    """

    suppliers: Choices
    units: Choices
    vat_rates: Choices
    typed: Mapping[str, str]
    positions: int
    most: int
    key: str
    unsettled: SentOrder | None


async def form(connection: AsyncConnection, owner: Owner, typed: Mapping[str, str]) -> FreeTextForm:
    """The form: as typed, else as said last."""
    sellers = await replicas.sellers(connection)
    return FreeTextForm(
        suppliers=[_NOTHING, *((str(seller.supplier_id), seller.name) for seller in sellers)],
        units=[_NOTHING, *_units()],
        vat_rates=free_text.VAT_RATES,
        typed=typed or await last_details.of(connection, owner),
        positions=int(typed.get("positions", "1")),
        most=free_text.MOST,
        key=typed.get("key") or str(uuid4()),
        unsettled=await sent_orders.unsettled(connection, owner, "free_text"),
    )


async def of_draft(services: Services, caller: Caller, draft_id: UUID) -> Typed:
    """What stands in the form for a draft. Raises Conflict (`no_draft`, `free_text_line`)."""
    order, beside = await asyncio.gather(
        orders.order(services, caller, draft_id),
        orders.circumstances(services, caller, draft_id),
    )
    lines = positions_of(beside.wanted)
    reference = {"reference": order.reference, "draft_id": str(draft_id)}
    return lines | details.written(order) | reference


def positions_of(wanted: Sequence[WantedAnswer]) -> Typed:
    """The positions of a draft. Raises Conflict where the form has no place for them."""
    if not wanted:
        raise Conflict(
            "no_draft",
            "Dieser Entwurf ist schon abgeschickt oder verworfen",
            way_out="Unter „Bestellungen“ steht, was daraus wurde.",
        )
    lines = free_text.written(wanted)
    if lines is None:
        raise Conflict(
            "free_text_line",
            "Dieser Entwurf hat Positionen aus mehreren Quellen",
            way_out="Reichen Sie ihn unverändert ein oder verwerfen Sie ihn.",
        )
    return lines


def _units() -> list[tuple[str, str]]:
    # Two codes may say the same word; the first is offered.
    first: dict[str, str] = {}
    for code, name in UNIT.items():
        first.setdefault(name, code)
    return [(code, name) for name, code in first.items()]
