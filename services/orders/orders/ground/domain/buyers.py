"""Who buys: the contracting authority, the unit, and the rules that hold for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from marktbund.contracts.members import AwardingCategory
from marktbund.contracts.rule_sets import RuleSetState
from orders.ground.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Buyer:
    """A member that may order. authority_id: whose values are added up; of a member that is no
    contracting authority of its own (Eigenbetrieb) its town's, whose rules hold unless it has some.
    active: whether the member may order at all; unit_known: whether the unit named is one of its
    units (true where none is named).
    """

    member_id: UUID
    authority_id: UUID
    rule_set: RuleSetState | None = None
    unit: tuple[UUID, Sequence[AwardingCategory]] | None = None
    active: bool = True
    unit_known: bool = True

    def hindrances(self) -> Iterator[Reason]:
        """Why nothing can be ordered today: `member_not_active`, `unit_unknown`."""
        if not self.active:
            yield Reason(
                "member_not_active",
                "Dieses Mitglied kann zurzeit nicht bestellen",
                "",
                "Wenden Sie sich an die Geschäftsstelle.",
                "Member",
            )
        elif not self.unit_known:
            yield Reason(
                "unit_unknown",
                "Diese Einheit gibt es nicht",
                "",
                "Bitte wählen Sie eine andere Einheit.",
                "unit_id",
            )

    def require_able(self) -> None:
        """Raises the first hindrance: Conflict (`member_not_active`), Invalid (`unit_unknown`)."""
        for reason in self.hindrances():
            raise reason.invalid() if self.active else reason.conflict()
