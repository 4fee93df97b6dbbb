"""Changes of a framework agreement: read as typed, and told in words."""

import re
from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from marktbund.contracts.agreements import (
    CeilingContent,
    Content,
    Entitlement,
    EntitlementContent,
    PriceContent,
    TermContent,
)
from marktbund.contracts.words import RAISE_GROUND
from portal.clients.bodies import (
    AskedCeilingBody,
    AskedEntitlementBody,
    CeilingContentBody,
    ChangeBody,
    ContentBody,
    EntitlementContentBody,
    PriceContentBody,
    SuccessorContentBody,
    TermContentBody,
)
from portal.domain.problems import Problem
from portal.pages.forms.fields import read_day
from portal.pages.forms.numbers import AMOUNT, CEILING, PRICE, Measure, read_into
from portal.words.codes import word
from portal.words.figures import day, money, price, quantity

Kind = Literal["mitglied", "preis", "obergrenze", "laufzeit", "nachfolger"]
TITLES: Mapping[Kind, str] = {
    "mitglied": "Mitglied eintragen oder beenden",
    "preis": "Preis ändern",
    "obergrenze": "Höchstwert oder Höchstmenge ändern",
    "laufzeit": "Laufzeit ändern",
    "nachfolger": "Nachfolgeartikel",
}
FIELDS = frozenset(
    {
        *("effective_on", "basis", "member_id", "entitled_from", "entitled_to"),
        *("unit_price_net", "lot_no", "value_net", "quantity", "raise_ground", "ends_on"),
    }
)
"""What a refusal of the service can be about."""
_CHOSEN = {"lot_no": "position", "position_no": "position", "article_id": "article"}
_CHOSEN |= {"ceiling": "value_net"}
"""What of a change is called otherwise in its form."""
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Typed = Mapping[str, str]


class AgreementNames(Protocol):
    """Who knows the members by name."""

    def member(self, member_id: str) -> str:
        """A member's name."""


def place_of(field: str, typed: Typed) -> str:
    """Where a refusal stands in the form: `content.position_no` at the choice of the position."""
    last = field.rsplit(".", 1)[-1]
    fields = (last if last in FIELDS else "", _CHOSEN.get(last, ""))
    return next((name for name in fields if name in typed), "content")


def read(kind: Kind, typed: Typed) -> ChangeBody | list[Problem]:
    """The change as orders takes it; problems where the form cannot be read."""
    basis, effective_on = typed.get("basis", ""), typed.get("effective_on", "")
    problems = [] if basis else [Problem("basis", "Bitte nennen Sie die Grundlage.")]
    _day(typed, "effective_on", problems)
    content = _READ[kind](typed, problems)
    if problems or content is None:
        return problems
    return ChangeBody(effective_on=effective_on, basis=basis, content=content)


def _entitlement(typed: Typed, problems: list[Problem]) -> ContentBody | None:
    _day(typed, "entitled_from", problems)
    if typed.get("entitled_to"):
        _day(typed, "entitled_to", problems)
    if not _ID.fullmatch(typed.get("member_id", "")):
        problems.append(Problem("member_id", "Bitte wählen Sie ein Mitglied."))
    entitlement = AskedEntitlementBody(
        member_id=typed.get("member_id", ""),
        entitled_from=typed.get("entitled_from", ""),
        entitled_to=typed.get("entitled_to") or None,
        basis=typed.get("basis", ""),
    )
    return EntitlementContentBody(kind="entitlement", entitlement=entitlement)


def _price(typed: Typed, problems: list[Problem]) -> ContentBody | None:
    at = _position(typed, problems)
    number = _number(typed, "unit_price_net", PRICE, problems)
    if at is None:
        return None
    lot_no, position_no = at
    return PriceContentBody(
        kind="price", lot_no=lot_no, position_no=position_no, unit_price_net=number
    )


def _ceiling(typed: Typed, problems: list[Problem]) -> ContentBody | None:
    limits = {
        field: _number(typed, field, measure, problems) if typed.get(field) else None
        for field, measure in (("value_net", AMOUNT), ("quantity", CEILING))
    }
    if not typed.get("value_net") and not typed.get("quantity"):
        text = "Bitte geben Sie einen Höchstwert oder eine Höchstmenge an."
        problems.append(Problem("value_net", text))
    lot_no = typed.get("lot_no", "")
    if not _is_number(lot_no):
        problems.append(Problem("lot_no", "Bitte wählen Sie ein Los."))
        return None
    return CeilingContentBody(
        kind="ceiling",
        lot_no=int(lot_no),
        ceiling=AskedCeilingBody(member_id=typed.get("member_id") or None, **limits),
        raise_ground=typed.get("raise_ground") or None,
    )


def _term(typed: Typed, problems: list[Problem]) -> ContentBody | None:
    _day(typed, "ends_on", problems)
    return TermContentBody(kind="term", ends_on=typed.get("ends_on", ""))


def _successor(typed: Typed, problems: list[Problem]) -> ContentBody | None:
    named = _ID.search(typed.get("article", "").lower())
    if named is None:
        text = "Bitte geben Sie die Adresse der Artikelseite oder die Kennung des Artikels an."
        problems.append(Problem("article", text))
    at = _position(typed, problems)
    if named is None or at is None:
        return None
    lot_no, position_no = at
    return SuccessorContentBody(
        kind="successor", lot_no=lot_no, position_no=position_no, article_id=named.group()
    )


_READ: Mapping[Kind, Callable[[Typed, list[Problem]], ContentBody | None]] = {
    "mitglied": _entitlement,
    "preis": _price,
    "obergrenze": _ceiling,
    "laufzeit": _term,
    "nachfolger": _successor,
}


def _day(typed: Typed, field: str, problems: list[Problem]) -> None:
    if read_day(typed.get(field, "")) is None:
        problems.append(Problem(field, "Bitte geben Sie einen Tag an."))


def _number(typed: Typed, field: str, measure: Measure, problems: list[Problem]) -> str:
    return str(read_into(problems, field, typed.get(field, ""), measure))


def _position(typed: Typed, problems: list[Problem]) -> tuple[int, int] | None:
    """Number of the lot and of the position in it."""
    lot, _, position = typed.get("position", "").partition("/")
    if not _is_number(lot) or not _is_number(position):
        problems.append(Problem("position", "Bitte wählen Sie eine Position."))
        return None
    return int(lot), int(position)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def sentence(content: Content, names: AgreementNames) -> str:
    """What a change does, in one sentence."""
    if isinstance(content, EntitlementContent):
        return _entitled(content.entitlement, names)
    if isinstance(content, CeilingContent):
        return _limited(content, names)
    if isinstance(content, TermContent):
        return f"Letzter Tag ist der {day(content.ends_on)}."
    at = f"Los {content.lot_no}, Position {content.position_no}"
    if isinstance(content, PriceContent):
        return f"{at}: {price(content.unit_price_net)} netto."
    return f"{at}: ein anderer Artikel, gleichwertig, gleicher Preis."


def _entitled(entitlement: Entitlement, names: AgreementNames) -> str:
    until = f" bis {day(entitlement.entitled_to)}" if entitlement.entitled_to else ""
    who = names.member(str(entitlement.member_id))
    return f"{who} ist abrufberechtigt ab {day(entitlement.entitled_from)}{until}."


def _limited(content: CeilingContent, names: AgreementNames) -> str:
    ceiling = content.ceiling
    parts = [
        f"Höchstwert {money(ceiling.value_net)}" if ceiling.value_net else "",
        f"Höchstmenge {quantity(ceiling.quantity)}" if ceiling.quantity else "",
    ]
    whose = f" für {names.member(str(ceiling.member_id))}" if ceiling.member_id else ""
    why = f" ({word(RAISE_GROUND, content.raise_ground)})" if content.raise_ground else ""
    limits = " und ".join(part for part in parts if part)
    return f"Los {content.lot_no}{whose}: {limits}{why}."
