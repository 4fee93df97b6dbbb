"""GTIN-13 numbers for articles that do not exist."""

import hashlib
import re

# GS1 assigns 200-299 to no company: they are restricted circulation numbers, free for use inside
# one organisation. A demo article can therefore never carry a real product's number.
RESTRICTED_PREFIX = "2"

_GTIN_13 = re.compile(r"[0-9]{13}")


def check_digit(body: str) -> str:
    """The last digit of a GTIN-13, from its first twelve.

    Raises ValueError unless the body has twelve digits.
    """
    if len(body) != 12 or not body.isdecimal():
        raise ValueError(f"not twelve digits: {body!r}")
    weighted = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return str(-weighted % 10)


def is_valid(gtin: str) -> bool:
    """Whether a text has thirteen digits and the last is the right check digit."""
    return bool(_GTIN_13.fullmatch(gtin)) and check_digit(gtin[:12]) == gtin[12]


def restricted_gtin(identity: str) -> str:
    """A GTIN-13 out of the restricted range; the same identity always has the same number."""
    digest = hashlib.sha256(identity.encode("utf-8")).digest()
    body = RESTRICTED_PREFIX + f"{int.from_bytes(digest) % 10**11:011d}"
    return body + check_digit(body)
