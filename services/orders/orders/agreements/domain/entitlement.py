"""Who may call off, and when: listed members only, each from its day on (§ 21 (2) VgV)."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from marktbund.german import day_words
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.terms import Terms
from orders.ground.domain.reasons import Reason

_ASK = "Bitte wenden Sie sich an die Geschäftsstelle."
_BUY = "Der Bedarf kann über den Marktplatz gedeckt werden."


def refusal_of_term(agreement: Agreement, today: date) -> Iterator[Reason]:
    """Why the agreement does not apply today; nothing if it does."""
    terms = agreement.terms
    if agreement.status == "draft":
        yield _not_in_force("Er ist noch nicht bestätigt.", _ASK)
    elif agreement.status == "ended" or terms.ends_on < today:
        yield _not_in_force(f"Er galt bis {day_words(terms.ends_on)}.", _BUY)
    elif today < terms.starts_on:
        yield _not_in_force(
            f"Er gilt ab {day_words(terms.starts_on)}.", "Bitte ab diesem Tag abrufen."
        )


def _not_in_force(detail: str, way_out: str) -> Reason:
    title = "Der Rahmenvertrag gilt heute nicht"
    return Reason("agreement_not_in_force", title, detail, way_out, "agreement_id")


def refusal_of_member(terms: Terms, member_id: UUID, today: date) -> Iterator[Reason]:
    """Why a member may not call off today; nothing if it may."""
    entry = next((entitled for entitled in terms.entitled if entitled.member_id == member_id), None)
    if entry is None:
        yield _not_listed(terms)
    elif today < entry.entitled_from:
        yield _not_entitled(
            "entitled_later",
            f"Abrufberechtigt ab {day_words(entry.entitled_from)}.",
            "Bitte ab diesem Tag abrufen.",
        )
    elif entry.entitled_to is not None and entry.entitled_to < today:
        yield _not_entitled(
            "entitlement_over", f"Abrufberechtigt bis {day_words(entry.entitled_to)}.", _BUY
        )


def _not_listed(terms: Terms) -> Reason:
    if terms.later_members:
        return _not_entitled(
            "entitlement_basis_missing",
            f"Die Bekanntmachung nennt: {terms.later_members}.",
            "Bitte an die Geschäftsstelle wenden: Wer dazugehört, ist abrufberechtigt, sobald sie "
            "die Rechtsgrundlage eingetragen hat.",
        )
    return _not_entitled(
        "not_entitled",
        "Das Mitglied steht nicht in der Liste der Abrufberechtigten (§ 21 Abs. 2 VgV).",
        _BUY,
    )


def _not_entitled(code: str, detail: str, way_out: str) -> Reason:
    return Reason(code, "Ihr Haus ist nicht abrufberechtigt", detail, way_out, "Member")
