"""A proposed core assortment: what the team decided on it, and when it may come back.

A class has at most one proposal that is not accepted. A rejected one comes back when its evidence
has grown materially since: demand by GROWN_BY or more, or at least two members and a quarter of
them more; and its score is not lower than then. Groups that are out to tender or under its
agreement belong to no other proposal; cancelled or run out, they make a new one.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from marktbund.contracts.tender_planning import (
    DemandEvidence,
    ProposalDecided,
    ProposalStatus,
    Verdict,
)
from marktbund.errors import Conflict
from tender_planning.domain.assortments import Assessment
from tender_planning.domain.wording import counted, euro

GROWN_BY = Decimal("1.5")
_MORE_MEMBERS, _MORE_MEMBERS_SHARE = 2, 0.25
_NAMES_IN_TITLE = 3

TRANSITIONS: Mapping[str, Mapping[str, str]] = {
    "proposed": {"accept": "accepted", "reject": "rejected", "fade": "faded"},
    "rejected": {"grow": "proposed"},
    "faded": {"grow": "proposed"},
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, why, by whom, and on which evidence."""

    decision: Verdict
    reason: str
    decided_by: UUID
    decided_on: date
    evidence: DemandEvidence


@dataclass(frozen=True, slots=True)
class Proposal:
    """A core assortment proposed for a tender. version: how many decisions were announced.

    decision: the last one. returned: in German, why it came back after that, else empty.
    """

    proposal_id: UUID
    cpv_class: str
    status: ProposalStatus
    version: int
    assessment: Assessment
    decision: Decision | None = None
    returned: str = ""

    @classmethod
    def propose(cls, proposal_id: UUID, assessment: Assessment) -> Self:
        """A proposal nobody has seen yet."""
        return cls(proposal_id, assessment.evidence.cpv_class, "proposed", 0, assessment)

    @property
    def title(self) -> str:
        """The class and its largest articles."""
        groups = self.assessment.evidence.groups
        names = ", ".join(group.name for group in groups[:_NAMES_IN_TITLE])
        more = " u. a." if len(groups) > _NAMES_IN_TITLE else ""
        return f"Kernsortiment {self.cpv_class}: {names}{more}"

    def renew(self, assessment: Assessment | None) -> Self:
        """The proposal on newer evidence; None: no core is left of it."""
        if assessment is None:
            return replace(self, status="faded") if self.status == "proposed" else self
        if self.status == "rejected":
            back = self._grown(assessment)
            if not back:
                return self
            return replace(self, status="proposed", assessment=assessment, returned=back)
        return replace(self, status="proposed", assessment=assessment)

    def decide(
        self, verdict: Verdict, reason: str, by: UUID, on: date
    ) -> tuple[Self, ProposalDecided]:
        """Accept or reject. Raises Conflict (`proposal_decided`, `proposal_faded`)."""
        if self.status == "faded":
            raise Conflict(
                "proposal_faded",
                "Für diesen Vorschlag gibt es keinen Bedarf mehr",
                way_out="Er kommt von selbst wieder, wenn mehrere Mitglieder wieder bestellen.",
            )
        if self.status != "proposed":
            raise Conflict("proposal_decided", "Über diesen Vorschlag ist schon entschieden")
        decision = Decision(verdict, reason, by, on, evidence_of(self.assessment))
        event = ProposalDecided(
            version=self.version + 1,
            proposal_id=self.proposal_id,
            cpv_class=self.cpv_class,
            decision=verdict,
            reason=reason,
            decided_by=by,
            decided_on=on,
            comparable_groups=self.groups,
            evidence=decision.evidence,
        )
        return replace(self, status=verdict, version=event.version, decision=decision), event

    @property
    def groups(self) -> tuple[str, ...]:
        """Its comparable groups, by value."""
        return tuple(group.comparable_group for group in self.assessment.evidence.groups)

    def _grown(self, now: Assessment) -> str:
        then = self.decision.evidence if self.decision else evidence_of(self.assessment)
        lately, members = now.evidence.demand_net, len(now.evidence.members)
        wanted = then.members + max(_MORE_MEMBERS, math.ceil(then.members * _MORE_MEMBERS_SHARE))
        grown = lately >= GROWN_BY * then.demand_net or members >= wanted
        if not grown or now.score < Decimal(then.score):
            return ""
        more = counted(members, "Mitglied", "Mitglieder")
        return (
            f"Seit der Ablehnung gewachsen: {euro(then.demand_net)} und {then.members} Mitglieder"
            f" damals, {euro(lately)} und {more} jetzt."
        )


def evidence_of(assessment: Assessment) -> DemandEvidence:
    """The figures a decision is remembered with."""
    evidence = assessment.evidence
    return DemandEvidence(
        first_month=evidence.window.first,
        last_month=evidence.window.last,
        members=len(evidence.members),
        suppliers=len(evidence.suppliers),
        months=sum(month.demand_net > 0 for month in evidence.months),
        lines=evidence.lines,
        demand_net=evidence.demand_net,
        score=str(assessment.score),
    )


def renewed(
    known: Iterable[Proposal], assessments: Iterable[Assessment], new_ids: Iterable[UUID]
) -> list[Proposal]:
    """The proposals that change when demand was assessed anew, new ones among them.

    known: all that are not accepted.
    """
    by_class = {assessment.evidence.cpv_class: assessment for assessment in assessments}
    ids = iter(new_ids)
    changed = []
    for proposal in known:
        now = proposal.renew(by_class.pop(proposal.cpv_class, None))
        if now != proposal:
            changed.append(now)
    return changed + [Proposal.propose(next(ids), assessment) for assessment in by_class.values()]
