"""Proposals as rows: figures to sort by as columns, what they rest on as JSON.

SQL never looks into that JSON: an assessment is read whole by the rule that wrote it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, select, text

from marktbund.errors import NotFound
from marktbund.statements import Clause
from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.assortments import Assessment
from tender_planning.domain.proposals import Decision, Proposal
from tender_planning.store.decisions import proposal_table

_ASSESSMENT: TypeAdapter[Assessment] = TypeAdapter(Assessment)
_DECISION: TypeAdapter[Decision | None] = TypeAdapter(Decision | None)
# Two computations at once would propose a class twice; a decision waits until one is done.
_HOLD = text("LOCK TABLE proposal IN SHARE ROW EXCLUSIVE MODE")


_SAVE = """
    INSERT INTO proposal AS known
        (proposal_id, cpv_class, status, version, score, assessment, decision, returned,
         assessed_at)
    SELECT *, CAST(:proposals_assessed_at AS timestamptz) FROM unnest(
        CAST(:proposal_ids AS uuid[]), CAST(:proposal_classes AS text[]),
        CAST(:proposal_statuses AS text[]), CAST(:proposal_versions AS bigint[]),
        CAST(:proposal_scores AS numeric[]), CAST(CAST(:proposal_assessments AS text[]) AS jsonb[]),
        CAST(CAST(:proposal_decisions AS text[]) AS jsonb[]),
        CAST(:proposals_returned AS text[]))
    ON CONFLICT (proposal_id) DO UPDATE
       SET status = excluded.status, version = excluded.version, score = excluded.score,
           assessment = excluded.assessment, decision = excluded.decision,
           returned = excluded.returned, assessed_at = excluded.assessed_at
"""


async def hold_undecided(uow: UnitOfWork) -> list[Proposal]:
    """All proposals but the accepted, held until the commit."""
    await uow.connection.execute(_HOLD)
    query = select(proposal_table).where(proposal_table.c.status != "accepted")
    rows = await uow.connection.execute(query)
    return [proposal_of(row) for row in rows.mappings()]


async def hold_proposal(uow: UnitOfWork, proposal_id: UUID) -> Proposal:
    """One proposal, held until the commit. Raises NotFound (`proposal_unknown`)."""
    await uow.connection.execute(_HOLD)
    query = select(proposal_table).where(proposal_table.c.proposal_id == proposal_id)
    row = (await uow.connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise unknown_proposal()
    return proposal_of(row)


def unknown_proposal() -> NotFound:
    """The refusal for a proposal that does not exist."""
    return NotFound("proposal_unknown", "Diesen Vorschlag gibt es nicht", field="proposal_id")


def saving(proposals: Sequence[Proposal], assessed_at: datetime) -> tuple[Clause, ...]:
    """The write that keeps proposals that are new or changed."""
    if not proposals:
        return ()
    assessments = [proposal.assessment for proposal in proposals]
    decisions = [proposal.decision for proposal in proposals]
    values = {
        "proposal_ids": [proposal.proposal_id for proposal in proposals],
        "proposal_classes": [proposal.cpv_class for proposal in proposals],
        "proposal_statuses": [proposal.status for proposal in proposals],
        "proposal_versions": [proposal.version for proposal in proposals],
        "proposal_scores": [assessment.score for assessment in assessments],
        "proposal_assessments": [
            _ASSESSMENT.dump_json(assessment).decode() for assessment in assessments
        ],
        "proposal_decisions": [
            decision and _DECISION.dump_json(decision).decode() for decision in decisions
        ],
        "proposals_returned": [proposal.returned for proposal in proposals],
        "proposals_assessed_at": assessed_at,
    }
    return (Clause("saved_proposals", _SAVE, values),)


def proposal_of(row: RowMapping) -> Proposal:
    """A row as the proposal it keeps."""
    return Proposal(
        proposal_id=row["proposal_id"],
        cpv_class=row["cpv_class"],
        status=row["status"],
        version=row["version"],
        assessment=_ASSESSMENT.validate_python(row["assessment"]),
        decision=_DECISION.validate_python(row["decision"]),
        returned=row["returned"],
    )
