"""Order units (UN/ECE Recommendation 20): which of them are counted and which are measured."""

from decimal import Decimal

from marktbund.german import decimal_words

MEASURED = frozenset(
    {
        *("KGM", "GRM", "MGM", "TNE", "DTN", "LBR"),
        *("MTR", "CMT", "MMT", "DMT", "KMT", "LM"),
        *("MTK", "CMK", "DMK", "HAR", "ARE"),
        *("LTR", "MLT", "CLT", "DLT", "HLT", "MTQ", "CMQ", "DMQ"),
        *("SEC", "MIN", "HUR", "DAY", "WEE", "MON", "ANN"),
        *("KWH", "MWH", "WHR", "GWH", "KWT", "JOU", "GJ"),
        *("E48", "P1"),
    }
)
"""Units that may be ordered in parts: mass, length, area, volume, time, energy, services, percent.
Every other unit is counted in whole numbers."""


def is_countable(unit: str) -> bool:
    """Whether a quantity in this unit must be a whole number: nobody delivers half a piece.

    unit: a code of UN/ECE Recommendation 20; a code not known here is counted.
    """
    return unit not in MEASURED


_WORDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("H87", "C62", "EA", "PCE", "NAR"), ("Stück", "Stück")),
    "PR": ("Paar", "Paar"),
    "SET": ("Set", "Sets"),
    "XRO": ("Rolle", "Rollen"),
    "KGM": ("kg", "kg"),
    "GRM": ("g", "g"),
    "TNE": ("t", "t"),
    "KWH": ("kWh", "kWh"),
    "MTR": ("m", "m"),
    "MTK": ("m²", "m²"),
    "MTQ": ("m³", "m³"),
    "LTR": ("l", "l"),
    "MIN": ("Minute", "Minuten"),
    "HUR": ("Stunde", "Stunden"),
    "DAY": ("Tag", "Tage"),
    "WEE": ("Woche", "Wochen"),
    "MON": ("Monat", "Monate"),
    "ANN": ("Jahr", "Jahre"),
    **dict.fromkeys(("XPK", "PK"), ("Packung", "Packungen")),
    **dict.fromkeys(("XBX", "XCT"), ("Karton", "Kartons")),
    "XBO": ("Flasche", "Flaschen"),
    "XCI": ("Kanister", "Kanister"),
    "XBJ": ("Eimer", "Eimer"),
    "XSA": ("Sack", "Säcke"),
}
_UNKNOWN = ("Einheit", "Einheiten")


def unit_words(unit: str) -> str:
    """An order unit in a German sentence; a code not known here is an "Einheit"."""
    return _WORDS.get(unit, _UNKNOWN)[0]


def quantity_words(quantity: Decimal, unit: str) -> str:
    """A quantity with its unit for a sentence: 1 Packung, 1.234,5 kg, 2 Packungen."""
    singular, plural = _WORDS.get(unit, _UNKNOWN)
    return f"{decimal_words(quantity)} {singular if quantity == 1 else plural}"
