"""Changes of a framework agreement: read as typed, and told in words."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from marktbund.contracts.words import RAISE_GROUND
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
Content = dict[str, object]


class AgreementNames(Protocol):
    """Who knows the members by name."""

    def member(self, member_id: str) -> str:
        """A member's name."""


def place_of(field: str, typed: Typed) -> str:
    """Where a refusal stands in the form: `content.position_no` at the choice of the position."""
    last = field.rsplit(".", 1)[-1]
    fields = (last if last in FIELDS else "", _CHOSEN.get(last, ""))
    return next((name for name in fields if name in typed), "content")


def read(kind: Kind, typed: Typed) -> dict[str, object] | list[Problem]:
    """The change as orders takes it; problems where the form cannot be read."""
    problems = [] if typed.get("basis") else [Problem("basis", "Bitte nennen Sie die Grundlage.")]
    _day(typed, "effective_on", problems)
    content = _READ[kind](typed, problems)
    return problems or {
        "effective_on": typed["effective_on"],
        "basis": typed["basis"],
        "content": content,
    }


def _entitlement(typed: Typed, problems: list[Problem]) -> Content:
    _day(typed, "entitled_from", problems)
    if typed.get("entitled_to"):
        _day(typed, "entitled_to", problems)
    if not _ID.fullmatch(typed.get("member_id", "")):
        problems.append(Problem("member_id", "Bitte wählen Sie ein Mitglied."))
    entitlement = {
        "member_id": typed.get("member_id", ""),
        "entitled_from": typed.get("entitled_from", ""),
        "entitled_to": typed.get("entitled_to") or None,
        "basis": typed.get("basis", ""),
    }
    return {"kind": "entitlement", "entitlement": entitlement}


def _price(typed: Typed, problems: list[Problem]) -> Content:
    return {
        "kind": "price",
        **_place(typed, problems),
        "unit_price_net": _number(typed, "unit_price_net", PRICE, problems),
    }


def _ceiling(typed: Typed, problems: list[Problem]) -> Content:
    ceiling = {
        "member_id": typed.get("member_id") or None,
        "value_net": _number(typed, "value_net", AMOUNT, problems)
        if typed.get("value_net")
        else None,
        "quantity": _number(typed, "quantity", CEILING, problems)
        if typed.get("quantity")
        else None,
    }
    if not typed.get("value_net") and not typed.get("quantity"):
        text = "Bitte geben Sie einen Höchstwert oder eine Höchstmenge an."
        problems.append(Problem("value_net", text))
    if not _is_number(typed.get("lot_no", "")):
        problems.append(Problem("lot_no", "Bitte wählen Sie ein Los."))
        return {}
    return {
        "kind": "ceiling",
        "lot_no": int(typed["lot_no"]),
        "ceiling": ceiling,
        "raise_ground": typed.get("raise_ground") or None,
    }


def _term(typed: Typed, problems: list[Problem]) -> Content:
    _day(typed, "ends_on", problems)
    return {"kind": "term", "ends_on": typed.get("ends_on", "")}


def _successor(typed: Typed, problems: list[Problem]) -> Content:
    found = _ID.search(typed.get("article", "").lower())
    if found is None:
        text = "Bitte geben Sie die Adresse der Artikelseite oder die Kennung des Artikels an."
        problems.append(Problem("article", text))
    article = found.group() if found else ""
    return {"kind": "successor", **_place(typed, problems), "article_id": article}


_READ: Mapping[Kind, Callable[[Typed, list[Problem]], Content]] = {
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


def _place(typed: Typed, problems: list[Problem]) -> dict[str, int]:
    lot, _, position = typed.get("position", "").partition("/")
    if not _is_number(lot) or not _is_number(position):
        problems.append(Problem("position", "Bitte wählen Sie eine Position."))
        return {}
    return {"lot_no": int(lot), "position_no": int(position)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def told(content: Mapping[str, Any], names: AgreementNames) -> str:
    """What a change does, in one sentence."""
    return _TOLD[content["kind"]](content, names)


def _told_entitlement(content: Mapping[str, Any], names: AgreementNames) -> str:
    told = content["entitlement"]
    until = f" bis {day(told['entitled_to'])}" if told.get("entitled_to") else ""
    who = names.member(told["member_id"])
    return f"{who} ist abrufberechtigt ab {day(told['entitled_from'])}{until}."


def _told_ceiling(content: Mapping[str, Any], names: AgreementNames) -> str:
    ceiling = content["ceiling"]
    parts = [
        f"Höchstwert {money(ceiling['value_net'])}" if ceiling.get("value_net") else "",
        f"Höchstmenge {quantity(ceiling['quantity'])}" if ceiling.get("quantity") else "",
    ]
    whose = f" für {names.member(ceiling['member_id'])}" if ceiling.get("member_id") else ""
    ground = content.get("raise_ground")
    why = f" ({word(RAISE_GROUND, ground)})" if ground else ""
    limits = " und ".join(part for part in parts if part)
    return f"Los {content['lot_no']}{whose}: {limits}{why}."


def _at(content: Mapping[str, Any]) -> str:
    return f"Los {content['lot_no']}, Position {content['position_no']}"


_TOLD: Mapping[str, Callable[[Mapping[str, Any], AgreementNames], str]] = {
    "entitlement": _told_entitlement,
    "price": lambda told, _: f"{_at(told)}: {price(told['unit_price_net'])} netto.",
    "ceiling": _told_ceiling,
    "term": lambda told, _: f"Letzter Tag ist der {day(told['ends_on'])}.",
    "successor": lambda told, _: f"{_at(told)}: ein anderer Artikel, gleichwertig, gleicher Preis.",
}
