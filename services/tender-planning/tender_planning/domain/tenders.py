"""A tender: opened from an accepted proposal with a draft specification, ended by hand.

The procedure itself runs in the award office's own system. What comes back is its result, from
which orders drafts the framework agreement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self
from uuid import UUID

from marktbund.contracts.tender_planning import (
    AwardedLot,
    DemandEvidence,
    DraftLot,
    EntitledMember,
    TenderAwarded,
    TenderCancelled,
    TenderOpened,
)
from marktbund.errors import Conflict, Invalid
from tender_planning.domain.drafts import draft
from tender_planning.domain.proposals import Proposal, evidence_of

TRANSITIONS: Mapping[str, Mapping[str, str]] = {
    "open": {"award": "awarded", "cancel": "cancelled"},
}

TenderStatus = Literal["open", "awarded", "cancelled"]


@dataclass(frozen=True, slots=True)
class Award:
    """A tender's result. binding: exclusive stops spot orders for its articles, open asks why."""

    awarded_on: date
    binding: Literal["exclusive", "open"]
    starts_on: date
    ends_on: date
    entitled: tuple[EntitledMember, ...]
    lots: tuple[AwardedLot, ...]


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

    def enter_award(self, award: Award, by: UUID) -> tuple[Self, TenderAwarded]:
        """Enter the result. Raises Conflict (`tender_closed`) and Invalid (`award_invalid`)."""
        self._refuse_closed()
        _refuse(award, set(self.comparable_groups))
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


def _refuse(award: Award, groups: set[str]) -> None:
    members = [each.member_id for each in award.entitled]
    numbers = [lot.lot_no for lot in award.lots]
    positions = [position for lot in award.lots for position in lot.positions]
    places = [(lot.lot_no, each.position_no) for lot in award.lots for each in lot.positions]
    unknown = next((each for each in positions if each.comparable_group not in groups), None)
    checks = (
        (award.ends_on < award.starts_on, "ends_on", "Das Ende liegt vor dem Beginn."),
        (award.starts_on < award.awarded_on, "starts_on", "Der Beginn liegt vor dem Zuschlag."),
        (_repeats(members), "entitled", "Ein Mitglied ist doppelt genannt."),
        (_repeats(numbers), "lots", "Eine Losnummer ist doppelt vergeben."),
        (_repeats(places), "lots", "Eine Positionsnummer ist in ihrem Los doppelt vergeben."),
        (
            any(each.entitled_from > award.ends_on for each in award.entitled),
            "entitled",
            "Ein Mitglied wäre erst nach dem Ende abrufberechtigt.",
        ),
        (
            any(lot.ceiling_quantity and _units(lot) > 1 for lot in award.lots),
            "lots",
            "Eine Höchstmenge braucht eine einzige Bestelleinheit in ihrem Los.",
        ),
        (
            unknown is not None,
            "lots",
            f"Nicht ausgeschrieben war: {unknown and unknown.comparable_group}.",
        ),
    )
    for wrong, field, detail in checks:
        if wrong:
            raise Invalid("award_invalid", "Der Zuschlag ist so nicht möglich", detail, field=field)


def _units(lot: AwardedLot) -> int:
    return len({position.order_unit for position in lot.positions})


def _repeats(values: Sequence[object]) -> bool:
    return len(set(values)) != len(values)
