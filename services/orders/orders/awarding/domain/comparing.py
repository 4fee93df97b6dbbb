"""Two decisions about the same order, side by side."""

from collections.abc import Iterator
from decimal import Decimal

from marktbund.contracts.routes import RouteDecision, RouteInputs
from marktbund.contracts.words import REFUSAL, WAY
from marktbund.german import euro_words

_FIELDS = {
    "outcome": "Weg",
    "refusal": "Ablehnung",
    "binding": "verbindlich",
    "decisive_net": "maßgeblicher Wert",
    "limit_net": "Wertgrenze",
    "approval_required": "Genehmigung nötig",
}
_WORDS = {**REFUSAL, **WAY}


def differs(kept: RouteDecision, again: RouteDecision) -> bool:
    """Whether the way changed: its step, what asks for it, or whether that binds."""
    return (kept.outcome, kept.binding, kept.source) != (again.outcome, again.binding, again.source)


def differences(kept: RouteDecision, again: RouteDecision) -> tuple[str, ...]:
    """What a decision made again has otherwise, sums before outcomes; empty if it is the same."""
    changes = [*_of_classes(kept.inputs, again.inputs)]
    if kept.inputs.need_before_net != again.inputs.need_before_net:
        sums = kept.inputs.need_before_net, again.inputs.need_before_net
        changes.append(_difference("Für den Bedarf beauftragt", *sums))
    for name, words in _FIELDS.items():
        values = getattr(kept, name), getattr(again, name)
        if values[0] != values[1]:
            changes.append(_difference(words, *values))
    if kept.evaluator != again.evaluator:
        changes.append(f"Auswertung: Fassung {kept.evaluator}, neu {again.evaluator}.")
    return tuple(changes)


def _of_classes(kept: RouteInputs, again: RouteInputs) -> Iterator[str]:
    for before, now in zip(kept.classes, again.classes, strict=True):
        sum_of_class = f"Summe der CPV-Klasse {before.cpv_class}"
        if before.before_net != now.before_net:
            yield _difference(sum_of_class, before.before_net, now.before_net)
        for was, is_now in zip(before.windows, now.windows, strict=True):
            if was.before_net != is_now.before_net:
                of_window = f"{sum_of_class} in {was.months} Monaten"
                yield _difference(of_window, was.before_net, is_now.before_net)


def _difference(what: str, before: object, now: object) -> str:
    return f"{what}: {_words(before)}, neu {_words(now)}."


def _words(value: object) -> str:
    if value is None:
        return "keine"
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, Decimal):
        return euro_words(value)
    return _WORDS[str(value)]
