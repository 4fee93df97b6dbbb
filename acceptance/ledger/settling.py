"""What became of every line, worked out from the journal alone. Amounts: EUR net, to the cent."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from acceptance.ledger.journal import Journal, Ordered, SentLine
from acceptance.ledger.lines import Word

_CENT = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """Ordered, and what became of it."""

    ordered: Decimal = ZERO
    accepted: Decimal = ZERO
    refused: Decimal = ZERO
    cancelled: Decimal = ZERO
    reduced: Decimal = ZERO

    def __add__(self, other: Self) -> "LineAmounts":
        return LineAmounts(
            self.ordered + other.ordered,
            self.accepted + other.accepted,
            self.refused + other.refused,
            self.cancelled + other.cancelled,
            self.reduced + other.reduced,
        )

    @property
    def demand(self) -> Decimal:
        """What is still wanted: ordered less what was refused, cancelled or cut."""
        return self.ordered - self.refused - self.cancelled - self.reduced

    @property
    def open(self) -> Decimal:
        """Neither answered nor taken back."""
        return self.demand - self.accepted


@dataclass(frozen=True, slots=True)
class SettledLine:
    """A line of an order and its end; `settled` is false while nobody has answered it."""

    order_id: str
    line_no: int
    member_id: str
    month: str
    cpv: str
    amounts: LineAmounts
    settled: bool

    @property
    def cell(self) -> tuple[str, str, str]:
        """The cell of the demand cube it counts in: CPV class, member, month (YYYY-MM)."""
        return self.cpv[:4] + "0000", self.member_id, self.month


def total(lines: Iterable[LineAmounts]) -> LineAmounts:
    """The sum of all amounts."""
    return sum(lines, LineAmounts())


def net(quantity: Decimal, price: Decimal) -> Decimal:
    """Quantity x price, rounded half up to the cent."""
    return (quantity * price).quantize(_CENT, rounding=ROUND_HALF_UP)


def net_of(lines: Iterable[SentLine]) -> Decimal:
    """Sum of the lines, each rounded before."""
    return sum((net(line.quantity, line.price) for line in lines), Decimal(0))


def settle(journal: Journal) -> list[SettledLine]:
    """Every line sent, with what its supplier said or the requester took back.

    A supplier order counts as cancelled once its supplier was told so, whatever it answered
    before. A line answered twice takes the first word; `answered_twice` names those.
    """
    share = {
        (fetched.order_id, line.line_no): fetched.supplier_order_id
        for fetched in journal.fetched
        if fetched.document == "order"
        for line in fetched.lines
    }
    cancelled = cancelled_shares(journal)
    words = _words(journal)
    settled = []
    for order in journal.ordered:
        for line in order.lines:
            supplier_order = share.get((order.order_id, line.line_no), "")
            word = words.get((supplier_order, line.line_no))
            settled.append(_settled(order, line, word, cancelled=supplier_order in cancelled))
    return settled


def cancelled_shares(journal: Journal) -> set[str]:
    """Supplier orders whose supplier was told that they are taken back."""
    return {
        document.supplier_order_id
        for document in journal.fetched
        if document.document == "cancellation"
    }


def answered_twice(journal: Journal) -> int:
    """How many words came for a line that had been answered before; a service must refuse them."""
    taken = [answer for answer in journal.answered if not answer.refusal]
    return sum(len(answer.words) for answer in taken) - len(_words(journal))


def _words(journal: Journal) -> dict[tuple[str, int], Word]:
    words: dict[tuple[str, int], Word] = {}
    for answer in journal.answered:
        if not answer.refusal:
            for word in answer.words:
                words.setdefault((answer.supplier_order_id, word.line_no), word)
    return words


def _settled(order: Ordered, line: SentLine, word: Word | None, *, cancelled: bool) -> SettledLine:
    ordered = net(line.quantity, line.price)
    if cancelled:
        amounts = LineAmounts(ordered=ordered, cancelled=ordered)
    elif word is None:
        amounts = LineAmounts(ordered=ordered)
    elif word.decision == "refused":
        amounts = LineAmounts(ordered=ordered, refused=ordered)
    else:
        quantity = line.quantity if word.quantity is None else word.quantity
        accepted = net(quantity, line.price)
        amounts = LineAmounts(ordered=ordered, accepted=accepted, reduced=ordered - accepted)
    return SettledLine(
        order_id=order.order_id,
        line_no=line.line_no,
        member_id=order.member_id,
        month=order.month,
        cpv=line.cpv,
        amounts=amounts,
        settled=cancelled or word is not None,
    )
