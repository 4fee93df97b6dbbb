"""Where an order may stand, and what brings it on."""

from collections.abc import Mapping
from typing import Literal

Status = Literal[
    "draft",
    "submitted",
    "awaiting_offers",
    "approved",
    "placed",
    "handed_over",
    "awarded",
    "refused",
    "sent_back",
    "cancelled",
    "discarded",
]
Verb = Literal[
    "submit",
    "await_offers",
    "go_on",
    "hand_over",
    "award",
    "approve",
    "refuse",
    "send_back",
    "place",
    "cancel",
]

RELOAD = "Bitte neu laden."
STATUS_WORDS: Mapping[Status, str] = {
    "draft": "Entwurf",
    "submitted": "wartet auf Genehmigung",
    "awaiting_offers": "wartet auf Angebote",
    "approved": "genehmigt",
    "placed": "bestellt",
    "handed_over": "bei der Vergabestelle",
    "awarded": "vergeben",
    "refused": "abgelehnt",
    "sent_back": "zurückgegeben",
    "cancelled": "storniert",
    "discarded": "verworfen",
}

TRANSITIONS: Mapping[Status, Mapping[Verb, Status]] = {
    "draft": {"submit": "submitted", "cancel": "discarded"},
    "submitted": {
        "await_offers": "awaiting_offers",
        "hand_over": "handed_over",
        "approve": "approved",
        "refuse": "refused",
        "send_back": "sent_back",
        "cancel": "cancelled",
    },
    "awaiting_offers": {"go_on": "submitted", "cancel": "cancelled"},
    "approved": {"place": "placed", "cancel": "cancelled"},
    "placed": {"cancel": "cancelled"},
    "handed_over": {"award": "awarded", "cancel": "cancelled"},
    "awarded": {},
    "refused": {},
    "sent_back": {},
    "cancelled": {},
    "discarded": {},
}
"""State -> verb -> next state; README's table is checked against it."""
