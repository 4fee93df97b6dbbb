"""Why a purchase does not go on, with the way out."""

from marktbund.contracts.routes import RefusalCode, RouteDecision
from marktbund.errors import Conflict
from orders.ground.domain.reasons import Reason

_SAID: dict[RefusalCode, tuple[str, str, str]] = {
    "use_agreement": (
        "Rahmenvertrag nutzen",
        "lines",
        "Bitte rufen Sie aus dem Rahmenvertrag ab.",
    ),
    "reason_missing": (
        "Grund neben dem Rahmenvertrag fehlt",
        "reason_beside_agreement",
        "Bitte aus dem Rahmenvertrag abrufen oder einen Grund angeben.",
    ),
    "comparison_insufficient": (
        "Zu wenige vergleichbare Angebote",
        "lines",
        (
            "Fügen Sie ein Angebot von außerhalb bei, oder lassen Sie die Vergabestelle mit "
            "Begründung freigeben."
        ),
    ),
}


def reason_against(decision: RouteDecision) -> Reason | None:
    """Why a decision does not let a purchase go on; None where it does."""
    if decision.refusal is None:
        return None
    title, field, way_out = _SAID[decision.refusal]
    return Reason(decision.refusal, title, " ".join(decision.reasons), way_out, field)


def refusal(decision: RouteDecision) -> Conflict | None:
    """The refusal a decision amounts to, carrying the whole decision; None where it goes on."""
    reason = reason_against(decision)
    if reason is None:
        return None
    return Conflict(
        reason.code,
        reason.title,
        reason.detail,
        field=reason.field,
        way_out=reason.way_out,
        extra={"decision": decision.model_dump(mode="json")},
    )
