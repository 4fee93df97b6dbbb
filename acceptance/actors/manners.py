"""How requesters and suppliers of a stream behave: what the replay asks, and both streams' answers.

Scms: drawn from the documents. Retail: the data themselves say what came back, and a supplier's
answer takes it off the order.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from acceptance.actors.conduct import CancelReason, Conduct, cancellation, conduct
from acceptance.dataset.purchases import DemoOrder
from acceptance.ledger.journal import Fetched, Ordered
from acceptance.ledger.lines import Word


class Manners(Protocol):
    """What the simulated people of a stream do."""

    def takes_back(self, order: DemoOrder) -> CancelReason | None:
        """Why the requester cancels an order at once; None where it stands."""

    def placed(self, order: Ordered) -> None:
        """Hear that an order was placed."""

    def answers(self, fetched: Fetched) -> Conduct | None:
        """How a supplier deals with a document; None: not yet, ask again."""


class Drawn:
    """Every decision drawn from what the documents say."""

    def takes_back(self, order: DemoOrder) -> CancelReason | None:
        """Three of a hundred orders."""
        return cancellation(*order.identity)

    def placed(self, order: Ordered) -> None:
        """Nothing to remember."""

    def answers(self, fetched: Fetched) -> Conduct | None:
        """Accepted, cut, promised for later or refused."""
        return conduct(fetched.vendor, fetched.placed, fetched.lines)


class Returning:
    """Orders stand; each line is accepted less what the data say came back. No goods are sent off.

    returned: row number -> quantity. A document may be fetched before its requester has the
    receipt; it waits until the order is known here.
    """

    def __init__(self, returned: Mapping[int, int]) -> None:
        self._returned = returned
        self._rows: dict[str, tuple[int, ...]] = {}

    def takes_back(self, _: DemoOrder) -> CancelReason | None:
        """Never."""
        return None

    def placed(self, order: Ordered) -> None:
        """Remember which row stands in which line."""
        self._rows[order.order_id] = tuple(line.line_id for line in order.lines)

    def answers(self, fetched: Fetched) -> Conduct | None:
        """At once and in one part: accepted, cut by the return, or refused where all came back."""
        numbers = self._rows.get(fetched.order_id)
        if numbers is None:
            return None
        words = []
        for line in fetched.lines:
            back = Decimal(self._returned.get(numbers[line.line_no - 1], 0))
            if back == line.quantity:
                words.append(Word(line.line_no, "refused"))
            elif back:
                words.append(Word(line.line_no, "changed", quantity=line.quantity - back))
            else:
                words.append(Word(line.line_no, "accepted"))
        return Conduct(0.0, 1, (tuple(words),), despatches=False)
