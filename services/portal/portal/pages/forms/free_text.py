"""The form of a free-text order, read: lines in words, resting on one quote of a supplier."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from portal.pages.forms.numbers import QUANTITY, QUOTED_PRICE, read_into
from portal.pages.forms.problems import Problem, read_day
from portal.words.figures import price, quantity, typed

QUOTE = ("supplier_id", "document", "quoted_on")
"""The form's fields about the quote, in the order of the form; the document is a file."""
POSITION = (
    "description",
    "article_number",
    "cpv",
    "quantity",
    "order_unit",
    "unit_price_net",
    "vat_rate",
    "wanted_on",
)
"""The form's fields of each position, in the order of the form."""
_QUOTED = ("supplier_id", "quoted_on", "document_sha256")
_CHOSEN = {"order_unit", "vat_rate"}
"""Fields that say something before anybody has typed; alone they make no position."""
MOST = 20
VAT_RATES = (("19", "19 %"), ("7", "7 %"), ("0", "0 %"))
_CPV = re.compile(r"^([0-9]{8})(-[0-9])?$")


def named(field: str, index: int) -> str:
    """A field's name in the form; from the second position on it ends with the number."""
    return field if index == 0 else f"{field}-{index + 1}"


def fields(positions: int) -> list[str]:
    """The names of all fields of a form with so many positions, in their order."""
    lines = [named(field, index) for index in range(positions) for field in POSITION]
    return [*QUOTE, *lines, "reference"]


def filled(said: Mapping[str, str], positions: int) -> list[int]:
    """Indices of the positions in which something is said, the first always; the lines' order."""
    typed = [field for field in POSITION if field not in _CHOSEN]
    return [
        index
        for index in range(positions)
        if index == 0 or any(said.get(named(field, index)) for field in typed)
    ]


def written(wanted: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
    """What stands in the form for a draft's lines, as orders tells them; None where it has no
    place for them: lines from a catalogue, several quotes, or too many.
    """
    if not 1 <= len(wanted) <= MOST or not all(one["free_text"] for one in wanted):
        return None
    quotes = {tuple(str(one["free_text"][field]) for field in _QUOTED) for one in wanted}
    if len(quotes) != 1:
        return None
    said = dict(zip(_QUOTED, quotes.pop(), strict=True)) | {"positions": str(len(wanted))}
    for index, one in enumerate(wanted):
        position = one["free_text"] | {
            "quantity": typed(one["quantity"]),
            "unit_price_net": price(one["free_text"]["unit_price_net"]).removesuffix(" €"),
            "vat_rate": quantity(one["free_text"]["vat_rate"]),
            "wanted_on": one.get("requested_delivery_date") or "",
        }
        said |= {named(field, index): str(position.get(field) or "") for field in POSITION}
    return said


def read(
    said: Mapping[str, str], positions: int, document_sha256: str
) -> dict[str, Any] | list[Problem]:
    """The order's lines and reference as orders takes them; problems where it cannot be read.

    positions: how many the form has; those left empty, but for the first, are left out.
    document_sha256: the uploaded quote; empty: none yet.
    """
    problems: list[Problem] = []
    quote = {
        "supplier_id": _said(said, "supplier_id", "Bitte wählen Sie den Lieferanten.", problems),
        "quoted_on": _day(said.get("quoted_on", ""), problems),
        "document_sha256": document_sha256,
    }
    if not document_sha256:
        problems.append(Problem("document", "Bitte laden Sie das Angebot hoch."))
    lines = []
    for index in filled(said, positions):
        position = {field: said.get(named(field, index), "") for field in POSITION}
        wrong: list[Problem] = []
        lines.append(_line(position, quote, wrong))
        problems += [Problem(named(each.field, index), each.text) for each in wrong]
    if problems:
        order = fields(positions)
        return sorted(problems, key=lambda each: order.index(each.field))
    return {"reference": said.get("reference", ""), "lines": lines}


def _line(
    position: Mapping[str, str], quote: Mapping[str, str], problems: list[Problem]
) -> dict[str, Any]:
    free = {
        **quote,
        "description": _said(position, "description", "Bitte beschreiben Sie die Ware.", problems),
        "article_number": position["article_number"],
        "order_unit": _said(position, "order_unit", "Bitte wählen Sie die Einheit.", problems),
        "unit_price_net": str(
            read_into(problems, "unit_price_net", position["unit_price_net"], QUOTED_PRICE)
        ),
        "vat_rate": position["vat_rate"] or "19",
        "cpv": _cpv(position["cpv"], problems),
    }
    ordered = read_into(problems, "quantity", position["quantity"], QUANTITY)
    line: dict[str, Any] = {"quantity": str(ordered), "free_text": free}
    if position["wanted_on"]:
        line["requested_delivery_date"] = position["wanted_on"]
    return line


def _said(said: Mapping[str, str], field: str, missing: str, problems: list[Problem]) -> str:
    if not said.get(field):
        problems.append(Problem(field, missing))
    return said.get(field, "")


def _cpv(text: str, problems: list[Problem]) -> str:
    found = _CPV.match(text)
    if found is None:
        problems.append(Problem("cpv", "Bitte geben Sie die CPV-Nummer mit acht Ziffern an."))
        return ""
    return found[1]


def _day(text: str, problems: list[Problem]) -> str:
    if read_day(text) is None:
        problems.append(Problem("quoted_on", "Bitte geben Sie den Tag des Angebots an."))
    return text
