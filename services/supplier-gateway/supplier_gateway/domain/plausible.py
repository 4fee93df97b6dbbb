"""What a supplier may say of an order at the door: days that can be, quantities that exist.

Facts taken back after a restore do not pass here: what was taken once stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from marktbund.errors import Invalid
from marktbund.german import day_words
from marktbund.units import is_countable
from supplier_gateway.domain.lines import Line, LineResponse
from supplier_gateway.domain.orders import AddressedOrder


def refuse_answers(order: AddressedOrder, answers: Sequence[LineResponse], placed_on: date) -> None:
    """Refuse promised days before the order, and parts of what is counted.

    Raises Invalid (`promised_before_order`, `quantity_not_whole`).
    """
    _refuse_parts(order, [(answer.line_no, answer.quantity) for answer in answers])
    for position, answer in enumerate(answers):
        if answer.promised_date is not None and answer.promised_date < placed_on:
            raise Invalid(
                "promised_before_order",
                f"Position {answer.line_no}: Termin vor der Bestellung",
                f"Bestellt am {day_words(placed_on)}, zugesagt {day_words(answer.promised_date)}.",
                field=f"lines[{position}].promised_date",
                way_out="Nennen Sie den Tag, an dem Sie liefern werden.",
            )


def refuse_despatch(
    order: AddressedOrder,
    quantities: Sequence[tuple[int, Decimal]],
    despatched_on: date,
    placed_on: date,
    today: date,
) -> None:
    """Refuse a despatch before the order or after today, and parts of what is counted.

    Raises Invalid (`despatched_before_order`, `despatched_in_future`, `quantity_not_whole`).
    """
    if despatched_on < placed_on:
        raise Invalid(
            "despatched_before_order",
            "Der Versandtag liegt vor der Bestellung",
            f"Bestellt am {day_words(placed_on)}, versandt {day_words(despatched_on)}.",
            field="despatched_on",
            way_out="Nennen Sie den Tag, an dem Sie die Ware versandt haben.",
        )
    if despatched_on > today:
        raise Invalid(
            "despatched_in_future",
            "Der Versandtag liegt in der Zukunft",
            f"Heute ist der {day_words(today)}.",
            field="despatched_on",
            way_out="Melden Sie den Versand, sobald die Ware unterwegs ist; einen Termin nennt die "
            "Antwort auf die Bestellung.",
        )
    _refuse_parts(order, quantities)


def _refuse_parts(order: AddressedOrder, quantities: Iterable[tuple[int, Decimal | None]]) -> None:
    known: Mapping[int, Line] = {line.line_no: line for line in order.lines}
    for position, (line_no, quantity) in enumerate(quantities):
        line = known.get(line_no)
        if line is None or quantity is None or not quantity % 1:
            continue
        # What was ordered in parts before orders refused them is delivered in parts.
        if is_countable(line.order_unit) and not line.quantity % 1:
            raise Invalid(
                "quantity_not_whole",
                f"Position {line_no}: nur ganze Mengen",
                "Die Bestelleinheit dieser Position wird gezählt.",
                field=f"lines[{position}].quantity",
                way_out="Nennen Sie eine ganze Zahl.",
            )
