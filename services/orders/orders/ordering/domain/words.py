"""Where an order stands, in German."""

from collections.abc import Mapping

from marktbund.errors import Conflict

STATUS_WORDS: Mapping[str, str] = {
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


def not_possible(status: str) -> Conflict:
    """The refusal (`order_state`) of a step that an order's state has not."""
    words = STATUS_WORDS[status]
    title = "In diesem Stand nicht möglich"
    return Conflict(
        "order_state", title, f"Stand der Bestellung: {words}.", way_out="Bitte neu laden."
    )
