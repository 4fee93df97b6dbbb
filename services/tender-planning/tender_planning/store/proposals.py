"""Proposals as rows: figures to sort by as columns, the assessment as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert

from marktbund.errors import NotFound
from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.assortments import Assessment
from tender_planning.domain.proposals import Decision, Proposal
from tender_planning.store.decisions import proposal_table

_ASSESSMENT: TypeAdapter[Assessment] = TypeAdapter(Assessment)
_DECISION: TypeAdapter[Decision | None] = TypeAdapter(Decision | None)
# Two computations at once would propose a class twice; a decision waits until one is done.
_HOLD = text("LOCK TABLE proposal IN SHARE ROW EXCLUSIVE MODE")


async def load_undecided(uow: UnitOfWork) -> list[Proposal]:
    """All proposals but the accepted, held until the commit."""
    await uow.connection.execute(_HOLD)
    query = select(proposal_table).where(proposal_table.c.status != "accepted")
    return [proposal_of(row) for row in await uow.connection.execute(query)]


async def lock_proposal(uow: UnitOfWork, proposal_id: UUID) -> Proposal:
    """One proposal, held until the commit. Raises NotFound (`proposal_unknown`)."""
    await uow.connection.execute(_HOLD)
    query = select(proposal_table).where(proposal_table.c.proposal_id == proposal_id)
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise unknown_proposal()
    return proposal_of(row)


def unknown_proposal() -> NotFound:
    """The refusal for a proposal that does not exist."""
    return NotFound("proposal_unknown", "Diesen Vorschlag gibt es nicht", field="proposal_id")


async def save_proposals(
    uow: UnitOfWork, proposals: Sequence[Proposal], assessed_at: datetime
) -> None:
    """Keep proposals that are new or changed."""
    if not proposals:
        return
    rows = [_columns(proposal) | {"assessed_at": assessed_at} for proposal in proposals]
    made = insert(proposal_table)
    changed = {name: made.excluded[name] for name in rows[0] if name != "proposal_id"}
    await uow.connection.execute(
        made.on_conflict_do_update(index_elements=["proposal_id"], set_=changed), rows
    )


def _columns(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal_id": proposal.proposal_id,
        "cpv_class": proposal.cpv_class,
        "status": proposal.status,
        "version": proposal.version,
        "score": proposal.assessment.score,
        "assessment": _ASSESSMENT.dump_python(proposal.assessment, mode="json"),
        "decision": _DECISION.dump_python(proposal.decision, mode="json"),
        "returned": proposal.returned,
    }


def proposal_of(row: Row[Any]) -> Proposal:
    """A row as the proposal it keeps."""
    return Proposal(
        proposal_id=row.proposal_id,
        cpv_class=row.cpv_class,
        status=row.status,
        version=row.version,
        assessment=_ASSESSMENT.validate_python(row.assessment),
        decision=_DECISION.validate_python(row.decision),
        returned=row.returned,
    )
