"""Contract first (Vorrang Rahmenvertrag): how binding an agreement is decides what it does."""

from collections.abc import Sequence

from marktbund.contracts.routes import AgreementHint


def must_use(agreements: Sequence[AgreementHint]) -> AgreementHint | None:
    """The agreement that stops the purchase: exclusive, entitled, with room left."""
    return next((one for one in agreements if one.binding == "exclusive" and _usable(one)), None)


def could_use(agreements: Sequence[AgreementHint]) -> AgreementHint | None:
    """The open agreement a purchase beside it needs a reason for."""
    return next((one for one in agreements if one.binding == "open" and _usable(one)), None)


def hints(agreements: Sequence[AgreementHint]) -> list[str]:
    """A sentence per agreement that stops nothing; each agreement once."""
    known = {one.agreement_id: one for one in agreements}.values()
    return [_sentence(one) for one in known]


def _usable(one: AgreementHint) -> bool:
    return one.entitled and not one.exhausted


def _sentence(one: AgreementHint) -> str:
    if not one.entitled:
        return f"Rahmenvertrag {one.number}: dieses Mitglied ist nicht abrufberechtigt."
    if one.exhausted:
        return f"Rahmenvertrag {one.number}: die Höchstmenge ist ausgeschöpft."
    return f"Rahmenvertrag {one.number} führt vergleichbare Artikel; ein Abruf ist möglich."
