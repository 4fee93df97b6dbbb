"""An offer of a supplier, with what search and comparison need of it."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.domain.groups import comparable_group, description_key

_WORD = re.compile(r"[^\W\d_]{4,}")
_SHORTEST_ENDING = 3


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
    the supplier's order. Numbers of suppliers and makers are kept as sent. quantity_interval:
    what is ordered is a multiple of it, None: any quantity from the minimum on.
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
    quantity_interval: Decimal | None = None
    comparable_group: str = field(init=False)
    word_endings: str = field(init=False)

    def __post_init__(self) -> None:
        key = description_key(self.name, self.description, self.content, self.order_unit)
        group = comparable_group(
            self.gtin, self.manufacturer, self.manufacturer_article_number, key
        )
        object.__setattr__(self, "comparable_group", group)
        object.__setattr__(self, "word_endings", word_endings(self.name))
