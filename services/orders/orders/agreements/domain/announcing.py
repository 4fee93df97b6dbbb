"""An agreement's facts as messages."""

from datetime import date
from typing import Any
from uuid import UUID

from marktbund.contracts.agreements import (
    AgreementDrafted,
    CeilingChanged,
    CeilingContent,
    EntitlementChanged,
    EntitlementContent,
    PriceChanged,
    PriceContent,
    SuccessorApproved,
    SuccessorContent,
    TermChanged,
    TermContent,
)
from marktbund.contracts.base import Message
from orders.agreements.domain.changes import Change
from orders.agreements.domain.terms import Terms

_TYPES: dict[type, type[Message]] = {
    EntitlementContent: EntitlementChanged,
    PriceContent: PriceChanged,
    CeilingContent: CeilingChanged,
    TermContent: TermChanged,
    SuccessorContent: SuccessorApproved,
}


def drafted(
    version: int, identity: dict[str, Any], terms: Terms, by: UUID, today: date
) -> AgreementDrafted:
    """The news of a draft. identity: agreement_id, tender_id and number."""
    return AgreementDrafted(
        version=version,
        title=terms.title,
        binding=terms.binding,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        later_members=terms.later_members,
        entitled=terms.entitled,
        lots=terms.lots,
        drafted_by=by,
        drafted_on=today,
        **identity,
    )


def change_news(agreement_id: UUID, version: int, change: Change) -> Message:
    """The news of an approved change, by its own type."""
    content = {name: getattr(change.content, name) for name in type(change.content).model_fields}
    del content["kind"]
    return _TYPES[type(change.content)].model_validate(
        {
            "version": version,
            "agreement_id": agreement_id,
            "change_no": change.change_no,
            "effective_on": change.effective_on,
            "basis": change.basis,
            "proposed_by": change.proposed_by,
            "approved_by": change.approved_by,
            **content,
        }
    )
