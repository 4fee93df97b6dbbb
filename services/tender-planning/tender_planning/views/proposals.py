"""Proposed core assortments with their reasons, and the very order lines behind them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tender_planning.commands.questions import ListEvidence, ListProposals
from tender_planning.domain.cautions import Caution
from tender_planning.domain.criteria import Criterion
from tender_planning.domain.evidence import CoreGroup, MonthDemand
from tender_planning.domain.proposals import Decision, Proposal, Status, evidence_of
from tender_planning.store.decisions import proposal_table, tender_table
from tender_planning.store.proposals import proposal_of, unknown_proposal
from tender_planning.store.tables import member_name_table, supplier_name_table
from tender_planning.views.demand import EXPORT_ROWS, too_large
from tender_planning.views.order_lines import OrderLineAnswer, of_assortment

_PROPOSAL = proposal_table.c


class ProposalAnswer(BaseModel):
    """A proposal on a list. score: 0 to 100. demand_net: net EUR of first_month to last_month,
    bought freely. reason: criteria and cautions in German, one sentence each. returned: why it came
    back after a rejection. groups: articles, as comparable groups. criteria, cautions: what the
    score is made of.
    """

    model_config = ConfigDict(frozen=True)

    proposal_id: UUID
    rank: int
    cpv_class: str
    title: str
    status: Status
    score: Decimal
    groups: int
    members: int
    suppliers: int
    months: int
    months_total: int
    lines: int
    demand_net: Decimal
    first_month: date
    last_month: date
    reason: str
    returned: str
    decision: Decision | None
    tender_id: UUID | None
    assessed_at: datetime
    criteria: Sequence[Criterion]
    cautions: Sequence[Caution]


class PartyAnswer(BaseModel):
    """A member's or supplier's part; name is empty until its owner has told it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    demand_net: Decimal


class ProposalDetailAnswer(ProposalAnswer):
    """A proposal with all its evidence. class_net: demand of the whole class, core or not."""

    class_net: Decimal
    core: Sequence[CoreGroup]
    by_member: Sequence[PartyAnswer]
    by_supplier: Sequence[PartyAnswer]
    by_month: Sequence[MonthDemand]


def _ranked() -> Select[Any]:
    best_first = (_PROPOSAL.score.desc(), _PROPOSAL.cpv_class, _PROPOSAL.proposal_id)
    return (
        select(
            proposal_table,
            tender_table.c.tender_id,
            func.row_number().over(order_by=best_first).label("rank"),
        )
        .outerjoin(tender_table, tender_table.c.proposal_id == _PROPOSAL.proposal_id)
        .order_by(*best_first)
    )


async def proposals(connection: AsyncConnection, question: ListProposals) -> list[ProposalAnswer]:
    """A page of proposals, the strongest first."""
    query = _ranked()
    if question.status is not None:
        query = query.where(_PROPOSAL.status == question.status)
    page = query.offset(question.after).limit(question.limit)
    rows = await connection.execute(page)
    return [ProposalAnswer.model_validate(_summary(row, proposal_of(row))) for row in rows]


async def proposal(connection: AsyncConnection, proposal_id: UUID) -> ProposalDetailAnswer:
    """One proposal with its evidence; its rank is that among its status.

    Raises NotFound (`proposal_unknown`).
    """
    stored, row = await _stored_proposal(connection, proposal_id)
    evidence = stored.assessment.evidence
    ranked = _ranked().where(_PROPOSAL.status == row.status).subquery()
    rank = await connection.scalar(
        select(ranked.c.rank).where(ranked.c.proposal_id == proposal_id).limit(1)
    )
    members = await _names(connection, member_name_table, [share.id for share in evidence.members])
    sellers = await _names(
        connection, supplier_name_table, [share.id for share in evidence.suppliers]
    )
    return ProposalDetailAnswer.model_validate(
        _summary(row, stored)
        | {
            "rank": rank,
            "class_net": evidence.class_net,
            "core": evidence.groups,
            "by_member": [_party(share, members) for share in evidence.members],
            "by_supplier": [_party(share, sellers) for share in evidence.suppliers],
            "by_month": evidence.months,
        }
    )


async def evidence_lines(
    connection: AsyncConnection, proposal_id: UUID, question: ListEvidence
) -> list[OrderLineAnswer]:
    """A page of the lines behind a proposal: they add up to its demand.

    Raises NotFound (`proposal_unknown`).
    """
    stored, _ = await _stored_proposal(connection, proposal_id)
    evidence = stored.assessment.evidence
    groups = [group for group in stored.groups if question.group in {None, group}]
    return await of_assortment(connection, groups, evidence.cpv_class, evidence.window, question)


async def all_evidence_lines(
    connection: AsyncConnection, proposal_id: UUID, group: str | None
) -> list[OrderLineAnswer]:
    """All lines behind a proposal. Raises TooLarge (`export_too_large`) above EXPORT_ROWS."""
    everything = ListEvidence.model_construct(limit=EXPORT_ROWS + 1, after=None, group=group)
    lines = await evidence_lines(connection, proposal_id, everything)
    if len(lines) > EXPORT_ROWS:
        raise too_large("Bitte eine einzelne Vergleichsgruppe wählen.")
    return lines


async def _stored_proposal(
    connection: AsyncConnection, proposal_id: UUID
) -> tuple[Proposal, Row[Any]]:
    query = _ranked().where(_PROPOSAL.proposal_id == proposal_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise unknown_proposal()
    return proposal_of(row), row


def _summary(row: Row[Any], stored: Proposal) -> dict[str, Any]:
    assessment, evidence = stored.assessment, stored.assessment.evidence
    texts = [caution.text for caution in assessment.cautions]
    texts += [criterion.text for criterion in assessment.criteria]
    return evidence_of(assessment).model_dump() | {
        "proposal_id": stored.proposal_id,
        "rank": row.rank,
        "cpv_class": stored.cpv_class,
        "title": stored.title,
        "status": stored.status,
        "score": assessment.score,
        "groups": len(evidence.groups),
        "months_total": evidence.window.months,
        "reason": " ".join(texts),
        "returned": stored.returned,
        "decision": stored.decision,
        "tender_id": row.tender_id,
        "assessed_at": row.assessed_at,
        "criteria": assessment.criteria,
        "cautions": assessment.cautions,
    }


async def _names(connection: AsyncConnection, table: Any, ids: list[UUID]) -> dict[UUID, str]:
    key = next(iter(table.primary_key.columns))
    rows = await connection.execute(select(key, table.c.name).where(key.in_(ids)))
    return {row[0]: row.name for row in rows}


def _party(share: Any, names: Mapping[UUID, str]) -> PartyAnswer:
    return PartyAnswer(id=share.id, name=names.get(share.id, ""), demand_net=share.demand_net)
