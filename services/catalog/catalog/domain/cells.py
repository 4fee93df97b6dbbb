"""What may stand in a cell of a price list: text in, value out, or a reason for people."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from catalog.domain.groups import is_gtin
from marktbund.money import CURRENCY, MAX_QUANTITY

Reader = Callable[[str], Any]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"[0-9]{1,10}(\.([0-9]+))?")
_WHOLE = re.compile(r"[0-9]{1,4}")
_CPV = re.compile(r"([0-9]{8})(-[0-9])?")
_UNIT = re.compile(r"[A-Z0-9]{1,3}")
_MAX_FEATURES = 50
_MAX_DELIVERY_DAYS = 365


class CellError(ValueError):
    """A cell that cannot be taken over; `sentence` is German, for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


def _spaced(text: str) -> str:
    if _CONTROL.search(text):
        raise CellError("control_character", "Die Angabe enthält ein Steuerzeichen.")
    return " ".join(text.split())


def _text(longest: int) -> Reader:
    def read(cell: str) -> str:
        text = _spaced(cell)
        if len(text) > longest:
            raise CellError("too_long", f"Höchstens {longest} Zeichen.")
        return text

    return read


def _name(cell: str) -> str:
    text: str = _text(200)(cell)
    if not any(sign.isalnum() for sign in text):
        raise CellError("missing", "Diese Angabe fehlt.")
    return text


def _article_number(cell: str) -> str:
    # Kept as sent: the supplier's own system knows it only in this spelling.
    if not _spaced(cell):
        raise CellError("missing", "Diese Angabe fehlt.")
    if len(cell) > 60:
        raise CellError("too_long", "Höchstens 60 Zeichen.")
    return cell


def _cpv(cell: str) -> str:
    match = _CPV.fullmatch(cell.strip())
    if match is None:
        raise CellError("cpv_invalid", "Ein CPV-Code hat genau acht Ziffern.")
    return match[1]


def _gtin(cell: str) -> str:
    gtin = cell.strip()
    if gtin and not is_gtin(gtin):
        raise CellError("gtin_invalid", "Das ist keine GTIN mit gültiger Prüfziffer.")
    return gtin


def _order_unit(cell: str) -> str:
    unit = cell.strip()
    if not _UNIT.fullmatch(unit):
        raise CellError(
            "order_unit_invalid",
            "Die Bestelleinheit ist ein Code nach UN/ECE-Empfehlung 20 oder 21, etwa H87 oder XPK.",
        )
    return unit


def _number(places: int) -> Reader:
    def read(cell: str) -> Decimal:
        match = _NUMBER.fullmatch(cell.strip())
        if match is None:
            raise CellError(
                "not_a_number", "Hier wird eine Zahl mit Dezimalpunkt erwartet, etwa 4.27."
            )
        if len(match[2] or "") > places:
            raise CellError("too_many_decimals", f"Höchstens {places} Nachkommastellen.")
        return Decimal(match[0])

    return read


def _vat_rate(cell: str) -> Decimal:
    rate: Decimal = _number(2)(cell)
    if rate > 100:
        raise CellError("vat_rate_out_of_range", "Der Steuersatz liegt zwischen 0 und 100 Prozent.")
    return rate


def _minimum_quantity(cell: str) -> Decimal:
    quantity: Decimal = _number(3)(cell)
    if not 0 < quantity <= MAX_QUANTITY:
        raise CellError(
            "minimum_quantity_out_of_range",
            "Die Mindestmenge ist größer als 0 und höchstens 9.999.999.",
        )
    return quantity


def _quantity_interval(cell: str) -> Decimal | None:
    if not cell.strip():
        return None
    interval: Decimal = _number(3)(cell)
    if not 0 < interval <= MAX_QUANTITY:
        raise CellError(
            "quantity_interval_out_of_range",
            "Das Intervall ist größer als 0 und höchstens 9.999.999, oder die Zelle bleibt leer.",
        )
    return interval


def _currency(cell: str) -> str:
    if cell.strip() != CURRENCY:
        raise CellError("currency_not_supported", "Preise werden nur in EUR angenommen.")
    return CURRENCY


def _delivery_days(cell: str) -> int:
    text = cell.strip()
    if not _WHOLE.fullmatch(text) or int(text) > _MAX_DELIVERY_DAYS:
        raise CellError(
            "delivery_days_out_of_range", "Die Lieferzeit ist eine ganze Zahl von 0 bis 365 Tagen."
        )
    return int(text)


def _features(cell: str) -> tuple[tuple[str, str], ...]:
    text = _spaced(cell)
    if not text:
        return ()
    features: dict[str, str] = {}
    for pair in text.split("|"):
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (equals and name and value) or len(name) > 80 or len(value) > 200:
            raise CellError("feature_invalid", "Merkmale haben die Form Name=Wert|Name=Wert.")
        if name in features:
            raise CellError("feature_repeated", f"Das Merkmal {name} kommt zweimal vor.")
        features[name] = value
    if len(features) > _MAX_FEATURES:
        raise CellError("too_many_features", f"Höchstens {_MAX_FEATURES} Merkmale.")
    return tuple(features.items())


READERS: dict[str, Reader] = {
    "article_number": _article_number,
    "name": _name,
    "description": _text(4000),
    "cpv": _cpv,
    "gtin": _gtin,
    "manufacturer": _text(200),
    "manufacturer_article_number": _text(100),
    "order_unit": _order_unit,
    "content": _text(100),
    "unit_price_net": _number(4),
    "currency": _currency,
    "vat_rate": _vat_rate,
    "delivery_days": _delivery_days,
    "minimum_quantity": _minimum_quantity,
    "features": _features,
    "quantity_interval": _quantity_interval,
}
"""Column of a price list -> how its cells are read."""

OPTIONAL = frozenset({"quantity_interval"})
"""Columns a price list may leave out."""
