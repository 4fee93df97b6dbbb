"""How the simulated suppliers and requesters behave: pure, and the same in every run.

Every decision hangs on what stands in the document alone, never on ids or the clock, so that two
replays end with the same amounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR
from typing import Literal

from acceptance.dataset.assortment import Part, draw
from acceptance.ledger.lines import DocumentLine, Word

CancelReason = Literal["no_longer_needed", "ordered_by_mistake", "delivery_too_late"]

_CANCELLED_PERCENT = 3
_SLOW_PERCENT = 8
_SLOWEST_SECONDS = 3
_REASONS: tuple[CancelReason, ...] = (
    "no_longer_needed",
    "ordered_by_mistake",
    "delivery_too_late",
)


@dataclass(frozen=True, slots=True)
class Conduct:
    """What a supplier does with an order.

    pause_seconds: real time before it answers. days: business days until then. parts: its answers,
    one request each; together they cover every line once. despatches: whether goods are sent off.
    """

    pause_seconds: float
    days: int
    parts: tuple[tuple[Word, ...], ...]
    despatches: bool = True


def conduct(vendor: str, placed: date, lines: Sequence[DocumentLine]) -> Conduct:
    """How a vendor treats an order.

    In a hundred orders 78 are accepted as they are; of 8 a line is cut and of 6 promised for later;
    of 5 a line is refused and 3 are refused whole. Eight in a hundred are answered late, by then
    in two parts where there are several lines.
    """
    about: tuple[Part, ...] = (vendor, placed, *map(_content, lines))
    manner = draw(100, "manner", *about)
    chosen = draw(len(lines), "line", *about)
    words = [
        _word(line, manner, chosen=position == chosen, share=50 + draw(41, "share", *about))
        for position, line in enumerate(lines)
    ]
    if draw(100, "slow", *about) >= _SLOW_PERCENT:
        return Conduct(0.0, 1, (tuple(words),))
    seconds = 1 + draw(_SLOWEST_SECONDS, "seconds", *about)
    half = len(words) // 2
    parts = (tuple(words[:half]), tuple(words[half:])) if half else (tuple(words),)
    return Conduct(float(seconds), 7 * seconds, parts)


def _content(line: DocumentLine) -> str:
    # A service may spell 31 as 31.000; the draw must not depend on it.
    return f"{line.article_number} {line.quantity.normalize():f}"


def _word(line: DocumentLine, manner: int, *, chosen: bool, share: int) -> Word:
    if manner >= 97 or (manner >= 92 and chosen):
        return Word(line.line_no, "refused")
    if manner >= 78 and chosen:
        cut = (line.quantity * share / 100).to_integral_value(ROUND_FLOOR)
        if manner < 86 and cut > 0:
            return Word(line.line_no, "changed", quantity=cut)
        return Word(line.line_no, "changed", promised=line.requested + timedelta(days=14))
    return Word(line.line_no, "accepted", promised=line.requested)


def cancellation(*identity: str) -> CancelReason | None:
    """Why a requester takes an order back at once; None, as for 97 of 100, when it does not."""
    if draw(100, "cancelled", *identity) >= _CANCELLED_PERCENT:
        return None
    return _REASONS[draw(len(_REASONS), "reason", *identity)]
