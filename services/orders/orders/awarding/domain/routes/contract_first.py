"""Contract first (Vorrang Rahmenvertrag): how binding an agreement is decides what it does."""

from collections.abc import Sequence

from marktbund.contracts.routes import AgreementHint


def must_use(agreements: Sequence[AgreementHint]) -> AgreementHint | None:
    """The agreement that stops the purchase: exclusive, entitled, with room left."""
    return next(
        (hint for hint in agreements if hint.binding == "exclusive" and _usable(hint)), None
    )


def could_use(agreements: Sequence[AgreementHint]) -> AgreementHint | None:
    """The open agreement a purchase beside it needs a reason for."""
    return next((hint for hint in agreements if hint.binding == "open" and _usable(hint)), None)


def hints(agreements: Sequence[AgreementHint]) -> list[str]:
    """A sentence per agreement that stops nothing; each agreement once."""
    known = {hint.agreement_id: hint for hint in agreements}.values()
    return [_sentence(hint) for hint in known]


def _usable(hint: AgreementHint) -> bool:
    return hint.entitled and not hint.exhausted


def _sentence(hint: AgreementHint) -> str:
    if not hint.entitled:
        return f"Rahmenvertrag {hint.number}: dieses Mitglied ist nicht abrufberechtigt."
    if hint.exhausted:
        return f"Rahmenvertrag {hint.number}: die Höchstmenge ist ausgeschöpft."
    return f"Rahmenvertrag {hint.number} führt vergleichbare Artikel; ein Abruf ist möglich."
