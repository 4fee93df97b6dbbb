"""The replay's own log of what it sent and what it was told: the oracle of the reconciliation.

In: entries as they happen. Out: the same entries in memory and, one JSON line each, in a file.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from acceptance.ledger.lines import DocumentLine, Word


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line as sent; EUR net. line_value: what the data say, price: their rounded pack price."""

    line_no: int
    line_id: int
    vendor: str
    article_number: str
    cpv: str
    quantity: Decimal
    price: Decimal
    line_value: Decimal


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order as sent, and the receipt: id, net EUR total, the supplier orders it became."""

    order_id: str
    member: str
    member_id: str
    month: str
    requester: str
    lines: tuple[SentLine, ...]
    net_total: Decimal
    supplier_order_ids: tuple[str, ...]
    kind: str = "spot"
    agreement_id: str = ""

    @property
    def vendors(self) -> tuple[str, ...]:
        """The suppliers this order fans out to, by name."""
        return tuple(sorted({line.vendor for line in self.lines}))


@dataclass(frozen=True, slots=True)
class Submitted:
    """An order that was taken, whatever comes of it, and the decision its answer shows.

    net: its lines, EUR. outcome: the route, `call_off`, or empty where nobody looked.
    """

    order_id: str
    member: str
    kind: str
    net: Decimal
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """A purchase orders did not take as it was sent, with the stable code of every reason."""

    member: str
    month: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a desk did with an order: approved, refused, sent_back, offers, released, handed_over,
    awarded.
    """

    order_id: str
    what: str


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """Lines of a purchase that never became an order."""

    member: str
    month: str
    lines: tuple[SentLine, ...]
    why: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A cancellation asked for; status: the order's afterwards, or the code of the refusal."""

    order_id: str
    reason: str
    status: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document a supplier fetched; `document` is order or cancellation."""

    delivery_id: str
    document: str
    supplier_order_id: str
    order_id: str
    vendor: str
    placed: date
    lines: tuple[DocumentLine, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A supplier's answer to some lines; refusal: the code it was turned down with, or empty."""

    supplier_order_id: str
    words: tuple[Word, ...]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Despatched:
    """Goods sent off; refusal as for answers."""

    supplier_order_id: str
    lines: int
    refusal: str = ""


Entry = (
    Ordered
    | Submitted
    | TurnedDown
    | Step
    | NotPlaced
    | TakenBack
    | Fetched
    | Answered
    | Despatched
)


class Journal:
    """Entries by kind, in the order they were noted. Use as a context manager."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("wb")
        self.ordered: list[Ordered] = []
        self.submitted: list[Submitted] = []
        self.turned_down: list[TurnedDown] = []
        self.steps: list[Step] = []
        self.not_placed: list[NotPlaced] = []
        self.taken_back: list[TakenBack] = []
        self.fetched: list[Fetched] = []
        self.answered: list[Answered] = []
        self.despatched: list[Despatched] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def note(self, entry: Entry) -> None:  # noqa: C901 - a case per kind
        """Keep an entry."""
        match entry:
            case Ordered():
                self.ordered.append(entry)
            case Submitted():
                self.submitted.append(entry)
            case TurnedDown():
                self.turned_down.append(entry)
            case Step():
                self.steps.append(entry)
            case NotPlaced():
                self.not_placed.append(entry)
            case TakenBack():
                self.taken_back.append(entry)
            case Fetched():
                self.fetched.append(entry)
            case Answered():
                self.answered.append(entry)
            case Despatched():
                self.despatched.append(entry)
        line = {"kind": type(entry).__name__, "entry": entry}
        self._file.write(orjson.dumps(line, default=str) + b"\n")
