"""Proposals computed and decided, tenders ended, comparable groups corrected."""

from uuid import UUID

from marktbund.clock import business_date
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from tender_planning.commands.decisions import (
    CancelTender,
    CorrectGroup,
    DecideProposal,
    EnterAward,
    WithdrawCorrection,
)
from tender_planning.domain.assortments import assess_all
from tender_planning.domain.awards import refuse_unknown
from tender_planning.domain.corrections import Correction, Review, correct, require_correction
from tender_planning.domain.proposals import Proposal, renewed
from tender_planning.domain.tenders import Tender, decide_on
from tender_planning.store import corrections, evidence, proposals, tenders


async def propose_assortments(uow: UnitOfWork) -> int:
    """Assess the demand of the newest window anew; returns how many proposals changed.

    Cost: the cells of the window, however long the history is.
    """
    known = await proposals.hold_undecided(uow)
    window = await evidence.newest_window(uow.connection)
    cores = await evidence.cores(uow.connection, window) if window else None
    if cores is None:
        return 0
    changed = renewed(known, assess_all(cores), [new_id() for _ in cores])
    await uow.write(*proposals.saving(changed, uow.now))
    return len(changed)


async def decide_proposal(
    proposal_id: UUID, command: DecideProposal, by: UUID, uow: UnitOfWork
) -> Proposal:
    """Reject a proposal, or accept it and open its tender. Raises what `decide_on` raises."""
    proposal = await proposals.hold_proposal(uow, proposal_id)
    on = business_date(uow.business_now)
    decided = decide_on(proposal, command.decision, command.reason, by, on, new_id())
    uow.announce(*decided.news)
    await uow.write(
        *proposals.saving([decided.proposal], uow.now),
        *(tenders.adding(decided.tender) if decided.tender else ()),
    )
    return decided.proposal


async def enter_award(tender_id: UUID, command: EnterAward, by: UUID, uow: UnitOfWork) -> Tender:
    """Enter a tender's result. Raises Invalid (`award_party_unknown`) for who is not known here,
    and what `Tender.enter_award` raises.
    """
    award = command.award()
    known = await tenders.hold_tender(uow, tender_id)
    unknown = await tenders.unknown(uow, award)
    tender, event = known.enter_award(award, by, business_date(uow.business_now))
    refuse_unknown(award, unknown)
    uow.announce(event)
    await uow.write(*tenders.saving(tender))
    return tender


async def cancel_tender(
    tender_id: UUID, command: CancelTender, by: UUID, uow: UnitOfWork
) -> Tender:
    """End a tender without a result; its groups may be proposed again."""
    known = await tenders.hold_tender(uow, tender_id)
    tender, event = known.cancel(command.reason, by)
    uow.announce(event)
    await uow.write(*tenders.saving(tender))
    return tender


async def correct_group(command: CorrectGroup, by: UUID, uow: UnitOfWork) -> Correction:
    """Merge a group into another, or split one article off; catalog carries it out."""
    known = await corrections.hold_corrections(uow)
    group = command.to_group or f"rev:{new_id()}"
    review = Review(command.source, group, command.reason, by, uow.now, new_id())
    correction, event = correct(known, review)
    uow.announce(event)
    await uow.write(*corrections.saving(correction))
    return correction


async def withdraw_correction(
    correction_id: UUID, command: WithdrawCorrection, by: UUID, uow: UnitOfWork
) -> Correction:
    """Take a correction back. Raises NotFound (`correction_unknown`)."""
    known = await corrections.hold_corrections(uow)
    standing = require_correction(known, correction_id)
    correction, event = standing.withdraw(command.reason, by, uow.now)
    uow.announce(event)
    await uow.write(*corrections.saving(correction))
    return correction
