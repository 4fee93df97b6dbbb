"""The German word for a code, and the portal's own words and tones beside those of contracts."""

from collections.abc import Mapping
from functools import lru_cache

import structlog

from marktbund.contracts.words import ROLE_WORDS, UNIT

_log = structlog.get_logger(__name__)
UNKNOWN = "nicht näher bezeichnet"
"""What people read for a code that has no word here yet."""

ROLES: Mapping[str, str] = {**ROLE_WORDS, "supplier": "Lieferant"}
HEALTH: Mapping[str, str] = {
    "not ready": "nicht bereit",
    "unreachable": "antwortet nicht",
}
SERVICE: Mapping[str, str] = {
    "members": "Mitglieder",
    "catalog": "Katalog",
    "orders": "Bestellungen",
    "supplier_gateway": "Lieferanten",
    "documentation": "Akten",
    "tender_planning": "Planung",
    "portal": "Portal",
}
TONE: Mapping[str, str] = {
    "placed": "info",
    "acknowledged": "info",
    "submitted": "warning",
    "awaiting_offers": "warning",
    "handed_over": "warning",
    "awarded": "success",
    "approved": "info",
    "sent_back": "warning",
    "discarded": "info",
    "answered": "success",
    "despatched": "success",
    "cancelled": "danger",
    "open": "info",
    "accepted": "success",
    "changed": "warning",
    "refused": "danger",
    "draft": "info",
    "proposed": "warning",
    "faded": "info",
    "confirmed": "info",
    "in_force": "success",
    "ended": "info",
}
ROUTE_TONE: Mapping[str, str] = {
    "direct": "success",
    "compare": "success",
    "use_agreement": "danger",
    "refused": "danger",
}


def word(words: Mapping[str, str], code: str) -> str:
    """The German word for a code; a neutral one, noted in the log, for one not known yet."""
    known = words.get(code)
    if known is not None:
        return known
    _note(code)
    return "Einheit" if words is UNIT else UNKNOWN


@lru_cache(maxsize=1000)
def _note(code: str) -> None:
    _log.warning("word_missing", code=code)
