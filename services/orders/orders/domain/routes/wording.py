"""Reasons in German, for the requester's page and for the file."""

from decimal import Decimal

from marktbund.contracts.routes import ClassSum, RouteInputs
from orders.domain.routes.limits import Step, Verdict

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


def euros(amount: Decimal) -> str:
    """12500 as "12.500,00 EUR"."""
    swapped = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{swapped} EUR"


def estimate_reason(inputs: RouteInputs) -> str:
    """What the need was estimated at, and how."""
    return f"Schätzwert {euros(inputs.estimate.net)} netto ({_METHODS[inputs.estimate.method]})."


def sum_reason(verdict: Verdict, inputs: RouteInputs) -> str | None:
    """What was added up, where that decides; None where the estimate does."""
    if verdict.value_net <= inputs.estimate.net:
        return None
    if verdict.value_net == inputs.need_before_net + inputs.ordered_net:
        return (
            f"Für denselben Bedarf sind {euros(inputs.need_before_net)} beauftragt; "
            f"mit dieser Bestellung {euros(verdict.value_net)}."
        )
    decisive = max(inputs.classes, key=lambda one: one.before_net + one.ordered_net)
    return _class_reason(decisive, verdict)


def _class_reason(one: ClassSum, verdict: Verdict) -> str:
    last = f", zuletzt Bestellung {one.last_order_id}" if one.last_order_id else ""
    return (
        f"In {verdict.rule.window_months} Monaten sind gleichartige Leistungen (CPV-Klasse "
        f"{one.cpv_class}) für {euros(one.before_net)} beauftragt{last}; "
        f"mit dieser Bestellung {euros(verdict.value_net)}."
    )


def step_reason(verdict: Verdict) -> str:
    """Why this step: never "überschritten" where no limit is set or the rule does not bind."""
    source = verdict.rule.source
    if not verdict.rule.limits:
        if verdict.step == "direct":
            return f"Es ist keine Wertgrenze gesetzt ({source}). Der Preis wird geprüft."
        return (
            f"Es ist keine Wertgrenze gesetzt ({source}). Über {euros(_exceeded(verdict))} wird "
            "eine Angebotseinholung empfohlen; vorgeschrieben ist sie nicht."
        )
    if verdict.limit is not None:
        return f"Bis {euros(verdict.limit.up_to_net)}: {STEPS[verdict.step]} ({source})."
    said = "Wertgrenze" if verdict.binding else "Empfohlene Grenze"
    return (
        f"{said} von {euros(_exceeded(verdict))} überschritten ({source}): {STEPS[verdict.step]}."
    )


def _exceeded(verdict: Verdict) -> Decimal:
    return verdict.exceeded_net or Decimal(0)
