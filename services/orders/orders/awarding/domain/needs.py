"""A need (Bedarf): what is bought for one purpose, estimated before its first order."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.routes import Estimate, EstimateMethod, NeedClosed, NeedKind, NeedRecorded
from marktbund.contracts.rule_sets import ContractKind
from marktbund.errors import Conflict, Invalid, NotFound

_YEAR, _FOUR_YEARS = 12, 48
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class NeedTerms:
    """How a requester describes a need. Amounts: net EUR, side costs included.

    stated_net: the whole need's value, of a recurring one twelve months'. monthly_net: of a
    recurring need or a service without end. contract_kind None: by the lines' main subject.
    """

    title: str = ""
    kind: NeedKind = "one_off"
    contract_kind: ContractKind | None = None
    stated_net: Decimal | None = None
    monthly_net: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A need of a member, with its estimate and what was ordered for it, net EUR.

    position: how many bookings make up `ordered_net`.
    """

    need_id: UUID
    member_id: UUID
    title: str
    contract_kind: ContractKind
    estimate: Estimate
    status: Literal["open", "closed"] = "open"
    ordered_net: Decimal = Decimal("0.00")
    position: int = 0
    version: int = 1

    @classmethod
    def record(
        cls,
        need_id: UUID,
        member_id: UUID,
        terms: NeedTerms,
        ordered_net: Decimal,
        contract_kind: ContractKind,
    ) -> Self:
        """Write a need down; `ordered_net` is the first order with its side costs, 0 if none."""
        kind = terms.contract_kind or contract_kind
        return cls(need_id, member_id, terms.title, kind, estimate(terms, ordered_net))

    def recorded(self, by: UUID, at: datetime, order_id: UUID | None = None) -> NeedRecorded:
        """The news that this need exists."""
        return NeedRecorded(
            version=1,
            need_id=self.need_id,
            member_id=self.member_id,
            title=self.title,
            contract_kind=self.contract_kind,
            estimate=self.estimate,
            recorded_by=by,
            recorded_at=at,
            order_id=order_id,
        )

    def book(self, net: Decimal) -> Self:
        """The need with an order more, or with one given back where `net` is negative."""
        return replace(self, ordered_net=self.ordered_net + net, position=self.position + 1)

    def noted(self) -> Self:
        """The need with a message more, which changes nothing of it."""
        return replace(self, version=self.version + 1)

    def require_open(self) -> None:
        """Raises Conflict (`need_closed`)."""
        if self.status == "closed":
            raise Conflict("need_closed", "Dieser Bedarf ist abgeschlossen", field="need_id")

    def close(self, by: UUID) -> tuple[Self, list[Message]]:
        """Let nothing more be ordered for it. Raises Conflict (`need_closed`)."""
        self.require_open()
        closed = replace(self, status="closed", version=self.version + 1)
        event = NeedClosed(
            version=closed.version,
            need_id=self.need_id,
            member_id=self.member_id,
            ordered_net=self.ordered_net,
            closed_by=by,
        )
        return closed, [event]


def require_need(need: Need | None) -> Need:
    """A need that is known. Raises NotFound (`need_unknown`), also for another member's."""
    if need is None:
        raise NotFound("need_unknown", "Diesen Bedarf gibt es nicht", field="need_id")
    return need


def estimate(terms: NeedTerms, ordered_net: Decimal) -> Estimate:
    """The value before the first order (§ 3 VgV), net EUR; never below that order itself.

    Raises Invalid (`estimate_missing`) for a recurring need without a value.
    """
    if terms.kind == "one_off":
        stated = terms.stated_net
        method: EstimateMethod = "sum_of_lines" if stated is None else "stated"
        return Estimate(need_kind=terms.kind, method=method, net=max(stated or _ZERO, ordered_net))
    months = _YEAR if terms.kind == "recurring" else _FOUR_YEARS
    method = "twelve_months" if terms.kind == "recurring" else "forty_eight_months"
    if terms.monthly_net is not None:
        value = terms.monthly_net * months
    elif terms.stated_net is not None and terms.kind == "recurring":
        value = terms.stated_net
    else:
        raise Invalid(
            "estimate_missing",
            "Der Bedarf ist nicht geschätzt",
            "Ein wiederkehrender Bedarf braucht einen Monatswert oder den Wert von zwölf Monaten, "
            "eine Leistung ohne Ende einen Monatswert.",
            field="need.monthly_net",
        )
    return Estimate(need_kind=terms.kind, method=method, net=max(value, ordered_net))
