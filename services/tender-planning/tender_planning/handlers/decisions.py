"""Proposals computed and decided, tenders ended, comparable groups corrected."""

from uuid import UUID

from marktbund.clock import business_date
from marktbund.errors import NotFound
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from tender_planning.commands.decisions import (
    CancelTender,
    CorrectGroup,
    DecideProposal,
    EnterAward,
    WithdrawCorrection,
)
from tender_planning.domain.assortments import assess
from tender_planning.domain.awards import refuse_unknown
from tender_planning.domain.corrections import Correction, correct
from tender_planning.domain.proposals import Proposal, renewed
from tender_planning.domain.tenders import Tender
from tender_planning.store import corrections, evidence, proposals, tenders


async def propose_assortments(uow: UnitOfWork) -> int:
    """Assess the demand of the newest window anew; returns how many proposals changed.

    Cost: the cells of the window, however long the history is.
    """
    known = await proposals.load_undecided(uow)
    window = await evidence.newest_window(uow.connection)
    if window is None:
        return 0
    assessments = [assess(core) for core in await evidence.cores(uow.connection, window)]
    changed = renewed(known, assessments, [new_id() for _ in assessments])
    await proposals.save_proposals(uow, changed, uow.now)
    return len(changed)


async def decide_proposal(
    proposal_id: UUID, command: DecideProposal, by: UUID, uow: UnitOfWork
) -> tuple[Proposal, Tender | None]:
    """Reject a proposal, or accept it and open its tender."""
    proposal = await proposals.lock_proposal(uow, proposal_id)
    on = business_date(uow.business_now)
    proposal, event = proposal.decide(command.decision, command.reason, by, on)
    await proposals.save_proposals(uow, [proposal], uow.now)
    uow.announce(event)
    if proposal.status != "accepted":
        return proposal, None
    tender, opened = Tender.open(new_id(), proposal, by, on)
    await tenders.add_tender(uow, tender)
    uow.announce(opened)
    return proposal, tender


async def enter_award(tender_id: UUID, command: EnterAward, by: UUID, uow: UnitOfWork) -> Tender:
    """Enter a tender's result. Raises Invalid (`award_party_unknown`) for who is not known here."""
    tender = await tenders.lock_tender(uow, tender_id)
    award = command.award()
    tender, event = tender.enter_award(award, by, business_date(uow.business_now))
    refuse_unknown(award, await tenders.unknown(uow, award))
    await tenders.save_tender(uow, tender)
    uow.announce(event)
    return tender


async def cancel_tender(
    tender_id: UUID, command: CancelTender, by: UUID, uow: UnitOfWork
) -> Tender:
    """End a tender without a result; its groups may be proposed again."""
    tender = await tenders.lock_tender(uow, tender_id)
    tender, event = tender.cancel(command.reason, by)
    await tenders.save_tender(uow, tender)
    uow.announce(event)
    return tender


async def correct_group(command: CorrectGroup, by: UUID, uow: UnitOfWork) -> Correction:
    """Merge a group into another, or split one article off; catalog carries it out."""
    known = await corrections.hold_corrections(uow)
    before = known.get(command.source)
    wanted = Correction(
        correction_id=before.correction_id if before else new_id(),
        source=command.source,
        to_group=command.to_group or f"rev:{new_id()}",
        reason=command.reason,
        reviewed_by=by,
        reviewed_at=uow.now,
        status="active",
        version=before.version + 1 if before else 1,
    )
    steps = {
        source: step.to_group
        for source, step in known.items()
        if step.status == "active" and source != wanted.source
    }
    correction, event = correct(wanted, steps)
    await corrections.save_correction(uow, correction)
    uow.announce(event)
    return correction


async def withdraw_correction(
    correction_id: UUID, command: WithdrawCorrection, by: UUID, uow: UnitOfWork
) -> Correction:
    """Take a correction back. Raises NotFound (`correction_unknown`)."""
    known = (await corrections.hold_corrections(uow)).values()
    standing = next(
        (candidate for candidate in known if candidate.correction_id == correction_id), None
    )
    if standing is None:
        raise NotFound("correction_unknown", "Diese Berichtigung gibt es nicht")
    correction, event = standing.withdraw(command.reason, by, uow.now)
    await corrections.save_correction(uow, correction)
    uow.announce(event)
    return correction
