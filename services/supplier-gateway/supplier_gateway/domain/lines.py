"""One line of a supplier order: answered once, never for more than was ordered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from marktbund.contracts.supplier_gateway import LineDecision, LineState
from marktbund.errors import Conflict, Invalid
from marktbund.german import decimal_words, price_words

NEXT_LINE: Mapping[LineState, frozenset[LineDecision]] = {
    "open": frozenset({"accepted", "changed", "refused"}),
    "accepted": frozenset(),
    "changed": frozenset(),
    "refused": frozenset(),
}
"""Line state -> decisions the supplier may still take."""

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineResponse:
    """What a supplier says about a line; what it leaves out stays as ordered.

    unit_price_net: net EUR per order unit.
    """

    line_no: int
    decision: LineDecision
    quantity: Decimal | None = None
    unit_price_net: Decimal | None = None
    promised_date: date | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a supplier will deliver of a line; unit_price_net in net EUR per order unit."""

    response_id: UUID
    quantity: Decimal
    unit_price_net: Decimal
    promised_date: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line as ordered, and as agreed once answered; prices net EUR per order unit.

    order_unit: a code of UN/ECE Recommendation 20.
    """

    line_no: int
    quantity: Decimal
    unit_price_net: Decimal
    state: LineState = "open"
    agreed: Agreed | None = None
    despatched: Decimal = NOTHING
    order_unit: str = ""

    def answer(self, answer: LineResponse, response_id: UUID, path: str) -> Self:
        """Take the supplier's word; `path` is the JSON path of the answer in the request.

        Raises Conflict (`line_already_answered`) and Invalid (`increase_not_allowed`,
        `accepted_differs`, `nothing_changed`, `quantity_zero`, `refused_with_terms`).
        """
        if answer.decision not in NEXT_LINE[self.state]:
            raise Conflict(
                "line_already_answered",
                f"Position {self.line_no} ist schon beantwortet",
                field=f"{path}.line_no",
                way_out="Änderungen stimmen Sie bitte mit der bestellenden Stelle ab.",
            )
        if answer.decision == "refused":
            agreed = self._refuse(answer, response_id, path)
        else:
            agreed = self._promise(answer, response_id, path)
        return replace(self, state=answer.decision, agreed=agreed)

    def despatch(self, quantity: Decimal, path: str) -> Self:
        """Send off a part. Raises Invalid (`more_than_agreed`), also when nothing is agreed."""
        agreed = self.agreed.quantity if self.agreed else NOTHING
        if self.despatched + quantity > agreed:
            raise Invalid(
                "more_than_agreed",
                f"Position {self.line_no}: mehr als zugesagt",
                f"Zugesagt {decimal_words(agreed)}, schon versandt "
                f"{decimal_words(self.despatched)}, jetzt {decimal_words(quantity)}.",
                field=f"{path}.quantity",
                way_out="Bestätigen Sie die Position zuerst."
                if self.state == "open"
                else f"Höchstens {decimal_words(agreed - self.despatched)} sind noch zu versenden.",
            )
        return replace(self, despatched=self.despatched + quantity)

    def _promise(self, answer: LineResponse, response_id: UUID, path: str) -> Agreed:
        quantity = self.quantity if answer.quantity is None else answer.quantity
        price = self.unit_price_net if answer.unit_price_net is None else answer.unit_price_net
        self._refuse_increase("quantity", quantity, self.quantity, path)
        self._refuse_increase("unit_price_net", price, self.unit_price_net, path)
        lowered = (quantity, price) != (self.quantity, self.unit_price_net)
        if answer.decision == "accepted" and lowered:
            field = "quantity" if quantity != self.quantity else "unit_price_net"
            raise Invalid(
                "accepted_differs",
                "Angenommen heißt: wie bestellt",
                field=f"{path}.{field}",
                way_out="Wählen Sie „Geändert“ (changed), wenn Menge oder Preis abweichen.",
            )
        if answer.decision == "changed" and not lowered and answer.promised_date is None:
            raise Invalid(
                "nothing_changed",
                "Es ist nichts geändert",
                field=f"{path}.decision",
                way_out="Nennen Sie Menge, Preis oder Termin, oder nehmen Sie die Position an.",
            )
        if quantity == NOTHING:
            raise Invalid(
                "quantity_zero",
                "Die Menge ist null",
                field=f"{path}.quantity",
                way_out="Lehnen Sie die Position ab, wenn Sie nichts liefern.",
            )
        return Agreed(response_id, quantity, price, answer.promised_date)

    def _refuse(self, answer: LineResponse, response_id: UUID, path: str) -> Agreed:
        terms = (
            ("quantity", answer.quantity),
            ("unit_price_net", answer.unit_price_net),
            ("promised_date", answer.promised_date),
        )
        for field, value in terms:
            if value not in (None, NOTHING):
                raise Invalid(
                    "refused_with_terms",
                    "Eine Absage nennt weder Menge noch Preis noch Termin",
                    field=f"{path}.{field}",
                    way_out="Lassen Sie die Angabe weg, oder wählen Sie „Geändert“ (changed).",
                )
        return Agreed(response_id, NOTHING, NOTHING)

    def _refuse_increase(self, field: str, wanted: Decimal, ordered: Decimal, path: str) -> None:
        if wanted > ordered:
            what, words = (
                ("Menge", decimal_words) if field == "quantity" else ("Preis", price_words)
            )
            raise Invalid(
                "increase_not_allowed",
                f"Position {self.line_no}: {what} höher als bestellt",
                f"Bestellt {words(ordered)}, geantwortet {words(wanted)}.",
                field=f"{path}.{field}",
                way_out="Nehmen Sie höchstens wie bestellt an oder lehnen Sie die Position ab; "
                "für mehr oder teurer braucht es eine neue Bestellung.",
            )
