"""An offer of a supplier, and which offers of different suppliers are the same thing."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

_SEPARATORS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W\d_]{4,}")
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})
_SHORTEST_ENDING = 3


def is_gtin(text: str) -> bool:
    """Whether a text is a GTIN-8, -12, -13 or -14 with the right check digit (GS1 7.9)."""
    if len(text) not in _GTIN_LENGTHS or not (text.isascii() and text.isdecimal()):
        return False
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text[::-1]))
    return total % 10 == 0


def gtin_14(gtin: str) -> str:
    """A GTIN of any length with leading zeros, so that equal articles have equal numbers."""
    return gtin.zfill(14)


def normalised(text: str) -> str:
    """A text for comparison: compatibility forms unified, no case, umlauts kept, one space for
    whatever stands between letters and digits.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SEPARATORS.sub(" ", folded).strip()


def comparable_group(gtin: str, manufacturer: str, manufacturer_number: str, name: str) -> str:
    """The key that offers of the same thing share.

    By GTIN, else manufacturer and its number, else the normalised name.
    """
    if gtin:
        return f"gtin:{gtin_14(gtin)}"
    maker, number = normalised(manufacturer), normalised(manufacturer_number)
    if maker and number:
        return f"mfr:{maker}|{number}"
    return f"txt:{normalised(name)}"


def word_endings(text: str) -> str:
    """Every ending of every longer word, so that `Papier` finds `Kopierpapier`.

    German writes compounds as one word, and full text search looks at beginnings only.
    """
    endings: dict[str, None] = {}
    for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
        for start in range(len(word) - _SHORTEST_ENDING + 1):
            endings[word[start:]] = None
    return " ".join(endings)


@dataclass(frozen=True, slots=True)
class Offer:
    """One article as a supplier's price list offers it.

    unit_price_net: EUR without VAT per order unit (UN/ECE Rec 20, packages Rec 21 with X).
    vat_rate: per cent. delivery_days: calendar days. cpv: 8 digits. features: name and value in
    the supplier's order. Numbers of suppliers and makers are kept as sent.
    """

    article_number: str
    name: str
    description: str
    cpv: str
    gtin: str
    manufacturer: str
    manufacturer_article_number: str
    order_unit: str
    content: str
    unit_price_net: Decimal
    vat_rate: Decimal
    delivery_days: int
    minimum_quantity: Decimal
    features: tuple[tuple[str, str], ...]
    comparable_group: str = field(init=False)
    word_endings: str = field(init=False)

    def __post_init__(self) -> None:
        group = comparable_group(
            self.gtin, self.manufacturer, self.manufacturer_article_number, self.name
        )
        object.__setattr__(self, "comparable_group", group)
        object.__setattr__(self, "word_endings", word_endings(self.name))
