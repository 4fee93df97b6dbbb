"""Why a purchase does not go on, with the way out."""

from marktbund.contracts.routes import RefusalCode, RouteDecision
from marktbund.errors import Conflict

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


def refusal(decision: RouteDecision) -> Conflict | None:
    """The refusal a decision amounts to, carrying the whole decision; None where it goes on."""
    if decision.refusal is None:
        return None
    title, field, way_out = _SAID[decision.refusal]
    return Conflict(
        decision.refusal,
        title,
        " ".join(decision.reasons),
        field=field,
        way_out=way_out,
        extra={"decision": decision.model_dump(mode="json")},
    )
