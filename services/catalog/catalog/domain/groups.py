"""Which offers of different suppliers are the same thing: the key they share.

By GTIN, else manufacturer and its number, else the normalised description. Two articles taken
for one spoil prices, limits and tenders; two that were not recognised only miss a merge, which
a reviewer can add. So every doubtful step keeps articles apart.
"""

import hashlib
import re
import unicodedata
from decimal import Decimal

_SEPARATORS = re.compile(r"[\W_]+")
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})
_LONGEST_KEY = 200
_FEWEST_WORDS = 2
_LONGEST_NUMBER = 12

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "_": " "})
_MARKS = str.maketrans({"®": " ", "™": " ", "©": " "})
# A comma before three digits may part thousands or decimals: such a number stays as it is.
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)(?!\d{3}(?!\d))")
_TOKEN = re.compile(r"(?:(?<!\w)-(?=\d))?\w+(?:(?<=\d)[.,/-](?=\d)\w+)*|[^\w\s]")
_AMBIGUOUS = re.compile(r"[.,]\d{3}(?!\d)|[.,].*[.,]")
_UNITS = {
    **dict.fromkeys(("gm2", "g m2", "gr m2", "g qm"), "gm2"),
    **dict.fromkeys(("m2", "qm"), "m2"),
    **dict.fromkeys(("mg", "milligramm"), "mg"),
    **dict.fromkeys(("g", "gr", "gramm"), "g"),
    **dict.fromkeys(("kg", "kilogramm"), "kg"),
    **dict.fromkeys(("ml", "milliliter"), "ml"),
    **dict.fromkeys(("cl", "zentiliter"), "cl"),
    **dict.fromkeys(("l", "ltr", "liter"), "l"),
    **dict.fromkeys(("mm", "millimeter"), "mm"),
    **dict.fromkeys(("cm", "zentimeter"), "cm"),
    **dict.fromkeys(("m", "meter"), "m"),
    **dict.fromkeys(("stk", "st", "stck", "stueck"), "stk"),
    **dict.fromkeys(("bl", "blatt"), "blatt"),
}
_IN_SMALLER = {
    "kg": ("g", 1000),
    "l": ("ml", 1000),
    "cl": ("ml", 10),
    "m": ("mm", 1000),
    "cm": ("mm", 10),
}
_NAMED_UNITS = "|".join(sorted(_UNITS, key=len, reverse=True))
_MEASURE = re.compile(rf"(?<!\S)(\d+(?:[.,]\d+)*) ?({_NAMED_UNITS})(?!\S)")
_PACK_OF = re.compile(r"(?<!\S)(\d+) ?er (?:pack|packung|pckg|pck)(?!\S)")
_OF_PACK = re.compile(
    r"(?<!\S)(?:pack|packung|pckg|pck|ve)(?: (?:a|à|mit|zu|von|=))? ?(\d+)(?: ?stk)?(?!\S)"
)
_TIMES = re.compile(r"(?<=\d) ?[x×*] ?(?=\d)")
_DIN_FORMAT = re.compile(r"(?<!\S)din (?=[abc]\d)")


def is_gtin(text: str) -> bool:
    """Whether a text is a GTIN-8, -12, -13 or -14 with the right check digit (GS1 7.9)."""
    if len(text) not in _GTIN_LENGTHS or not (text.isascii() and text.isdecimal()):
        return False
    total = sum(
        int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(text[::-1])
    )
    return total % 10 == 0


def gtin_14(gtin: str) -> str:
    """A GTIN of any length with leading zeros, so that equal articles have equal numbers."""
    return gtin.zfill(14)


def is_worldwide(gtin: str) -> bool:
    """Whether a valid GTIN means the same article everywhere.

    Not so restricted circulation numbers, which any shop gives itself (GS1 General Specifications
    1.4.2: prefixes 020-029, 040-049, 200-299, GTIN-8 from 0 or 2), coupons (980-999) and zeros.
    """
    full = gtin_14(gtin)
    if not full.startswith("000000"):
        return full[1:3] not in {"02", "04", "98", "99"} and full[1] != "2"
    return full[6] not in "02"


def normalised(text: str) -> str:
    """A maker's name or number for comparison: compatibility forms unified, no case, one space
    for whatever stands between letters and digits.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SEPARATORS.sub(" ", folded).strip()


def described(text: str) -> str:
    """A description for comparison: case, umlauts, units and pack sizes written one way.

    Numbers, decimals, signs, fractions and symbols (+, %) are kept, the order of words too.
    Only unambiguous measures are converted: 0,5 l = 500 ml, but 1.000 ml stays.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_MARKS)).casefold()
    folded = unicodedata.normalize("NFKC", folded).translate(_UMLAUTS)
    seen, written = "", _DECIMAL_COMMA.sub(".", folded)
    while written != seen:
        seen, written = written, _written_one_way(written)
    return written


def _written_one_way(text: str) -> str:
    words = " ".join(token for token in _TOKEN.findall(text) if _tells(token))
    words = _MEASURE.sub(lambda measured: _measure(measured[1], _UNITS[measured[2]]), words)
    for pattern in (_PACK_OF, _OF_PACK):
        words = pattern.sub(r"pack\1", words)
    return _DIN_FORMAT.sub("", _TIMES.sub("x", words))


def _tells(sign: str) -> bool:
    single = len(sign) == 1 and not sign.isalnum()
    return not single or sign in "%*" or unicodedata.category(sign)[0] == "S"


def _measure(number: str, unit: str) -> str:
    if len(number) > _LONGEST_NUMBER or _AMBIGUOUS.search(number) or unit not in _IN_SMALLER:
        return f"{number}{unit}"
    smaller, factor = _IN_SMALLER[unit]
    plain = format((Decimal(number) * factor).normalize(), "f")
    return f"{plain}{smaller}"


def comparable_group(
    gtin: str, manufacturer: str, manufacturer_number: str, description: str
) -> str:
    """The key that offers of the same thing share.

    By GTIN where it is known everywhere, else manufacturer and its number, else `description`,
    which is a key made by `description_key`.
    """
    if gtin and is_worldwide(gtin):
        return f"gtin:{gtin_14(gtin)}"
    maker, number = normalised(manufacturer), normalised(manufacturer_number)
    if maker and number:
        return _bounded(f"mfr:{maker}|{number}")
    return _bounded(f"txt:{description}")


def description_key(name: str, description: str, content: str, order_unit: str) -> str:
    """What a description says to compare: its words, what a unit holds, the order unit.

    A name of a single word ("Handschuhe") says too little; then the description counts as well.
    """
    words = described(name)
    if len(words.split()) < _FEWEST_WORDS:
        words = described(f"{name} {description}")
    held = described(content)
    return "|".join((words, "" if held == "1stk" else held, order_unit))


def _bounded(key: str) -> str:
    # Keys of any length become parts of indexes elsewhere, which end at 2,700 bytes.
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[:100]}#{hashlib.sha256(key.encode()).hexdigest()}"
