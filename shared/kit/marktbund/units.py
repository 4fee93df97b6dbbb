"""Order units (UN/ECE Recommendation 20): which of them are counted and which are measured."""

from decimal import Decimal

from marktbund.contracts.words import UNIT
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


_PLURALS = {
    "Set": "Sets",
    "Seite": "Seiten",
    "laufender Meter": "laufende Meter",
    "Sekunde": "Sekunden",
    "Minute": "Minuten",
    "Stunde": "Stunden",
    "Tag": "Tage",
    "Woche": "Wochen",
    "Monat": "Monate",
    "Jahr": "Jahre",
    "Leistung": "Leistungen",
    "Packung": "Packungen",
    "Karton": "Kartons",
    "Kiste": "Kisten",
    "Kasten": "Kästen",
    "Flasche": "Flaschen",
    "Dose": "Dosen",
    "Tube": "Tuben",
    "Sack": "Säcke",
    "Rolle": "Rollen",
    "Palette": "Paletten",
    "Fass": "Fässer",
    "Bund": "Bunde",
    "Einheit": "Einheiten",
}
"""Words of units that are others for more than one; the rest stay as they are."""
_UNCOUNTED = frozenset({"CEN", "MIL", "LS"})
"""Units whose words follow no number: "100 Stück", "pauschal"."""
_UNKNOWN = "Einheit"


def unit_words(unit: str) -> str:
    """An order unit in a German sentence; a code not known here is an "Einheit"."""
    return UNIT.get(unit, _UNKNOWN)


def quantity_words(quantity: Decimal, unit: str) -> str:
    """A quantity with its unit for a sentence: 1 Packung, 1.234,5 kg, 2 Packungen."""
    word = _UNKNOWN if unit in _UNCOUNTED else unit_words(unit)
    return f"{decimal_words(quantity)} {word if quantity == 1 else _PLURALS.get(word, word)}"
