"""The sum a person saw travels with the click: at another one nothing is ordered."""

from collections.abc import Sequence
from decimal import Decimal

from marktbund.contracts.orders import OrderLine
from marktbund.errors import Conflict
from marktbund.german import euro_words


def require_seen(seen_net_total: Decimal | None, lines: Sequence[OrderLine]) -> None:
    """Raises Conflict (`price_changed`) with the sum and the lines of now, as `net_total` and
    `lines`. seen_net_total: net EUR of the lines as they were shown; None: nothing was shown.
    """
    total = sum((line.net_amount for line in lines), Decimal(0))
    if seen_net_total is None or seen_net_total == total:
        return
    raise Conflict(
        "price_changed",
        "Die Preise haben sich geändert",
        f"Angezeigt waren {euro_words(seen_net_total)} netto, jetzt sind es {euro_words(total)}.",
        field="seen_net_total",
        way_out="Bitte die neue Summe prüfen und noch einmal absenden.",
        extra={
            "net_total": f"{total:.2f}",
            "lines": [line.model_dump(mode="json") for line in lines],
        },
    )
