"""A tender: opened from an accepted proposal with a draft specification, ended by hand.

The procedure itself runs in the award office's own system. What comes back is its result, from
which orders drafts the framework agreement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from marktbund.contracts.tender_planning import (
    DemandEvidence,
    DraftLot,
    ProposalDecided,
    TenderAwarded,
    TenderCancelled,
    TenderOpened,
    TenderStatus,
    Verdict,
)
from marktbund.errors import Conflict
from tender_planning.domain.awards import Award, refuse_award
from tender_planning.domain.drafts import draft
from tender_planning.domain.proposals import Proposal, evidence_of

TRANSITIONS: Mapping[str, Mapping[str, str]] = {
    "open": {"award": "awarded", "cancel": "cancelled"},
}


@dataclass(frozen=True, slots=True)
class DecidedProposal:
    """A proposal decided on, the tender it opened if it was accepted, and the news of both."""

    proposal: Proposal
    tender: "Tender | None"
    news: tuple[ProposalDecided | TenderOpened, ...]


def decide_on(
    proposal: Proposal, verdict: Verdict, reason: str, by: UUID, on: date, tender_id: UUID
) -> DecidedProposal:
    """Reject a proposal, or accept it and open its tender. tender_id: of a new one.

    Raises Conflict (`proposal_decided`, `proposal_faded`).
    """
    decided, event = proposal.decide(verdict, reason, by, on)
    if decided.status != "accepted":
        return DecidedProposal(decided, None, (event,))
    tender, opened = Tender.open(tender_id, decided, by, on)
    return DecidedProposal(decided, tender, (event, opened))


@dataclass(frozen=True, slots=True)
class Tender:
    """version: how many events were announced. members: who had demand, by value."""

    tender_id: UUID
    proposal_id: UUID
    title: str
    status: TenderStatus
    version: int
    opened_on: date
    comparable_groups: tuple[str, ...]
    members: tuple[UUID, ...]
    evidence: DemandEvidence
    lots: tuple[DraftLot, ...]
    award: Award | None = None

    @classmethod
    def open(
        cls, tender_id: UUID, proposal: Proposal, by: UUID, on: date
    ) -> tuple[Self, TenderOpened]:
        """The tender of a proposal just accepted, with a draft of what was bought."""
        evidence = proposal.assessment.evidence
        tender = cls(
            tender_id=tender_id,
            proposal_id=proposal.proposal_id,
            title=proposal.title,
            status="open",
            version=1,
            opened_on=on,
            comparable_groups=proposal.groups,
            members=tuple(share.id for share in evidence.members),
            evidence=evidence_of(proposal.assessment),
            lots=draft(evidence.groups, evidence.window.months),
        )
        event = TenderOpened(
            version=1,
            tender_id=tender_id,
            proposal_id=tender.proposal_id,
            title=tender.title,
            opened_by=by,
            opened_on=on,
            comparable_groups=tender.comparable_groups,
            members=tender.members,
            evidence=tender.evidence,
            lots=tender.lots,
        )
        return tender, event

    def enter_award(self, award: Award, by: UUID, today: date) -> tuple[Self, TenderAwarded]:
        """Enter the result. Raises Conflict (`tender_closed`) and Invalid (`award_invalid`)."""
        self._refuse_closed()
        refuse_award(award, set(self.comparable_groups), self.opened_on, today)
        event = TenderAwarded(
            version=self.version + 1,
            tender_id=self.tender_id,
            title=self.title,
            awarded_by=by,
            awarded_on=award.awarded_on,
            binding=award.binding,
            starts_on=award.starts_on,
            ends_on=award.ends_on,
            entitled=award.entitled,
            lots=award.lots,
        )
        return replace(self, status="awarded", version=event.version, award=award), event

    def cancel(self, reason: str, by: UUID) -> tuple[Self, TenderCancelled]:
        """End it without a result. Raises Conflict (`tender_closed`)."""
        self._refuse_closed()
        event = TenderCancelled(
            version=self.version + 1, tender_id=self.tender_id, cancelled_by=by, reason=reason
        )
        return replace(self, status="cancelled", version=event.version), event

    def _refuse_closed(self) -> None:
        if self.status != "open":
            raise Conflict("tender_closed", "Diese Vergabe ist schon abgeschlossen")
