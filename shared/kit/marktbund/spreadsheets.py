"""Texts that a spreadsheet must not run: whatever begins like a formula is text with a quote."""

import unicodedata

_FORMULA_SIGNS = frozenset("=+-@")


def disarmed(text: str) -> str:
    """The text as a cell that no spreadsheet runs (OWASP CSV injection).

    Programs drop blanks and controls before a sign and read its wide and small forms (U+FF1D,
    U+FE66 and the like) as the sign itself: those are disarmed, too.
    """
    first = next((letter for letter in text if _is_seen(letter)), "")
    signs = set(unicodedata.normalize("NFKC", first)) | {_minus(first)}
    armed = bool(signs & _FORMULA_SIGNS) or text[:1] in {"\t", "\r", "\n"}
    return f"'{text}" if armed else text


def _is_seen(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter) not in {"Cc", "Cf", "Zl", "Zp"}


def _minus(letter: str) -> str:
    return "-" if letter == "\u2212" else letter
