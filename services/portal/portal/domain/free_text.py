"""The form of a free-text order, read: one line in words, resting on a supplier's quote."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.domain.answers import Problem
from portal.domain.figures import read_quantity

FIELDS = (
    "supplier_id",
    "description",
    "article_number",
    "quantity",
    "order_unit",
    "unit_price_net",
    "vat_rate",
    "cpv",
    "quoted_on",
    "wanted_on",
    "reference",
)
"""The form's own fields, in the order of the form."""
VAT_RATES = (("19", "19 %"), ("7", "7 %"), ("0", "0 %"))
_AMBIGUOUS = re.compile(r"^[0-9]{1,3}(\.[0-9]{3})+$")
"""1.450 is 1450 to some and 1.45 to others."""
_CPV = re.compile(r"^([0-9]{8})(-[0-9])?$")


def read(said: Mapping[str, str], document_sha256: str) -> dict[str, Any] | list[Problem]:
    """The order's line and reference as orders takes them; problems where the form cannot be read.

    document_sha256: the uploaded quote; empty: none yet.
    """
    problems: list[Problem] = []
    free = {
        "supplier_id": _said(said, "supplier_id", "Bitte wählen Sie den Lieferanten.", problems),
        "description": _said(said, "description", "Bitte beschreiben Sie die Ware.", problems),
        "article_number": said.get("article_number", ""),
        "order_unit": _said(said, "order_unit", "Bitte wählen Sie die Einheit.", problems),
        "unit_price_net": _price(said.get("unit_price_net", ""), problems),
        "vat_rate": said.get("vat_rate", "19"),
        "cpv": _cpv(said.get("cpv", ""), problems),
        "quoted_on": _day(said.get("quoted_on", ""), problems),
        "document_sha256": document_sha256,
    }
    quantity = read_quantity(said.get("quantity", ""))
    if quantity is None:
        problems.append(Problem("quantity", "Bitte geben Sie eine Menge größer als 0 an."))
    if not document_sha256:
        problems.append(Problem("document", "Bitte laden Sie das Angebot hoch."))
    if problems:
        return sorted(problems, key=_place)
    line: dict[str, Any] = {"quantity": str(quantity), "free_text": free}
    if said.get("wanted_on"):
        line["requested_delivery_date"] = said["wanted_on"]
    return {"reference": said.get("reference", ""), "lines": [line]}


def _place(problem: Problem) -> int:
    return FIELDS.index(problem.field) if problem.field in FIELDS else len(FIELDS)


def _said(said: Mapping[str, str], field: str, missing: str, problems: list[Problem]) -> str:
    if not said.get(field):
        problems.append(Problem(field, missing))
    return said.get(field, "")


def _price(text: str, problems: list[Problem]) -> str:
    if _AMBIGUOUS.match(text):
        sentence = "Bitte schreiben Sie den Preis mit Komma, etwa 1.450,00 oder 1,45."
        problems.append(Problem("unit_price_net", sentence))
        return ""
    try:
        read = Decimal(text.replace(".", "").replace(",", ".") if "," in text else text)
    except InvalidOperation:
        read = Decimal(-1)
    if not read.is_finite() or read < 0:
        problems.append(
            Problem("unit_price_net", "Bitte geben Sie den Nettopreis an, etwa 450,00.")
        )
    return str(read)


def _cpv(text: str, problems: list[Problem]) -> str:
    found = _CPV.match(text)
    if found is None:
        problems.append(Problem("cpv", "Bitte geben Sie die CPV-Nummer mit acht Ziffern an."))
        return ""
    return found[1]


def _day(text: str, problems: list[Problem]) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        problems.append(Problem("quoted_on", "Bitte geben Sie den Tag des Angebots an."))
    return text
