"""Where an order stands, in German."""

from marktbund.contracts.words import ORDER
from marktbund.errors import Conflict


def not_possible(status: str) -> Conflict:
    """The refusal (`order_state`) of a step that an order's state has not."""
    words = ORDER[status]
    title = "In diesem Stand nicht möglich"
    return Conflict(
        "order_state", title, f"Stand der Bestellung: {words}.", way_out="Bitte neu laden."
    )
