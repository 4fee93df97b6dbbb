"""A framework agreement: draft -> confirmed -> in force -> ended, changed by effective date."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, Self
from uuid import UUID

from marktbund.contracts.agreements import (
    AgreementConfirmed,
    AgreementDrafted,
    AgreementEnded,
    AgreementInForce,
    AgreementStatus,
    CeilingContent,
    Content,
)
from marktbund.contracts.base import Message
from marktbund.errors import Conflict
from orders.agreements.domain.announcing import change_news, drafted
from orders.agreements.domain.ceilings import Standing, require_room_for
from orders.agreements.domain.changes import Change, applied_to, check_change
from orders.agreements.domain.reasons import four_eyes, not_possible
from orders.agreements.domain.schedule import change_of, due, replaced, require_no_other, waiting
from orders.agreements.domain.terms import Terms, check, check_complete

Verb = Literal["confirm", "start", "end", "discard"]
TRANSITIONS: Mapping[AgreementStatus, Mapping[Verb, AgreementStatus]] = {
    "draft": {"confirm": "confirmed", "discard": "ended"},
    "confirmed": {"start": "in_force", "end": "ended"},
    "in_force": {"end": "ended"},
    "ended": {},
}
"""State -> verb -> next state; README's table is checked against it."""
_BINDING = frozenset({"confirmed", "in_force"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement. version: of what applies now; announced: how many facts were told.

    drafted_by: who entered it, or who entered the award it was drafted from.
    """

    agreement_id: UUID
    tender_id: UUID | None
    number: str
    terms: Terms
    drafted_by: UUID
    status: AgreementStatus = "draft"
    changes: tuple[Change, ...] = ()
    version: int = 1
    announced: int = 1

    @classmethod
    def draft(
        cls,
        agreement_id: UUID,
        tender_id: UUID | None,
        number: str,
        terms: Terms,
        by: UUID,
        today: date,
    ) -> tuple[Self, list[Message]]:
        """Enter an agreement. Raises Invalid for terms that contradict themselves."""
        check(terms)
        made = cls(agreement_id, tender_id, number, terms, by)
        return made, [_drafted(made, today)]

    def revise(self, terms: Terms, by: UUID, today: date) -> tuple[Self, list[Message]]:
        """Replace a draft's terms; whoever does so counts as its author.

        Raises Invalid as `draft` does, and Conflict (`agreement_state`).
        """
        if self.status != "draft":
            raise not_possible(self.status)
        check(terms)
        revised = replace(self._announcing(), terms=terms, drafted_by=by)
        return revised, [_drafted(revised, today)]

    def confirm(self, by: UUID, today: date) -> tuple[Self, list[Message]]:
        """Make a draft binding; in force at once when its first day has come.

        Raises Conflict (`agreement_state`, `four_eyes`) and Invalid for incomplete terms.
        """
        confirmed = self._after("confirm")
        if by == self.drafted_by:
            raise four_eyes()
        check_complete(self.terms, today)
        event = AgreementConfirmed(
            version=confirmed.announced,
            agreement_id=self.agreement_id,
            confirmed_by=by,
            confirmed_on=today,
        )
        current, news = confirmed.advance(today)
        return current, [event, *news]

    def propose(
        self, content: Content, effective_on: date, basis: str, by: UUID, today: date
    ) -> tuple[Self, Change]:
        """Ask for a change; it needs a second person's approval and announces nothing yet.

        Raises Conflict (`agreement_state`; drafts are revised instead) and Invalid.
        """
        self._require_binding()
        check_change(self.terms, content, effective_on, today)
        change = Change(
            change_no=len(self.changes) + 1,
            effective_on=effective_on,
            basis=basis,
            content=content,
            proposed_by=by,
        )
        return replace(self, changes=(*self.changes, change)), change

    def approve(
        self, change_no: int, by: UUID, today: date, standing: Standing | None = None
    ) -> tuple[Self, list[Message]]:
        """Approve a change; it applies on its day, and from today on if that day has passed.

        standing: the ceiling the change is about, None for other changes. Raises NotFound
        (`change_unknown`), Conflict (`change_approved`, `four_eyes`, `below_consumption`,
        `change_pending`, `agreement_state`) and Invalid as `propose` does.
        """
        self._require_binding()
        change = change_of(self.changes, change_no)
        if change.approved_by is not None:
            raise Conflict("change_approved", "Diese Änderung ist schon genehmigt")
        if by == change.proposed_by:
            raise four_eyes()
        effective_on = max(change.effective_on, today)
        check_change(self.terms, change.content, effective_on, today)
        if isinstance(change.content, CeilingContent):
            require_no_other(self.changes, change.content)
            require_room_for(standing, change.content.ceiling)
        approved = change.model_copy(update={"approved_by": by, "effective_on": effective_on})
        announced = replace(self._announcing(), changes=replaced(self.changes, approved))
        event = change_news(self.agreement_id, announced.announced, approved)
        current, news = announced.advance(today)
        return current, [event, *news]

    def end(self, by: UUID, today: date) -> tuple[Self, list[Message]]:
        """No call-offs from now on; a draft is discarded. Raises Conflict (`agreement_state`)."""
        if self.status == "draft":
            return self._ended("discard", today, "discarded", by)
        return self._ended("end", today, "terminated", by)

    def advance(self, today: date) -> tuple[Self, list[Message]]:
        """Bring into effect what is due; nothing a second time."""
        current, news = self._with_due_changes(today), list[Message]()
        if current.status == "confirmed" and current.terms.starts_on <= today:
            current, started = current.start()
            news += started
        if current.status == "in_force" and current.terms.ends_on < today:
            current, expired = current.expire()
            news += expired
        return current, news

    def start(self) -> tuple[Self, list[Message]]:
        """The first day has come. Raises Conflict (`agreement_state`)."""
        started = self._after("start")
        event = AgreementInForce(
            version=started.announced,
            agreement_id=self.agreement_id,
            since=self.terms.starts_on,
        )
        return started, [event]

    def expire(self) -> tuple[Self, list[Message]]:
        """The last day is over. Raises Conflict (`agreement_state`)."""
        return self._ended("end", self.terms.ends_on, "term_over", None)

    @property
    def next_due(self) -> date | None:
        """The next day on which time alone changes something."""
        if self.status in {"draft", "ended"}:
            return None
        days = [change.effective_on for change in waiting(self.changes)]
        days.append(self.terms.ends_on + timedelta(days=1))
        if self.status == "confirmed":
            days.append(self.terms.starts_on)
        return min(days)

    def _with_due_changes(self, today: date) -> Self:
        changes = due(self.changes, today)
        if not changes or self.status not in _BINDING:
            return self
        terms, kept = self.terms, self.changes
        for change in changes:
            terms = applied_to(terms, change.content)
            kept = replaced(kept, change.model_copy(update={"applied": True}))
        return replace(self, terms=terms, changes=kept, version=self.version + 1)

    def _require_binding(self) -> None:
        if self.status not in _BINDING:
            raise not_possible(self.status)

    def _ended(
        self,
        verb: Verb,
        last_day: date,
        reason: Literal["term_over", "terminated", "discarded"],
        by: UUID | None,
    ) -> tuple[Self, list[Message]]:
        ended = self._after(verb)
        event = AgreementEnded(
            version=ended.announced,
            agreement_id=self.agreement_id,
            last_day=last_day,
            reason=reason,
            decided_by=by,
        )
        return ended, [event]

    def _announcing(self) -> Self:
        return replace(self, version=self.version + 1, announced=self.announced + 1)

    def _after(self, verb: Verb) -> Self:
        after = TRANSITIONS[self.status].get(verb)
        if after is None:
            raise not_possible(self.status)
        return replace(self._announcing(), status=after)


def _drafted(agreement: Agreement, today: date) -> AgreementDrafted:
    identity = {
        "agreement_id": agreement.agreement_id,
        "tender_id": agreement.tender_id,
        "number": agreement.number,
    }
    return drafted(agreement.announced, identity, agreement.terms, agreement.drafted_by, today)
