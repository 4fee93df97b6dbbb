"""What the page of a free-text order shows: suppliers, units, and what would become of it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.errors import Conflict
from portal.clients.services import Caller, Services
from portal.pages.forms import details, free_text
from portal.store import last_details, replicas
from portal.store.carts import Owner
from portal.words import codes

_NOTHING = ("", "Bitte wählen")


async def form(
    connection: AsyncConnection, owner: Owner, typed: Mapping[str, str]
) -> dict[str, Any]:
    """Choices of the form, and what stands in it: as typed, else as said last."""
    sellers = await replicas.sellers(connection)
    return {
        "suppliers": [_NOTHING, *((str(one.supplier_id), one.name) for one in sellers)],
        "units": [_NOTHING, *_units()],
        "vat_rates": free_text.VAT_RATES,
        "typed": typed or await last_details.of(connection, owner),
        "positions": int(typed.get("positions", "1")),
        "most": free_text.MOST,
        "key": typed.get("key") or str(uuid4()),
    }


async def of_draft(services: Services, caller: Caller, draft_id: UUID) -> dict[str, str]:
    """What stands in the form for a draft. Raises Conflict (`no_draft`, `free_text_line`)."""
    order, beside = await asyncio.gather(
        services.ask(caller, "orders", f"/orders/{draft_id}"),
        services.ask(caller, "orders", f"/orders/{draft_id}/circumstances"),
    )
    lines = positions_of(beside["wanted"])
    reference = {"reference": order["reference"], "draft_id": str(draft_id)}
    return lines | details.written(order) | reference


def positions_of(wanted: Sequence[Mapping[str, Any]]) -> dict[str, str]:
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


async def checked(services: Services, caller: Caller, body: Mapping[str, Any]) -> dict[str, Any]:
    """The route it would take if it were ordered now; nothing is kept."""
    found: dict[str, Any] = await services.check(caller, "orders", "/route-checks", dict(body))
    return found


def _units() -> list[tuple[str, str]]:
    # Two codes may say the same word; the first is offered.
    first: dict[str, str] = {}
    for code, name in codes.UNIT.items():
        first.setdefault(name, code)
    return [(code, name) for name, code in first.items()]
