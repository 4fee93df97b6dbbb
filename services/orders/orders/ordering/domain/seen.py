"""The sum a person saw travels with the click: at another one nothing is ordered."""

from collections.abc import Sequence
from decimal import Decimal

from marktbund.contracts.orders import OrderLine
from marktbund.german import euro_words
from orders.ground.domain.reasons import Reason


def against_seen(seen_net_total: Decimal | None, lines: Sequence[OrderLine]) -> Reason | None:
    """Why lines are not what was seen: `price_changed`. seen_net_total: net EUR of the lines as
    they were shown; None: nothing was shown.
    """
    total = _total(lines)
    if seen_net_total is None or seen_net_total == total:
        return None
    return Reason(
        "price_changed",
        "Die Preise haben sich geändert",
        f"Angezeigt waren {euro_words(seen_net_total)} netto, jetzt sind es {euro_words(total)}.",
        "Bitte die neue Summe prüfen und noch einmal absenden.",
        "seen_net_total",
    )


def require_seen(seen_net_total: Decimal | None, lines: Sequence[OrderLine]) -> None:
    """Raises Conflict (`price_changed`) with the sum and the lines of now, as `net_total` and
    `lines`; see `against_seen`.
    """
    reason = against_seen(seen_net_total, lines)
    if reason is not None:
        refusal = reason.conflict()
        refusal.extra = {
            "net_total": f"{_total(lines):.2f}",
            "lines": [line.model_dump(mode="json") for line in lines],
        }
        raise refusal


def _total(lines: Sequence[OrderLine]) -> Decimal:
    return sum((line.net_amount for line in lines), Decimal(0))
