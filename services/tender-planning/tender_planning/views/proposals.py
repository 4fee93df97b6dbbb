"""Proposed core assortments with their reasons, and the very order lines behind them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.tender_planning import (
    CautionAnswer,
    CoreGroupAnswer,
    CriterionAnswer,
    MonthDemandAnswer,
    OrderLineAnswer,
    PartyAnswer,
    ProposalAnswer,
    ProposalDecisionAnswer,
    ProposalDetailAnswer,
)
from tender_planning.commands.questions import ListEvidence, ListProposals
from tender_planning.domain.evidence import DemandShare
from tender_planning.domain.proposals import Proposal, evidence_of
from tender_planning.store.decisions import proposal_table, tender_table
from tender_planning.store.proposals import proposal_of, unknown_proposal
from tender_planning.store.tables import member_name_table, supplier_name_table
from tender_planning.views.demand import EXPORT_ROWS, too_large
from tender_planning.views.order_lines import of_assortment

_PROPOSAL = proposal_table.c


_BEST_FIRST = (_PROPOSAL.score.desc(), _PROPOSAL.cpv_class, _PROPOSAL.proposal_id)
_RANKED = (
    select(
        proposal_table,
        tender_table.c.tender_id,
        func.row_number().over(order_by=_BEST_FIRST).label("rank"),
    )
    .outerjoin(tender_table, tender_table.c.proposal_id == _PROPOSAL.proposal_id)
    .order_by(*_BEST_FIRST)
)


async def proposals(connection: AsyncConnection, question: ListProposals) -> list[ProposalAnswer]:
    """A page of proposals, the strongest first."""
    query = _RANKED
    if question.status is not None:
        query = query.where(_PROPOSAL.status == question.status)
    page = query.offset(question.after).limit(question.limit)
    rows = (await connection.execute(page)).mappings()
    return [_summary(row, proposal_of(row), row["rank"]) for row in rows]


async def proposal(connection: AsyncConnection, proposal_id: UUID) -> ProposalDetailAnswer:
    """One proposal with its evidence; its rank is that among its status.

    Raises NotFound (`proposal_unknown`).
    """
    stored, row = await _stored_proposal(connection, proposal_id)
    evidence = stored.assessment.evidence
    ranked = _RANKED.where(_PROPOSAL.status == stored.status).subquery()
    rank = await connection.scalar(
        select(ranked.c.rank).where(ranked.c.proposal_id == proposal_id).limit(1)
    )
    members = await _names(connection, member_name_table, [share.id for share in evidence.members])
    sellers = await _names(
        connection, supplier_name_table, [share.id for share in evidence.suppliers]
    )
    return ProposalDetailAnswer(
        **dict(_summary(row, stored, rank or 1)),
        class_net=evidence.class_net,
        core=tuple(CoreGroupAnswer.model_validate(group) for group in evidence.groups),
        by_member=tuple(_party(share, members) for share in evidence.members),
        by_supplier=tuple(_party(share, sellers) for share in evidence.suppliers),
        by_month=tuple(MonthDemandAnswer.model_validate(month) for month in evidence.months),
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
) -> tuple[Proposal, RowMapping]:
    query = _RANKED.where(_PROPOSAL.proposal_id == proposal_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise unknown_proposal()
    return proposal_of(row), row


def _summary(row: RowMapping, stored: Proposal, rank: int) -> ProposalAnswer:
    assessment, evidence = stored.assessment, stored.assessment.evidence
    texts = [caution.text for caution in assessment.cautions]
    texts += [criterion.text for criterion in assessment.criteria]
    figures = evidence_of(assessment)
    decision = None
    if stored.decision is not None:
        decision = ProposalDecisionAnswer.model_validate(stored.decision)
    return ProposalAnswer(
        proposal_id=stored.proposal_id,
        rank=rank,
        cpv_class=stored.cpv_class,
        title=stored.title,
        status=stored.status,
        score=assessment.score,
        groups=len(evidence.groups),
        members=figures.members,
        suppliers=figures.suppliers,
        months=figures.months,
        months_total=evidence.window.months,
        lines=figures.lines,
        demand_net=figures.demand_net,
        first_month=figures.first_month,
        last_month=figures.last_month,
        reason=" ".join(texts),
        returned=stored.returned,
        decision=decision,
        tender_id=row["tender_id"],
        assessed_at=row["assessed_at"],
        criteria=tuple(CriterionAnswer.model_validate(part) for part in assessment.criteria),
        cautions=tuple(CautionAnswer.model_validate(part) for part in assessment.cautions),
    )


async def _names(
    connection: AsyncConnection, table: Table, ids: Sequence[UUID]
) -> Mapping[UUID, str]:
    key = next(iter(table.primary_key.columns))
    rows = await connection.execute(select(key, table.c.name).where(key.in_(ids)))
    return {row[0]: row.name for row in rows}


def _party(share: DemandShare, names: Mapping[UUID, str]) -> PartyAnswer:
    return PartyAnswer(id=share.id, name=names.get(share.id, ""), demand_net=share.demand_net)
