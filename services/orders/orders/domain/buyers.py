"""Who buys: the contracting authority, the unit, and the rules that hold for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from marktbund.contracts.members import AwardingCategory
from marktbund.contracts.rule_sets import RuleSetState


@dataclass(frozen=True, slots=True)
class Buyer:
    """A member that may order. authority_id: whose values are added up; of a member that is no
    contracting authority of its own (Eigenbetrieb) its town's, whose rules hold unless it has some.
    """

    member_id: UUID
    authority_id: UUID
    rule_set: RuleSetState | None = None
    unit: tuple[UUID, Sequence[AwardingCategory]] | None = None
