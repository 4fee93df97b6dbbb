"""Framework agreements: all of them for the cooperative, a member's own for its people."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.http.agreements import (
    AgreementAnswer,
    AgreementChangeAnswer,
    AgreementSummaryAnswer,
    ExhaustionAnswer,
    MemberAgreementAnswer,
)
from marktbund.errors import NotFound
from portal.clients import agreements
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
Agreement = AgreementAnswer | MemberAgreementAnswer
"""An agreement as the cooperative sees it, or as a member that may call off from it."""


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """All agreements and the member's own; None for whoever does not see them."""

    agreements: list[AgreementSummaryAnswer] | None
    own: list[MemberAgreementAnswer] | None
    next_after: UUID | None


@dataclass(frozen=True, slots=True)
class UsedCeiling:
    """A ceiling, whose it is, and the share of it that is taken, in per cent; None: no limit."""

    ceiling: ExhaustionAnswer
    whose: str
    value_part: Decimal | None
    quantity_part: Decimal | None


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A change, and in a sentence what it does."""

    change: AgreementChangeAnswer
    text: str


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """An agreement as this person may see it; `whole` with what only the cooperative sees."""

    agreement: Agreement
    whole: bool
    exhaustion: tuple[UsedCeiling, ...]
    changes: tuple[ChangeShown, ...]
    parties: Parties


async def lists(services: Services, visit: Visit, after: UUID | None) -> AgreementsPage:
    """What this person may see: all agreements, and those of the member they act for."""
    of_all, own = await asyncio.gather(_all(services, visit, after), _own(services, visit))
    last = of_all[-1].agreement_id if of_all and len(of_all) == PAGE else None
    return AgreementsPage(of_all, own, last)


async def _all(
    services: Services, visit: Visit, after: UUID | None
) -> list[AgreementSummaryAnswer] | None:
    if not visit.cooperative & INFORMED:
        return None
    return await agreements.agreements(services, visit.plain_caller, PAGE, after)


async def _own(services: Services, visit: Visit) -> list[MemberAgreementAnswer] | None:
    if visit.member_id is None:
        return None
    return await agreements.of_member(services, visit.caller)


async def agreement_page(
    services: Services, visit: Visit, agreement_id: UUID, parties: Parties
) -> AgreementPage:
    """An agreement. Raises NotFound (`agreement_unknown`) for one the member is not entitled to."""
    if visit.cooperative & INFORMED:
        agreement = await agreements.agreement(services, visit.plain_caller, agreement_id)
        taken = _exhaustion(agreement.exhaustion, parties)
        return AgreementPage(agreement, True, taken, _changes(agreement, parties), parties)
    own = await _own(services, visit) or []
    for mine in own:
        if mine.agreement_id == agreement_id:
            return AgreementPage(mine, False, _exhaustion(mine.exhaustion, parties), (), parties)
    raise NotFound("agreement_unknown", "Diesen Rahmenvertrag gibt es nicht")


def key_of(visit: Visit, agreement: Agreement, form: str = "") -> str:
    """The key of a form of this agreement: it lasts until its status or its changes are others."""
    made = agreement.changes if isinstance(agreement, AgreementAnswer) else ()
    state = [change.model_dump_json() for change in made]
    return keys.key_of(
        visit.session.sub, str(agreement.agreement_id), agreement.status, state, form
    )


def _exhaustion(ceilings: Sequence[ExhaustionAnswer], parties: Parties) -> tuple[UsedCeiling, ...]:
    return tuple(
        UsedCeiling(
            ceiling,
            parties.member(str(ceiling.member_id)) if ceiling.member_id else "alle zusammen",
            _part(ceiling.used_value_net, ceiling.limit_value_net),
            _part(ceiling.used_quantity, ceiling.limit_quantity),
        )
        for ceiling in ceilings
    )


def _part(used: Decimal, limit: Decimal | None) -> Decimal | None:
    return None if limit is None else 100 * used / limit


def _changes(agreement: AgreementAnswer, parties: Parties) -> tuple[ChangeShown, ...]:
    """The changes in words, the newest first."""
    return tuple(
        ChangeShown(change, changes.sentence(change.content, parties))
        for change in reversed(agreement.changes)
    )
