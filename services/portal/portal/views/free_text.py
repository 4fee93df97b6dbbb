"""What the page of a free-text order shows: suppliers, units, and what would become of it."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.domain import free_text, words
from portal.gateways.services import Caller, Services
from portal.store import last_details, replicas
from portal.store.carts import Owner

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
        "added": int(typed.get("added", "0")),
        "key": str(uuid4()),
    }


async def checked(services: Services, caller: Caller, body: Mapping[str, Any]) -> dict[str, Any]:
    """The route it would take if it were ordered now; nothing is kept."""
    found: dict[str, Any] = await services.tell(
        caller, "orders", "/route-checks", dict(body), key=str(uuid4())
    )
    return found


def _units() -> list[tuple[str, str]]:
    # Two codes may say the same word; the first is offered.
    first: dict[str, str] = {}
    for code, name in words.UNIT.items():
        first.setdefault(name, code)
    return [(code, name) for name, code in first.items()]
