"""Framework agreements: all of them for the cooperative, a member's own for its people."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

from marktbund.errors import NotFound
from portal.clients.services import Services
from portal.domain import keys
from portal.pages.forms import changes
from portal.pages.views.parties import Parties
from portal.pages.views.visits import Visit

PAGE = 50
INFORMED = frozenset({"procurement", "office", "auditor"})
"""Roles for the cooperative that see every agreement."""
ENTITLED = frozenset({"requester", "approver", "award_office", "auditor"})
"""Roles at a member that see what it may call off from."""


async def lists(services: Services, visit: Visit, after: UUID | None) -> dict[str, Any]:
    """What this person may see: all agreements, and those of the member they act for."""
    of_all, own = await asyncio.gather(_all(services, visit, after), _own(services, visit))
    last = of_all[-1]["agreement_id"] if of_all and len(of_all) == PAGE else None
    return {"agreements": of_all, "own": own, "next_after": last}


async def _all(services: Services, visit: Visit, after: UUID | None) -> list[dict[str, Any]] | None:
    if not visit.cooperative & INFORMED:
        return None
    question: dict[str, Any] = {"limit": PAGE} | ({"after": str(after)} if after else {})
    found: list[dict[str, Any]] = await services.ask(
        visit.plain_caller, "orders", "/agreements", question
    )
    return found


async def _own(services: Services, visit: Visit) -> list[dict[str, Any]] | None:
    if visit.member_id is None:
        return None
    found: list[dict[str, Any]] = await services.ask(visit.caller, "orders", "/member-agreements")
    return found


async def one(services: Services, visit: Visit, agreement_id: UUID) -> dict[str, Any]:
    """An agreement as this person may see it; `whole` with what only the cooperative sees.

    Raises NotFound (`agreement_unknown`) for one the member is not entitled to.
    """
    if visit.cooperative & INFORMED:
        path = f"/agreements/{agreement_id}"
        found = await services.ask(visit.plain_caller, "orders", path)
        return {"agreement": found, "whole": True}
    own = await _own(services, visit) or []
    mine = next((each for each in own if each["agreement_id"] == str(agreement_id)), None)
    if mine is None:
        raise NotFound("agreement_unknown", "Diesen Rahmenvertrag gibt es nicht")
    return {"agreement": mine, "whole": False}


def key_of(visit: Visit, agreement: dict[str, Any], form: str = "") -> str:
    """The key of a form of this agreement: it lasts until its status or its changes are others."""
    state = (agreement["agreement_id"], agreement["status"], agreement.get("changes"))
    return keys.key_of(visit.session.sub, *state, form)


def exhaustion(agreement: dict[str, Any], parties: Parties) -> list[dict[str, Any]]:
    """How far every ceiling is taken, the value's and the quantity's share in per cent."""
    return [
        each
        | {
            "whose": parties.member(each["member_id"]) if each["member_id"] else "alle zusammen",
            "value_part": _part(each["used_value_net"], each["limit_value_net"]),
            "quantity_part": _part(each["used_quantity"], each["limit_quantity"]),
        }
        for each in agreement["exhaustion"]
    ]


def _part(used: str, limit: str | None) -> Decimal | None:
    return None if limit is None else 100 * Decimal(used) / Decimal(limit)


def told(agreement: dict[str, Any], parties: Parties) -> list[dict[str, Any]]:
    """The changes in words, the newest first."""
    return [
        each | {"text": changes.told(each["content"], parties)}
        for each in reversed(agreement["changes"])
    ]
