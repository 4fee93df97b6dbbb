"""Reasons in German, for the requester's page and for the file."""

from decimal import Decimal

from marktbund.contracts.routes import RouteInputs
from marktbund.german import euro_words
from orders.awarding.domain.routes.limits import Step, Verdict, before_in

_METHODS = {
    "sum_of_lines": "Summe der Positionen samt Nebenkosten",
    "stated": "eigene Schätzung des ganzen Bedarfs",
    "twelve_months": "Wert von zwölf Monaten, § 3 Abs. 10 VgV",
    "forty_eight_months": "48-facher Monatswert, § 3 Abs. 11 VgV",
}
STEPS: dict[Step, str] = {
    "direct": "Direktauftrag",
    "compare": "Preisvergleich",
    "request": "Angebotseinholung",
    "hand_over": "Abgabe an die Vergabestelle",
}


def estimate_reason(inputs: RouteInputs) -> str:
    """What the need was estimated at, and how."""
    return (
        f"Schätzwert {euro_words(inputs.estimate.net)} netto ({_METHODS[inputs.estimate.method]})."
    )


def sum_reason(verdict: Verdict, inputs: RouteInputs) -> str | None:
    """What was added up, where that decides; None where the estimate does."""
    if verdict.value_net <= inputs.estimate.net:
        return None
    if verdict.value_net == inputs.need_before_net + inputs.ordered_net:
        return (
            f"Für denselben Bedarf sind {euro_words(inputs.need_before_net)} beauftragt; "
            f"mit dieser Bestellung {euro_words(verdict.value_net)}."
        )
    months = verdict.rule.window_months
    if months is None:
        raise LookupError("only a rule with a window adds classes up")
    decisive = max(
        inputs.classes, key=lambda bought: before_in(bought, months) + bought.ordered_net
    )
    return (
        f"In {months} Monaten sind gleichartige Leistungen (CPV-Klasse {decisive.cpv_class}) für "
        f"{euro_words(before_in(decisive, months))} beauftragt; "
        f"mit dieser Bestellung {euro_words(verdict.value_net)}."
    )


def step_reason(verdict: Verdict) -> str:
    """Why this step: never "überschritten" where no limit is set or the rule does not bind."""
    source = verdict.rule.source
    if not verdict.rule.limits:
        if verdict.step == "direct":
            return f"Es ist keine Wertgrenze gesetzt ({source}). Der Preis wird geprüft."
        return (
            f"Es ist keine Wertgrenze gesetzt ({source}). Über {_exceeded(verdict)} wird "
            "eine Angebotseinholung empfohlen; vorgeschrieben ist sie nicht."
        )
    if verdict.limit is not None:
        return f"Bis {euro_words(verdict.limit.up_to_net)}: {STEPS[verdict.step]} ({source})."
    limit = "Wertgrenze" if verdict.binding else "Empfohlene Grenze"
    return f"{limit} von {_exceeded(verdict)} überschritten ({source}): {STEPS[verdict.step]}."


def _exceeded(verdict: Verdict) -> str:
    return euro_words(verdict.exceeded_net or Decimal(0))
